import Compute

/// Events of one polarity alone, of both as if there were no difference, or each as the other.
public struct PolaritySelection: EventTransform {
    public static let name = "polarity"
    public static let form = Choice.allCases.map(\.rawValue).joined(separator: "|")

    enum Choice: String, CaseIterable {
        case on, off
        /// All events become ON events.
        case merged
        /// ON becomes OFF, OFF becomes ON.
        case swapped
    }

    let choice: Choice

    public init?(_ value: Substring) {
        guard let choice = Choice(rawValue: String(value)) else { return nil }
        self.choice = choice
    }

    public var value: String { choice.rawValue }
    public var leavesOnePolarity: Bool { choice != .swapped }

    public func filter(_ sensor: EventSensor, random: RandomWalk) -> any EventFilter {
        Filter(choice: choice)
    }

    private struct Filter: EventFilter {
        let choice: Choice

        func passes(_ event: inout Event) -> Bool {
            switch choice {
            case .on: return event.isOn
            case .off: return !event.isOn
            case .merged: event.isOn = true
            case .swapped: event.isOn.toggle()
            }
            return true
        }
    }
}
