import Foundation

/// How much a spike tells about the steps before it, exactly and at any lag.
///
/// The neuron is driven by random bits x_t, one for each channel and step, independent and fair; each bit is one of two
/// currents. After a warm-up, for each lag k,
///
/// - **inputs**: I(x_{t−k}; s_t), what a spike tells about the input k steps before;
/// - **own spikes**: I(s_{t−k}; s_t | x_{t−k}), what it tells about the spike k steps before beyond what that spike's
///   input explains.
///
/// The sum of the two is I(x_{t−k}, s_{t−k}; s_t), all that a spike tells about that step. No history is enumerated or
/// sampled: between the two steps nobody looks, so the state in between goes through the mean map E over inputs and
/// spikes, and p(x, s, s') = p(x) tr(E_{s'} E^{k−1} W_s(x) r).
public struct FunctionalMemory: Hashable, Sendable {
    /// I(x_{t−k}; s_t) in bits, k = 0 ... K.
    public let inputs: [Double]
    /// I(s_{t−k}; s_t | x_{t−k}) in bits, k = 1 ... K.
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
    /// - Complexity: 4^N × K products of a map with a state.
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
        var states = embeddings.map { embedding in
            instrument.branches(of: start.map { share * $0 }, instrument.maps(embedding: embedding))
        }
        var inputs = [MutualInformation.ofJoint(states.map { $0.map { $0[0] } })]
        var ownSpikes: [Double] = []
        for lag in 1...lagCount {
            if lag > 1 { states = states.map { $0.map { forgetting * $0 } } }
            let joints = states.map { bySpike in
                bySpike.map { state in instrument.branches(of: state, mean).map { $0[0] } }
            }
            ownSpikes.append(MutualInformation.conditional(joints))
            inputs.append(
                MutualInformation.ofJoint(
                    joints.map { bySpike in patterns.map { last in bySpike.reduce(0) { $0 + $1[last] } } }))
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
