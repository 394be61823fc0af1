import Compute
import SpikeTrains

/// A pass over some rows of a projection that is kept as runs of synapses: currents, gradients of weights, or errors of spikes.
struct RunPass: Sendable {
    let runs: SynapseRuns
    /// Spikes of one channel as they arrive.
    let spikes: SpikeRaster
    /// Currents of the target or their errors, from the first row on.
    let postsynaptic: MutableBufferView<Float>
    let postsynapticTileStride: Int
    /// Errors of the source's spikes, likewise, where they are wanted.
    var presynaptic: MutableBufferView<Float>?
    var presynapticTileStride = 0
    /// Elements from one row to the next.
    let rowStride: Int
    var weights: BufferView<Float>?

    /// Calls a kernel on some rows.
    ///
    /// - Parameter gradient: of the weights, where it is wanted.
    func run(
        _ rows: Range<Int>, gradient: MutableBufferView<Float>? = nil, _ kernel: (SynapseRunTask) -> Void
    ) {
        let first = rows.lowerBound * rowStride
        runs.starts.withUnsafeBufferPointer { starts in
            runs.runs.withUnsafeBufferPointer { runList in
                // A random connectivity can come out without synapses.
                guard let starts = starts.baseAddress, let list = runList.baseAddress else { return }
                kernel(
                    SynapseRunTask(
                        starts: starts, runs: list, inputCount: runs.inputCount,
                        spikes: spikes.words.view[(rows.lowerBound * spikes.wordsPerRow)...].pointer,
                        wordsPerRow: spikes.wordsPerRow, rowCount: rows.count,
                        postsynaptic: postsynaptic[first...].pointer,
                        presynaptic: presynaptic?[first...].pointer,
                        postsynapticTileStride: postsynapticTileStride,
                        presynapticTileStride: presynapticTileStride, rowStride: rowStride,
                        weights: weights?.pointer, gradient: gradient?.pointer))
            }
        }
    }
}
