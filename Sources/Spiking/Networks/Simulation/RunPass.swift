import Compute
import Neurons
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
    /// Of each thread, ``scratchSize(inputCount:neuronCount:)`` elements.
    let scratch: WorkingBuffer<Float>

    /// Samples of a share of work where rows are independent: as many as a kernel takes at a time.
    private static let samplesPerShare = 16

    /// Calls `body` with some samples after the other, by all threads.
    static func forEachShare(
        ofSamples count: Int, _ parallelism: Parallelism,
        _ body: @Sendable (_ samples: Range<Int>, _ thread: Int) -> Void
    ) {
        parallelism.forEach(count.dividedRoundingUp(by: samplesPerShare)) { share, thread in
            let first = share * samplesPerShare
            body(first..<min(first + samplesPerShare, count), thread)
        }
    }

    /// Elements of working memory of a thread.
    static func scratchSize(inputCount: Int, neuronCount: Int) -> Int {
        max(16 * neuronCount, 32 * Population.tileCount(inputCount))
    }

    /// Adds the currents of some rows.
    func addCurrents(_ rows: Range<Int>, thread: Int, _ kernels: any KernelSet.Type) {
        // Of few rows, too, short runs are added as they lie.
        run(rows, scratch: runs.areShort && rows.count >= 4 ? scratch(thread) : nil, kernels.addRuns)
    }

    /// Adds the gradient of the weights over some rows.
    func addGradient(
        _ rows: Range<Int>, to gradient: MutableBufferView<Float>, thread: Int, _ kernels: any KernelSet.Type
    ) {
        run(
            rows, gradient: gradient.pointer,
            scratch: runs.areShort || runs.convolution?.hasWholeGroups ?? false ? scratch(thread) : nil,
            kernels.addRunGradients)
    }

    /// Adds the errors of the spikes of some rows.
    func propagateErrors(_ rows: Range<Int>, thread: Int, _ kernels: any KernelSet.Type) {
        run(rows, scratch: scratch(thread), kernels.propagateRunErrors)
    }

    private func scratch(_ thread: Int) -> UnsafeMutablePointer<Float> {
        scratch.part(thread, size: runs.scratchSize).pointer
    }

    private func run(
        _ rows: Range<Int>, gradient: UnsafeMutablePointer<Float>? = nil,
        scratch: UnsafeMutablePointer<Float>? = nil, _ kernel: (SynapseRunTask) -> Void
    ) {
        let first = rows.lowerBound * rowStride
        runs.starts.withUnsafeBufferPointer { starts in
            runs.runs.withUnsafeBufferPointer { runList in
                // A random connectivity can come out without synapses.
                guard let starts = starts.baseAddress, let list = runList.baseAddress else { return }
                kernel(
                    SynapseRunTask(
                        starts: starts, runs: list, inputCount: runs.inputCount,
                        neuronCount: runs.neuronCount, convolution: runs.convolution,
                        spikes: spikes.words.view[(rows.lowerBound * spikes.wordsPerRow)...].pointer,
                        wordsPerRow: spikes.wordsPerRow, rowCount: rows.count,
                        postsynaptic: postsynaptic[first...].pointer,
                        presynaptic: presynaptic?[first...].pointer,
                        postsynapticTileStride: postsynapticTileStride,
                        presynapticTileStride: presynapticTileStride, rowStride: rowStride,
                        weights: weights?.pointer, gradient: gradient,
                        scratch: scratch))
            }
        }
    }
}

extension SynapseRuns {
    /// Elements of working memory of a thread.
    var scratchSize: Int { RunPass.scratchSize(inputCount: inputCount, neuronCount: neuronCount) }
}
