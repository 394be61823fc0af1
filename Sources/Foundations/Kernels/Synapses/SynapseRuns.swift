import KernelTasks

extension SynapseRunTask {
    /// Calls `body` with the number of every input that spiked in a row.
    @inline(__always)
    func forEachSpike(inRow row: Int, _ body: (_ input: Int) -> Void) {
        for word in 0..<wordsPerRow {
            var bits = spikes[row &* wordsPerRow &+ word]
            while bits != 0 {
                body(word &* 64 &+ bits.trailingZeroBitCount)
                bits &= bits &- 1
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

    /// Calls `body` with the neuron and the weight of each synapse of an input.
    @inline(__always)
    fileprivate func forEachSynapse(of input: Int, _ body: (_ neuron: Int, _ weight: Int) -> Void) {
        var index = Int(starts[input])
        let end = Int(starts[input &+ 1])
        while index < end {
            let run = runs[index]
            for place in 0..<Int(run.length) { body(Int(run.target) &+ place, Int(run.parameter) &+ place) }
            index &+= 1
        }
    }

    /// Calls `body` with the postsynaptic numbers of a row, tile by tile, and the first neuron of each.
    @inline(__always)
    fileprivate func forEachTile(
        ofRow row: Int, _ body: (_ numbers: UnsafeMutablePointer<Float>, _ neuron: Int, _ width: Int) -> Void
    ) {
        for tile in 0..<(neuronCount &+ tileWidth &- 1) / tileWidth {
            let neuron = tile &* tileWidth
            body(
                postsynaptic + tile &* postsynapticTileStride + row &* rowStride, neuron,
                min(tileWidth, neuronCount &- neuron))
        }
    }

    /// Calls `body` with the postsynaptic numbers of sixteen rows, at most, and their places in ``scratch``, `[neuron][16]`.
    @inline(__always)
    fileprivate func forEachNumber(
        firstRow: Int,
        _ body: (_ number: UnsafeMutablePointer<Float>, _ place: UnsafeMutablePointer<Float>) -> Void
    ) {
        guard let scratch else { return }
        for row in 0..<min(16, rowCount &- firstRow) {
            forEachTile(ofRow: firstRow &+ row) { numbers, neuron, width in
                for lane in 0..<width { body(numbers + lane, scratch + (16 &* (neuron &+ lane) &+ row)) }
            }
        }
    }

    /// Calls `body` with every input that spiked in some of sixteen rows, and bits of those.
    @inline(__always)
    fileprivate func forEachInput(firstRow: Int, _ body: (_ input: Int, _ rows: UInt64) -> Void) {
        let end = min(firstRow &+ 16, rowCount)
        for word in 0..<wordsPerRow {
            var inputs: UInt64 = 0
            for row in firstRow..<end { inputs |= spikes[row &* wordsPerRow &+ word] }
            while inputs != 0 {
                let bit = UInt64(inputs.trailingZeroBitCount)
                inputs &= inputs &- 1
                var rows: UInt64 = 0
                for row in firstRow..<end {
                    rows |= (spikes[row &* wordsPerRow &+ word] &>> bit & 1) &<< UInt64(row &- firstRow)
                }
                body(word &* 64 &+ Int(bit), rows)
            }
        }
    }
}

extension CompiledKernels {
    /// currents += weights of the synapses of every spike (1).
    public static func addRuns(_ task: SynapseRunTask) {
        guard let weights = task.weights else { return }
        if let shape = task.convolution, shape.hasWholeGroups { return addConvolution(task, shape, weights) }
        if let scratch = task.scratch { return addShortRuns(task, weights, scratch) }
        for row in 0..<task.rowCount {
            task.forEachSpike(inRow: row) { input in
                task.forEachRun(of: input, row: row) { currents, first, length in
                    for index in 0..<length { currents[index] += weights[first &+ index] }
                }
            }
        }
    }

    /// Sixteen rows at a time: an input's synapses are the same for all of them.
    @inline(__always)
    private static func addShortRuns(
        _ task: SynapseRunTask, _ weights: UnsafePointer<Float>, _ byNeuron: UnsafeMutablePointer<Float>
    ) {
        for first in stride(from: 0, to: task.rowCount, by: 16) {
            task.forEachNumber(firstRow: first) { $1[0] = $0[0] }
            task.forEachInput(firstRow: first) { input, rows in
                let spiked = Group.mask(bits: rows)
                task.forEachSynapse(of: input) { neuron, parameter in
                    let currents = byNeuron + 16 &* neuron
                    let weight = Group(all: weights[parameter]).keep(where: spiked)
                    (Group.load(currents) + weight).store(currents)
                }
            }
            task.forEachNumber(firstRow: first) { $0[0] = $1[0] }
        }
    }

    /// ∂L/∂w += ∂L/∂z of the synapses of every spike.
    public static func addRunGradients(_ task: SynapseRunTask) {
        guard let gradient = task.gradient else { return }
        if let shape = task.convolution, shape.hasWholeGroups, let scratch = task.scratch {
            return addConvolutionGradients(task, shape, gradient, scratch)
        }
        for row in 0..<task.rowCount {
            guard let errors = task.scratch else {
                task.forEachSpike(inRow: row) { input in
                    task.forEachRun(of: input, row: row) { errors, first, length in
                        for index in 0..<length { gradient[first &+ index] += errors[index] }
                    }
                }
                continue
            }
            // A row without tiles, in which short runs find their neurons sooner.
            task.forEachTile(ofRow: row) { (errors + $1).update(from: $0, count: $2) }
            task.forEachSpike(inRow: row) { input in
                task.forEachSynapse(of: input) { gradient[$1] += errors[$0] }
            }
        }
    }

    /// ∂L/∂s += Σ w ∂L/∂z over the synapses of every input, sixteen rows at a time: an input's synapses are the same for all of them.
    public static func propagateRunErrors(_ task: SynapseRunTask) {
        guard let presynaptic = task.presynaptic, let weights = task.weights, let byNeuron = task.scratch
        else { return }
        for first in stride(from: 0, to: task.rowCount, by: 16) {
            task.forEachNumber(firstRow: first) { $1[0] = $0[0] }
            func add(_ sum: Group, to input: Int) {
                let tile = presynaptic + (input &>> 6) &* task.presynapticTileStride + (input & 63)
                for row in first..<min(first &+ 16, task.rowCount) {
                    tile[row &* task.rowStride] += sum[row &- first]
                }
            }
            // Features of a place have synapses onto the same neurons, in runs of the same lengths.
            let inputsPerPlace = task.convolution?.inputFeatures ?? 1
            var input = 0
            while input < task.inputCount {
                if inputsPerPlace &- input % inputsPerPlace >= 4 {
                    let (sum, second, third, fourth) = sumsOfFour(task, input, weights, byNeuron)
                    add(sum, to: input)
                    add(second, to: input &+ 1)
                    add(third, to: input &+ 2)
                    add(fourth, to: input &+ 3)
                    input &+= 4
                    continue
                }
                var sum = Group()
                task.forEachSynapse(of: input) { neuron, parameter in
                    sum = sum + Group.load(byNeuron + 16 &* neuron) * Group(all: weights[parameter])
                }
                add(sum, to: input)
                input &+= 1
            }
        }
    }

    /// Σ w ∂L/∂z of four inputs of a place, whose errors are loaded once for all of them.
    @inline(__always)
    private static func sumsOfFour(
        _ task: SynapseRunTask, _ input: Int, _ weights: UnsafePointer<Float>,
        _ byNeuron: UnsafePointer<Float>
    ) -> (Group, Group, Group, Group) {
        var (sum, second, third, fourth) = (Group(), Group(), Group(), Group())
        let first = Int(task.starts[input])
        let count = Int(task.starts[input &+ 1]) &- first
        for index in first..<first &+ count {
            let run = task.runs[index]
            let own = weights + Int(run.parameter)
            let ofSecond = weights + Int(task.runs[index &+ count].parameter)
            let ofThird = weights + Int(task.runs[index &+ 2 &* count].parameter)
            let ofFourth = weights + Int(task.runs[index &+ 3 &* count].parameter)
            let errors = byNeuron + 16 &* Int(run.target)
            for place in 0..<Int(run.length) {
                let error = Group.load(errors + 16 &* place)
                sum = sum + error * Group(all: own[place])
                second = second + error * Group(all: ofSecond[place])
                third = third + error * Group(all: ofThird[place])
                fourth = fourth + error * Group(all: ofFourth[place])
            }
        }
        return (sum, second, third, fourth)
    }
}
