import Compute
import SpikeTrains
import Networks

/// The synapses of one current of one projection onto a population, as perturbations see them.
struct PerturbedProjection: Sendable {
    /// Index of the projection in the network.
    let index: Int
    /// Which of the currents that it makes.
    let current: Int
    /// Spikes as they arrive.
    let spikes: SpikeRaster
    /// `[neuron][word]`: which inputs are connected to each neuron; nil where all are.
    let connected: [UInt64]?

    /// ``connected`` of a projection: found once, as it does not change.
    static func connectedInputs(_ projection: Projection) -> [UInt64]? {
        guard let synapses = projection.runs else { return nil }
        let wordCount = (projection.inputCount + 63) / 64
        var connected = [UInt64](repeating: 0, count: projection.neuronCount * wordCount)
        for input in 0..<projection.inputCount {
            for run in synapses.runs[Int(synapses.starts[input])..<Int(synapses.starts[input + 1])] {
                for neuron in Int(run.target)..<Int(run.target + run.length) {
                    connected[neuron * wordCount + input / 64] |= 1 << UInt64(input % 64)
                }
            }
        }
        return connected
    }

    var wordCount: Int { spikes.wordsPerRow }

    /// Σ_p Δ_p x_{t,p} in one row.
    func current(of signs: BufferView<UInt64>, neuron: Int, row: Int) -> Int {
        let words = spikes.words.view.part(row, size: wordCount)
        var (plus, all) = (0, 0)
        for word in 0..<wordCount {
            let active = connected.map { words[word] & $0[neuron * wordCount + word] } ?? words[word]
            plus += (active & signs[word]).nonzeroBitCount
            all += active.nonzeroBitCount
        }
        return 2 * plus - all
    }
}

/// The random signs Δ ∈ {−1, 1} of perturbations, one bit a synapse: 1 for +.
///
/// Each neuron has its own for every run and pair. They are drawn again where they are needed, and never kept.
struct PerturbationSigns: Sendable {
    let seed: UInt64
    let epoch: Int
    let pairCount: Int
    let neuronCount: Int

    /// - Parameters:
    ///   - sample, step: identity of the run in the random streams, and its first step.
    ///   - signs: as many words as a row of spikes has.
    func draw(
        _ projection: PerturbedProjection, neuron: Int, pair: Int, sample: UInt32, step: Int,
        to signs: MutableBufferView<UInt64>
    ) {
        let stream = RandomStream(
            seed: seed, purpose: .perturbation, population: projection.index, epoch: epoch)
        let blocksPerPair = (projection.wordCount + 1) / 2
        let number = (projection.current * neuronCount + neuron) * pairCount + pair
        for block in 0..<blocksPerPair {
            let words = stream.words(
                sample: Int(sample), step: step, element: number * blocksPerPair + block)
            signs[2 * block] = UInt64(words[0]) << 32 | UInt64(words[1])
            if 2 * block + 1 < projection.wordCount {
                signs[2 * block + 1] = UInt64(words[2]) << 32 | UInt64(words[3])
            }
        }
    }
}
