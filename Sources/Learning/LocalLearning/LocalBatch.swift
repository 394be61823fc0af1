import Compute
import SpikeTrains
import Networks
import Neurons

/// The global passes of a batch, as its neurons see them: every pass of every sample is a run of T steps.
struct LocalBatch: Sendable {
    /// Samples S and passes M of each: run `s · M + m` is pass m of sample s.
    let sampleCount: Int
    let passCount: Int
    let stepCount: Int
    /// Identity of each run in the random streams.
    let identities: [UInt32]
    let seed: UInt64
    let epoch: Int

    var runCount: Int { sampleCount * passCount }
    var rowCount: Int { runCount * stepCount }
}

/// What one population saw and did in the global passes.
struct LocalActivity: Sendable {
    let node: Int
    let neuronCount: Int
    let channelCount: Int
    /// `[tile][channel][row][64]`
    let currents: BufferView<Float>
    let spikes: SpikeRaster
    let projections: [PerturbedProjection]

    func current(_ neuron: Int, channel: Int, row: Int) -> Float {
        let tile = neuron / tileWidth * channelCount + channel
        return currents[(tile * spikes.rowCount + row) * tileWidth + neuron % tileWidth]
    }

    func hasFired(_ neuron: Int, channel: Int, row: Int) -> Bool {
        let word = spikes.words.view[row * spikes.wordsPerRow + neuron / tileWidth * channelCount + channel]
        return word >> UInt64(neuron % tileWidth) & 1 == 1
    }
}

/// What a population's probes came to.
struct ProbeResult: Sendable {
    /// Logarithm of the estimate of p(s_t | s^{t−1}) of each neuron's own spikes, `[neuron][row]`; 0 where no shot has told.
    let ownLogLikelihoods: WorkingBuffer<Float>
    /// Σ_t c_t · (log p̂₊ − log p̂₋)/(2 ε M_syn), `[neuron][run][pair]`.
    let pairSums: WorkingBuffer<Float>
    /// Σ_t c_t · ∂ log p̂/∂θ, `[neuron][run][parameter]`.
    let angleSums: WorkingBuffer<Float>
    var ledger: ShotLedger
}
