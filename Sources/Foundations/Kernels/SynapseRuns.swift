import KernelTasks

extension SynapseRunTask {
    /// Calls `body` with the row and the number of every input that spiked.
    @inline(__always)
    fileprivate func forEachSpike(_ body: (_ row: Int, _ input: Int) -> Void) {
        for row in 0..<rowCount {
            for word in 0..<wordsPerRow {
                var bits = spikes[row &* wordsPerRow &+ word]
                while bits != 0 {
                    body(row, word &* 64 &+ bits.trailingZeroBitCount)
                    bits &= bits &- 1
                }
            }
        }
    }

    /// Calls `body` with the postsynaptic elements, the first weight and the length of each run of an input.
    @inline(__always)
    fileprivate func forEachRun(
        of input: Int, row: Int,
        _ body: (_ neurons: UnsafeMutablePointer<Float>, _ weight: Int, _ length: Int) -> Void
    ) {
        var index = Int(starts[input])
        let end = Int(starts[input &+ 1])
        while index < end {
            let run = runs[index]
            let (tile, lane) = (Int(run.target) &>> 6, Int(run.target) & 63)
            body(
                postsynaptic + tile &* postsynapticTileStride + row &* rowStride + lane,
                Int(run.parameter), Int(run.length))
            index &+= 1
        }
    }
}

extension CompiledKernels {
    /// currents += weights of the synapses of every spike (1).
    public static func addRuns(_ task: SynapseRunTask) {
        guard let weights = task.weights else { return }
        task.forEachSpike { row, input in
            task.forEachRun(of: input, row: row) { currents, first, length in
                for index in 0..<length { currents[index] += weights[first &+ index] }
            }
        }
    }

    /// ∂L/∂w += ∂L/∂z of the synapses of every spike.
    public static func addRunGradients(_ task: SynapseRunTask) {
        guard let gradient = task.gradient else { return }
        task.forEachSpike { row, input in
            task.forEachRun(of: input, row: row) { errors, first, length in
                for index in 0..<length { gradient[first &+ index] += errors[index] }
            }
        }
    }

    /// ∂L/∂s += Σ w ∂L/∂z over the synapses of every input.
    public static func propagateRunErrors(_ task: SynapseRunTask) {
        guard let presynaptic = task.presynaptic, let weights = task.weights else { return }
        for row in 0..<task.rowCount {
            for input in 0..<task.inputCount {
                var sum: Float = 0
                task.forEachRun(of: input, row: row) { errors, first, length in
                    for index in 0..<length { sum += errors[index] * weights[first &+ index] }
                }
                let tile = presynaptic + (input &>> 6) &* task.presynapticTileStride
                tile[row &* task.rowStride &+ (input & 63)] += sum
            }
        }
    }
}
