import Compute
import Glibc
import SpikeTrains

/// The spikes of one neuron, step by step, and what it was given meanwhile.
public struct SpikeTrain: Sendable, Hashable {
    /// Whether there is a spike, of each step.
    public let spikes: [Bool]
    /// Numbers given at each step, `[input][step]`; of a train alone none.
    public let inputs: [[Float]]

    /// - Throws: ``SpikeFitError/train(_:)`` where inputs have another number of steps than there are, and for fewer than two spikes.
    public init(spikes: [Bool], inputs: [[Float]] = []) throws(SpikeFitError) {
        guard inputs.allSatisfy({ $0.count == spikes.count }) else {
            throw .train(
                "found inputs of \(inputs.map(\.count)) steps beside a train of \(spikes.count), expected as many"
            )
        }
        let count = spikes.count { $0 }
        guard count > 1 else { throw .train("found \(count) spikes, expected at least 2") }
        (self.spikes, self.inputs) = (spikes, inputs)
    }

    /// Spikes one after another with these intervals, the first one step before the train begins.
    ///
    /// - Throws: ``SpikeFitError/train(_:)`` for fewer than two.
    public init(intervals: [Int]) throws(SpikeFitError) {
        try self.init(spikes: intervals.flatMap { [Bool](repeating: false, count: $0 - 1) + [true] })
    }

    public var stepCount: Int { spikes.count }
    public var spikeCount: Int { spikes.count { $0 } }

    /// Steps from each spike to the next.
    public var intervals: [Int] {
        let places = spikes.indices.filter { spikes[$0] }
        return zip(places.dropFirst(), places).map { $0 - $1 }
    }

    /// Some steps of it.
    ///
    /// - Throws: ``SpikeFitError/train(_:)`` for fewer than two spikes there.
    public func part(_ steps: Range<Int>) throws(SpikeFitError) -> SpikeTrain {
        try SpikeTrain(
            spikes: Array(spikes[steps]), inputs: inputs.map { Array($0[steps]) })
    }

    /// The same with each input at several delays, `[input][delay]`: what is before the first step is as at the first.
    public func delayed(by lags: [Int]) throws(SpikeFitError) -> SpikeTrain {
        try SpikeTrain(
            spikes: spikes,
            inputs: inputs.flatMap { input in
                lags.map { lag in input.indices.map { input[max($0 - lag, 0)] } }
            })
    }
}

/// Trains of known laws of independent intervals, for trying things out: none of them was recorded.
public enum KnownTrain: String, CaseIterable, Sendable {
    /// A spike at each step with a probability of 0.1, but for three steps after a spike.
    case poisson
    /// Intervals of a gamma law of shape 4 and mean 12, by steps.
    case gamma
    /// Two of three intervals short (2 steps and a geometric number of mean 0.5), the third long (20 steps and one of mean 20).
    case bursts
    /// A hazard that goes up and down, 0.06 (1 + 0.9 cos(2π n/9)), for ever.
    case oscillation
    /// ``RenewalInstrument/clock``
    case clock

    public var law: IntervalLaw {
        get throws(SpikeFitError) {
            switch self {
            case .poisson: try .init(Self.weights { $0 <= 3 ? 0 : 0.1 })
            case .gamma: try .init((1...400).map { pow(Double($0), 3) * exp(-Double($0) / 3) })
            case .bursts:
                try .init(
                    (1...1000).map { interval in
                        let short = interval < 2 ? 0 : pow(1.0 / 3, Double(interval - 2)) * 2 / 3
                        let long = interval < 20 ? 0 : pow(20.0 / 21, Double(interval - 20)) / 21
                        return 2.0 / 3 * short + long / 3
                    })
            case .oscillation: try .init(Self.weights { 0.06 * (1 + 0.9 * cos(2 * .pi * Double($0) / 9)) })
            case .clock: try .init(RenewalInstrument.clock.probabilities(longest: 200))
            }
        }
    }

    /// Probabilities from the hazard of each step.
    private static func weights(_ hazard: (Int) -> Double) -> [Double] {
        var survival = 1.0
        return (1...1000).map { step in
            defer { survival *= 1 - hazard(step) }
            return survival * hazard(step)
        }
    }
}
