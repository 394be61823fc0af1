import Compute
import Testing

/// Synapses in runs. Expected values: the same sums in plain loops, in the order that the kernels promise, bit for bit.
struct SynapseRunKernelTests {
    private static let (inputCount, neuronCount, wordsPerRow) = (70, 150, 2)
    private static let tileCount = 3

    private struct Synapses {
        var starts: [UInt32] = [0]
        var runs: [SynapseRun] = []
        var weights: [Float] = []
    }

    /// Every eleventh neuron of an input, and three neighbours.
    private static let synapses: Synapses = {
        var random = RandomStream(seed: 31, purpose: .analysis).generator(sample: 0)
        var synapses = Synapses()
        for input in 0..<inputCount {
            for target in stride(from: input % 11, to: neuronCount, by: 11) {
                let length = target == 77 ? 3 : 1
                synapses.runs.append(
                    SynapseRun(
                        target: UInt32(target), parameter: UInt32(synapses.weights.count),
                        length: UInt32(length)))
                for _ in 0..<length { synapses.weights.append(Float.random(in: -1...1, using: &random)) }
            }
            synapses.starts.append(UInt32(synapses.runs.count))
        }
        return synapses
    }()

    private struct Rows {
        let count: Int
        let spikes: AlignedBuffer<UInt64>
        var postsynaptic: AlignedBuffer<Float>
        var presynaptic: AlignedBuffer<Float>
        var gradient: AlignedBuffer<Float>

        init(count: Int) {
            self.count = count
            var random = RandomStream(seed: 32, purpose: .analysis).generator(sample: count)
            spikes = AlignedBuffer(
                (0..<count).flatMap { _ in [random.next() & random.next(), random.next() & 0x3F] })
            func numbers(_ size: Int) -> AlignedBuffer<Float> {
                AlignedBuffer((0..<size).map { _ in Float.random(in: -1...1, using: &random) })
            }
            postsynaptic = numbers(tileCount * count * tileWidth)
            presynaptic = numbers(2 * count * tileWidth)
            gradient = numbers(synapses.weights.count)
        }

        func place(_ neuron: Int, row: Int) -> Int {
            (neuron / tileWidth * count + row) * tileWidth + neuron % tileWidth
        }

        func fired(_ input: Int, row: Int) -> Bool {
            spikes[row * wordsPerRow + input / 64] >> UInt64(input % 64) & 1 == 1
        }

        mutating func run(hasScratch: Bool, _ kernel: (SynapseRunTask) -> Void) {
            let starts = AlignedBuffer(synapses.starts)
            let runs = synapses.runs
            let weights = AlignedBuffer(synapses.weights)
            var scratch = AlignedBuffer<Float>(repeating: .nan, count: 16 * neuronCount)
            runs.withUnsafeBufferPointer { runs in
                guard let runs = runs.baseAddress else { return }
                kernel(
                    SynapseRunTask(
                        starts: starts.base, runs: runs, inputCount: inputCount, neuronCount: neuronCount,
                        spikes: spikes.base, wordsPerRow: wordsPerRow, rowCount: count,
                        postsynaptic: postsynaptic.mutableBase(), presynaptic: presynaptic.mutableBase(),
                        postsynapticTileStride: count * tileWidth, presynapticTileStride: count * tileWidth,
                        weights: weights.base, gradient: gradient.mutableBase(),
                        scratch: hasScratch ? scratch.mutableBase() : nil))
            }
        }
    }

    private static func forEachSynapse(_ input: Int, _ body: (_ neuron: Int, _ weight: Int) -> Void) {
        for run in synapses.runs[Int(synapses.starts[input])..<Int(synapses.starts[input + 1])] {
            for place in 0..<Int(run.length) { body(Int(run.target) + place, Int(run.parameter) + place) }
        }
    }

    @Test(arguments: InstructionSet.available, [1, 5, 16, 37])
    func `currents are the sums over spikes, input after input`(_ level: InstructionSet, rowCount: Int) {
        let rows = Rows(count: rowCount)
        var expected = rows.postsynaptic.array
        for row in 0..<rowCount {
            for input in 0..<Self.inputCount where rows.fired(input, row: row) {
                Self.forEachSynapse(input) {
                    expected[rows.place($0, row: row)] += Self.synapses.weights[$1]
                }
            }
        }
        for hasScratch in [false, true] {
            var rows = rows
            rows.run(hasScratch: hasScratch) { level.kernels.addRuns($0) }
            #expect(rows.postsynaptic.array == expected)
        }
    }

    @Test(arguments: InstructionSet.available, [1, 5, 16, 37])
    func `gradients are the sums over spikes, row after row`(_ level: InstructionSet, rowCount: Int) {
        let rows = Rows(count: rowCount)
        var expected = rows.gradient.array
        for row in 0..<rowCount {
            for input in 0..<Self.inputCount where rows.fired(input, row: row) {
                Self.forEachSynapse(input) {
                    expected[$1] += rows.postsynaptic[rows.place($0, row: row)]
                }
            }
        }
        for hasScratch in [false, true] {
            var rows = rows
            rows.run(hasScratch: hasScratch) { level.kernels.addRunGradients($0) }
            #expect(rows.gradient.array == expected)
        }
    }

    @Test(arguments: InstructionSet.available, [1, 5, 16, 37])
    func `errors of spikes are sums over an input's synapses`(_ level: InstructionSet, rowCount: Int) {
        var rows = Rows(count: rowCount)
        var expected = rows.presynaptic.array
        for row in 0..<rowCount {
            for input in 0..<Self.inputCount {
                var sum: Float = 0
                Self.forEachSynapse(input) {
                    sum += rows.postsynaptic[rows.place($0, row: row)] * Self.synapses.weights[$1]
                }
                expected[rows.place(input, row: row)] += sum
            }
        }
        rows.run(hasScratch: true) { level.kernels.propagateRunErrors($0) }
        #expect(rows.presynaptic.array == expected)
    }
}
