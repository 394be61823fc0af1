import LinearAlgebra
import Neurons
import QuantumCircuits

/// How much a spike tells about the steps before it, exactly and at any lag.
///
/// The neuron is driven by random bits x_t, one for each channel and step, independent and fair; each bit is one of two
/// currents. After a warm-up, for each lag k,
///
/// - **inputs**: I(x_{t−k}; s_t | x_t), what a spike tells about the input k steps before, its own input being known;
/// - **own spikes**: I(s_{t−k}; s_t | x_{t−k}, x_t), what it tells about the spike k steps before beyond what that spike's
///   input explains.
///
/// The sum of the two is I(x_{t−k}, s_{t−k}; s_t | x_t), all that a spike tells about that step. The present input has to be
/// known, for a fair bit that decides whether a spike is turned over would hide everything else. No history is enumerated
/// or sampled: between the two steps nobody looks, so the state in between goes through the mean map E over inputs and
/// spikes, and p(x, s, x', s') = p(x) p(x') tr(W_{s'}(x') E^{k−1} W_s(x) r).
public struct FunctionalMemory: Hashable, Sendable {
    /// I(x_{t−k}; s_t | x_t) in bits, k = 0 ... K; at k = 0 simply I(x_t; s_t).
    public let inputs: [Double]
    /// I(s_{t−k}; s_t | x_{t−k}, x_t) in bits, k = 1 ... K.
    public let ownSpikes: [Double]
    /// |λ₂|, the modulus of the slowest mode of E beside the state that it leaves alone: whatever a memory is
    /// disturbed by fades as |λ₂|^k, the information about it as |λ₂|^2k. 1 is a memory that never forgets all of what
    /// it was given; 0 one that forgets within M_q steps or less. That there is a slow mode does not say that
    /// inputs reach it, or that spikes show it.
    public let slowestMode: Double

    /// - Parameters:
    ///   - instrument: the neuron.
    ///   - levels: the currents of a bit 0 and a bit 1.
    ///   - lagCount: K, at least 1.
    ///   - warmUp: steps from the ground state to the first of the two steps.
    /// - Complexity: 8^N × K products of a map with a state.
    public init(
        _ instrument: SpikingInstrument, levels: (zero: Double, one: Double), lagCount: Int, warmUp: Int
    ) {
        let patterns = 0..<instrument.patternCount
        let embeddings = patterns.map { input in
            instrument.embedding(
                of: (0..<instrument.channelCount).map { channel in
                    input >> (instrument.channelCount - 1 - channel) & 1 == 1 ? levels.one : levels.zero
                })
        }
        let share = 1 / Double(embeddings.count)
        let mean = instrument.maps(
            embedding: embeddings.reduce([Double](repeating: 0, count: embeddings[0].count)) { sum, vector in
                zip(sum, vector).map { $0 + share * $1 }
            })
        let forgetting = instrument.unconditioned(mean)
        let start = (0..<warmUp).reduce(instrument.ground) { state, _ in forgetting * state }
        // [x][s], each a state with the weight p(x) p(s | x).
        let maps = embeddings.map { instrument.maps(embedding: $0) }
        var states = maps.map { instrument.branches(of: start.map { share * $0 }, $0) }
        var inputs = [MutualInformation.ofJoint(states.map { $0.map { $0[0] } })]
        var ownSpikes: [Double] = []
        for lag in 1...lagCount {
            if lag > 1 { states = states.map { $0.map { forgetting * $0 } } }
            // [x'][x][s][s'], for each present input by itself.
            let joints = maps.map { present in
                states.map { bySpike in
                    bySpike.map { state in instrument.branches(of: state, present).map { $0[0] } }
                }
            }
            ownSpikes.append(MutualInformation.conditional(joints.flatMap(\.self)))
            inputs.append(
                MutualInformation.conditional(
                    joints.map { byInput in
                        byInput.map { bySpike in
                            patterns.map { last in bySpike.reduce(0) { $0 + $1[last] } }
                        }
                    }))
        }
        self.inputs = inputs
        self.ownSpikes = ownSpikes
        slowestMode = Self.slowestMode(of: forgetting)
    }

    /// The spectral radius without the first row and column: the first row of a map that keeps probabilities is
    /// (1, 0, …, 0), so its other eigenvalues are those of the rest.
    private static func slowestMode(of map: RealMatrix) -> Double {
        var rest = RealMatrix(rowCount: map.rowCount - 1, columnCount: map.columnCount - 1)
        for row in 0..<rest.rowCount {
            for column in 0..<rest.columnCount { rest[row, column] = map[row + 1, column + 1] }
        }
        return rest.spectralRadius
    }
}
