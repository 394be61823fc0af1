import Neurons
import QuantumCircuits

/// All spike histories of a run at given currents, each with its exact state, and if wanted the derivatives of that
/// state with respect to each angle.
///
/// A history of t steps is a number of t digits in base 2^N, the first step the most significant.
struct SpikeHistories {
    let instrument: SpikingInstrument
    /// The states after each number of steps, from 0 to T, `[steps][history]`; their first number is p(history).
    let states: [[[Double]]]
    /// The derivatives after the last step, `[angle][history]`.
    let slopes: [[[Double]]]

    /// - Parameters:
    ///   - currents: `[step][channel]`.
    ///   - derivatives: the derivative of the instrument with respect to each angle; none if empty.
    init(
        _ instrument: SpikingInstrument, currents: [[Double]], derivatives: [SpikingInstrument] = []
    ) {
        var states = [[instrument.ground]]
        let nothing = [Double](repeating: 0, count: instrument.stateDimension)
        var slopes = derivatives.map { _ in [nothing] }
        for current in currents {
            let embedding = instrument.embedding(of: current)
            let maps = instrument.maps(embedding: embedding)
            let before = states[states.count - 1]
            for (angle, derivative) in derivatives.enumerated() {
                let changes = derivative.maps(embedding: embedding)
                slopes[angle] = zip(before, slopes[angle]).flatMap { state, slope in
                    zip(instrument.branches(of: state, changes), instrument.branches(of: slope, maps))
                        .map { zip($0, $1).map { $0 + $1 } }
                }
            }
            states.append(before.flatMap { instrument.branches(of: $0, maps) })
        }
        self.instrument = instrument
        self.states = states
        self.slopes = slopes
    }

    /// p(history) of all histories of so many steps.
    func probabilities(steps: Int) -> [Double] { states[steps].map { $0[0] } }

    /// p(s_T^n = 1 and history of T − 1 steps).
    func firing(of channel: Int, after history: Int) -> Double {
        let last = states[states.count - 1]
        return (0..<instrument.patternCount).reduce(0) { sum, pattern in
            Instrument.bit(of: channel, in: pattern, channels: instrument.channelCount)
                ? sum + last[history * instrument.patternCount + pattern][0] : sum
        }
    }

    /// The state after so many steps if nobody looks at the spikes.
    func unconditionedState(steps: Int) -> [Double] {
        states[steps].reduce([Double](repeating: 0, count: instrument.stateDimension)) { sum, state in
            zip(sum, state).map { $0 + $1 }
        }
    }
}
