import Compute

/// A change to recordings, event by event: what a filter of a camera, a program or a pipeline does before anything is learned.
///
/// A transform is a value that only says what is done, has a text by which commands and files name it (`crop=26x26+4+4`), and makes
/// a filter for each recording. Events go through the filter in their order, so recordings of any length go through, files and live
/// ones alike.
public protocol EventTransform: Sendable, Hashable, CustomStringConvertible {
    /// The word before the equals sign.
    static var name: String { get }
    /// What stands after it, for messages, as `WxH+X+Y`.
    static var form: String { get }

    /// - Parameter value: what stands after the equals sign; nil if it cannot be.
    init?(_ value: Substring)
    /// What stands after the equals sign.
    var value: String { get }

    /// Whether events of one polarity are all that comes out.
    var leavesOnePolarity: Bool { get }
    /// Whether what it does is decided by chance.
    var isRandom: Bool { get }

    /// Whether it keeps something of each pixel, which ``EventSensor/largestTable`` of them can have.
    var remembersPixels: Bool { get }

    /// The sensor of the events that come out; nil where those of this one cannot go in.
    func sensor(after sensor: EventSensor) -> EventSensor?

    /// The filter of one recording.
    ///
    /// - Parameters:
    ///   - sensor: of the events that go in.
    ///   - random: of the recording; transforms of no chance make no use of it.
    func filter(_ sensor: EventSensor, random: RandomWalk) -> any EventFilter
}

extension EventTransform {
    public func sensor(after sensor: EventSensor) -> EventSensor? { sensor }
    public var leavesOnePolarity: Bool { false }
    public var isRandom: Bool { false }
    public var remembersPixels: Bool { false }
    public var description: String { "\(Self.name)=\(value)" }
}

/// A transform at work on one recording, with what it remembers of it.
public protocol EventFilter {
    /// Changes an event; events come in the order of the recording.
    ///
    /// - Returns: whether it stays.
    mutating func passes(_ event: inout Event) -> Bool

    /// Takes the next events through, and the others away: the same as one after the other, without a call for each.
    mutating func apply(to events: inout [Event])
}

extension EventFilter {
    public mutating func apply(to events: inout [Event]) {
        var kept = 0
        for index in events.indices {
            var event = events[index]
            guard passes(&event) else { continue }
            events[kept] = event
            kept += 1
        }
        events.removeLast(events.count - kept)
    }
}
