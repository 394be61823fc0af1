import Compute

/// The whole recording moves by up to so many pixels, another way each time; what leaves the sensor is gone.
public struct RandomShift: EventTransform {
    public static let name = "random-shift"
    public static let form = "PIXELS at most, 1 to 1024"

    let limit: Int

    public init?(_ value: Substring) {
        guard let limit = pixelCount(value), (1...1024).contains(limit) else { return nil }
        self.limit = limit
    }

    public var value: String { "\(limit)" }
    public var isRandom: Bool { true }

    public func filter(_ sensor: EventSensor, random: RandomWalk) -> any EventFilter {
        var random = random
        let range = -limit...limit
        let shift = SIMD2(Int.random(in: range, using: &random), Int.random(in: range, using: &random))
        return Filter(shift: shift, sensor: sensor)
    }

    private struct Filter: EventFilter {
        let shift: SIMD2<Int>
        let sensor: EventSensor

        func passes(_ event: inout Event) -> Bool { event.move(by: shift, within: sensor) }
    }
}

/// The whole recording is flipped left to right, or not.
public struct RandomFlip: EventTransform {
    public static let name = "random-flip"
    public static let form = "P, the probability, 0 to 1"

    let probability: Double

    public init?(_ value: Substring) {
        guard let probability = EventRecordings.probability(value) else { return nil }
        self.probability = probability
    }

    public var value: String { "\(probability)" }
    public var isRandom: Bool { true }

    public func filter(_ sensor: EventSensor, random: RandomWalk) -> any EventFilter {
        var random = random
        return Filter(
            flip: Double.random(in: 0..<1, using: &random) < probability
                ? .init(axis: .x, sensor: sensor) : nil)
    }

    private struct Filter: EventFilter {
        let flip: Flip.Filter?

        func passes(_ event: inout Event) -> Bool { flip?.passes(&event) ?? true }
    }
}

/// Each event is lost with a probability.
public struct RandomLoss: EventTransform {
    public static let name = "random-loss"
    public static let form = "P, the probability, 0 to 1"

    let probability: Double

    public init?(_ value: Substring) {
        guard let probability = EventRecordings.probability(value) else { return nil }
        self.probability = probability
    }

    public var value: String { "\(probability)" }
    public var isRandom: Bool { true }

    public func filter(_ sensor: EventSensor, random: RandomWalk) -> any EventFilter {
        Filter(probability: probability, random: random)
    }

    private struct Filter: EventFilter {
        let probability: Double
        var random: RandomWalk

        mutating func passes(_ event: inout Event) -> Bool {
            Double.random(in: 0..<1, using: &random) >= probability
        }
    }
}
