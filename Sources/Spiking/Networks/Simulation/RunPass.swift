import Compute
import SpikeTrains

/// A pass over some rows of a projection that is kept as runs of synapses.
struct RunPass: Sendable {
    let runs: SynapseRuns
    /// Spikes of one channel as they arrive.
    let spikes: SpikeRaster
    let postsynaptic: SharedPointer<Float>
    let presynaptic: SharedPointer<Float>?
    let postsynapticTileStride: Int
    let presynapticTileStride: Int
    let rowStride: Int
    let weights: SharedPointer<Float>

    /// Calls a kernel on some rows.
    func run(
        _ rows: Range<Int>, weightsOffset: Int = 0, _ kernel: (SynapseRunTask) -> Void
    ) {
        runs.starts.withUnsafeBufferPointer { starts in
            runs.runs.withUnsafeBufferPointer { runList in
                // A random connectivity can come out without synapses.
                guard let starts = starts.baseAddress, let list = runList.baseAddress else { return }
                kernel(
                    SynapseRunTask(
                        starts: starts, runs: list, inputCount: runs.inputCount,
                        spikes: spikes.words.base + rows.lowerBound * spikes.wordsPerRow,
                        wordsPerRow: spikes.wordsPerRow, rowCount: rows.count,
                        postsynaptic: postsynaptic.base + rows.lowerBound * rowStride,
                        presynaptic: presynaptic.map { $0.base + rows.lowerBound * rowStride },
                        postsynapticTileStride: postsynapticTileStride,
                        presynapticTileStride: presynapticTileStride, rowStride: rowStride,
                        weights: weights.base + weightsOffset))
            }
        }
    }
}
