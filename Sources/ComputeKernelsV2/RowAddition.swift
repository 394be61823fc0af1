import ComputeKernels

typealias Group = SIMD16<Float>

extension Kernels {
    /// Event-driven currents: the cost follows the number of presynaptic spikes. The tile's 64 sums stay
    /// in registers while the rows of the active inputs are added to them in ascending order.
    public static func addRows(_ task: RowAdditionTask) {
        for row in 0..<task.rowCount {
            var (first, second, third, fourth) = (Group(), Group(), Group(), Group())
            var position = Int(task.starts[row])
            let end = Int(task.starts[row + 1])
            while position < end {
                let weights = task.weights + Int(task.active[position]) &* tileWidth
                first = first + Group.load(weights)
                second = second + Group.load(weights + 16)
                third = third + Group.load(weights + 32)
                fourth = fourth + Group.load(weights + 48)
                position &+= 1
            }
            let currents = task.currents + row &* tileWidth
            first.store(currents)
            second.store(currents + 16)
            third.store(currents + 32)
            fourth.store(currents + 48)
        }
    }

    /// Event-driven weight gradient over the transposed raster: the same loop with rows and inputs
    /// exchanged.
    public static func addErrors(_ task: ErrorAdditionTask) {
        for input in task.inputs {
            var (first, second, third, fourth) = (Group(), Group(), Group(), Group())
            var position = Int(task.starts[input])
            let end = Int(task.starts[input + 1])
            while position < end {
                let errors = task.errors + Int(task.rows[position]) &* tileWidth
                first = first + Group.load(errors)
                second = second + Group.load(errors + 16)
                third = third + Group.load(errors + 32)
                fourth = fourth + Group.load(errors + 48)
                position &+= 1
            }
            let gradient = task.gradient + (input - task.inputs.lowerBound) &* tileWidth
            first.store(gradient)
            second.store(gradient + 16)
            third.store(gradient + 32)
            fourth.store(gradient + 48)
        }
    }

    /// Dense: errors are real numbers for every postsynaptic neuron. Four rows share each weight load.
    public static func propagateErrors(_ task: ErrorPropagationTask) {
        for group in stride(from: 0, to: tileWidth, by: 16) {
            var row = 0
            while row + 4 <= task.rowCount {
                propagateFourRows(task, from: row, group: group)
                row += 4
            }
            while row < task.rowCount {
                propagateRow(task, row, group: group)
                row += 1
            }
        }
    }

    @inline(__always)
    private static func propagateFourRows(_ task: ErrorPropagationTask, from row: Int, group: Int) {
        var (first, second, third, fourth) = (Group(), Group(), Group(), Group())
        for neuron in 0..<task.neuronCount {
            let weights = Group.load(task.weights + neuron &* tileWidth + group)
            let tile = (neuron &>> 6) &* task.batchRowCount &* tileWidth
            let errors = task.errors + tile + row &* tileWidth + (neuron & 63)
            first = first + weights * Group(all: errors[0])
            second = second + weights * Group(all: errors[tileWidth])
            third = third + weights * Group(all: errors[2 &* tileWidth])
            fourth = fourth + weights * Group(all: errors[3 &* tileWidth])
        }
        let target = task.spikeErrors + row &* tileWidth + group
        first.store(target)
        second.store(target + tileWidth)
        third.store(target + 2 &* tileWidth)
        fourth.store(target + 3 &* tileWidth)
    }

    @inline(__always)
    private static func propagateRow(_ task: ErrorPropagationTask, _ row: Int, group: Int) {
        var sum = Group()
        for neuron in 0..<task.neuronCount {
            let tile = (neuron &>> 6) &* task.batchRowCount &* tileWidth
            let error = task.errors[tile + row &* tileWidth + (neuron & 63)]
            sum = sum + Group.load(task.weights + neuron &* tileWidth + group) * Group(all: error)
        }
        sum.store(task.spikeErrors + row &* tileWidth + group)
    }
}
