import Compute
import Testing

/// Convolutions as runs of synapses. Expected values: the same sums in plain loops over places and squares, in the order that the
/// kernels promise, bit for bit.
struct ConvolutionKernelTests {
    struct Shape: Sendable, CustomTestStringConvertible {
        let shape: ConvolutionShape
        let testDescription: String

        init(
            _ height: Int, _ width: Int, _ inputFeatures: Int, kernel: Int, stride: Int = 1, padding: Int = 0,
            features: Int
        ) {
            shape = ConvolutionShape(
                height: height, width: width, inputFeatures: inputFeatures, kernelSize: kernel,
                stride: stride, padding: padding, features: features,
                outputHeight: (height + 2 * padding - kernel) / stride + 1,
                outputWidth: (width + 2 * padding - kernel) / stride + 1)
            testDescription =
                "\(height) × \(width) × \(inputFeatures), kernel \(kernel), \(stride), \(padding), \(features)"
        }

        var inputCount: Int { shape.height * shape.width * shape.inputFeatures }
        var neuronCount: Int { shape.outputHeight * shape.outputWidth * shape.features }
        var weightCount: Int { shape.kernelSize * shape.kernelSize * shape.inputFeatures * shape.features }

        /// Inputs that a place sees, ascending, each with its first weight.
        func square(_ y: Int, _ x: Int) -> [(input: Int, weight: Int)] {
            let size = shape.kernelSize
            return (0..<size * size * shape.inputFeatures).compactMap { index in
                let (offset, feature) = index.quotientAndRemainder(dividingBy: shape.inputFeatures)
                let row = y * shape.stride - shape.padding + offset / size
                let column = x * shape.stride - shape.padding + offset % size
                guard (0..<shape.height).contains(row), (0..<shape.width).contains(column) else {
                    return nil
                }
                let input = (row * shape.width + column) * shape.inputFeatures + feature
                return (input, index * shape.features)
            }
        }

        var places: [(y: Int, x: Int)] {
            (0..<shape.outputHeight * shape.outputWidth).map {
                ($0 / shape.outputWidth, $0 % shape.outputWidth)
            }
        }
    }

    static let shapes = [
        Shape(6, 5, 12, kernel: 3, features: 64),
        Shape(5, 4, 5, kernel: 2, stride: 2, padding: 1, features: 16),
        Shape(4, 7, 1, kernel: 3, padding: 2, features: 48), Shape(3, 3, 4, kernel: 3, features: 80),
        Shape(4, 3, 70, kernel: 2, stride: 3, features: 128), Shape(5, 5, 6, kernel: 2, features: 12),
        Shape(2, 2, 1, kernel: 4, stride: 2, padding: 3, features: 32),
    ]

    /// Rows that lie apart, as those of a step of many samples do.
    private struct Rows {
        let shape: Shape
        let count: Int
        let rowStride = 2 * tileWidth
        let spikes: [UInt64]
        var postsynaptic: AlignedBuffer<Float>
        var presynaptic: AlignedBuffer<Float>
        var gradient: AlignedBuffer<Float>
        let weights: AlignedBuffer<Float>

        var wordsPerRow: Int { (shape.inputCount + 63) / 64 }

        init(_ shape: Shape, count: Int) {
            self.shape = shape
            self.count = count
            var random = RandomStream(seed: 33, purpose: .analysis).generator(sample: count)
            let wordsPerRow = (shape.inputCount + 63) / 64
            spikes = (0..<count * wordsPerRow).map { index in
                let used = shape.inputCount - index % wordsPerRow * 64
                return random.next() & random.next() & (used >= 64 ? ~0 : 1 << UInt64(used) - 1)
            }
            func numbers(_ size: Int) -> AlignedBuffer<Float> {
                AlignedBuffer((0..<size).map { _ in Float.random(in: -1...1, using: &random) })
            }
            func tiles(_ neurons: Int) -> Int { (neurons + 63) / 64 * 2 * tileWidth * count }
            postsynaptic = numbers(tiles(shape.neuronCount))
            presynaptic = numbers(tiles(shape.inputCount))
            gradient = numbers(shape.weightCount)
            weights = numbers(shape.weightCount)
        }

        func place(_ neuron: Int, row: Int) -> Int {
            neuron / 64 * count * rowStride + row * rowStride + neuron % 64
        }

        func fired(_ input: Int, row: Int) -> Bool {
            spikes[row * wordsPerRow + input / 64] >> UInt64(input % 64) & 1 == 1
        }

        mutating func run(_ kernel: (SynapseRunTask) -> Void) {
            var synapses = [[(target: Int, weight: Int)]](repeating: [], count: shape.inputCount)
            let features = shape.shape.features
            for (place, (y, x)) in shape.places.enumerated() {
                for (input, weight) in shape.square(y, x) {
                    synapses[input].append((place * features, weight))
                }
            }
            var (starts, runs): ([UInt32], [SynapseRun]) = ([0], [])
            for targets in synapses {
                for (target, weight) in targets {
                    var done = 0
                    while done < features {
                        let length = min(features - done, 64 - (target + done) % 64)
                        runs.append(
                            SynapseRun(
                                target: UInt32(target + done), parameter: UInt32(weight + done),
                                length: UInt32(length)))
                        done += length
                    }
                }
                starts.append(UInt32(runs.count))
            }
            let size = max(16 * shape.neuronCount, 32 * wordsPerRow)
            var scratch = AlignedBuffer<Float>(repeating: .nan, count: size)
            starts.withUnsafeBufferPointer { starts in
                runs.withUnsafeBufferPointer { runs in
                    spikes.withUnsafeBufferPointer { spikes in
                        guard let starts = starts.baseAddress, let runs = runs.baseAddress,
                            let spikes = spikes.baseAddress
                        else { return }
                        kernel(
                            SynapseRunTask(
                                starts: starts, runs: runs, inputCount: shape.inputCount,
                                neuronCount: shape.neuronCount, convolution: shape.shape, spikes: spikes,
                                wordsPerRow: wordsPerRow, rowCount: count,
                                postsynaptic: postsynaptic.mutableBase(),
                                presynaptic: presynaptic.mutableBase(),
                                postsynapticTileStride: count * rowStride,
                                presynapticTileStride: count * rowStride, rowStride: rowStride,
                                weights: weights.base, gradient: gradient.mutableBase(),
                                scratch: shape.shape.hasWholeGroups ? scratch.mutableBase() : nil))
                    }
                }
            }
        }
    }

    @Test(arguments: InstructionSet.available, shapes)
    func `currents are the sums over the square that a place sees`(_ level: InstructionSet, shape: Shape) {
        for rowCount in [1, 19] {
            var rows = Rows(shape, count: rowCount)
            var expected = rows.postsynaptic.array
            for row in 0..<rowCount {
                for (place, (y, x)) in shape.places.enumerated() {
                    for (input, weight) in shape.square(y, x) where rows.fired(input, row: row) {
                        for feature in 0..<shape.shape.features {
                            let neuron = place * shape.shape.features + feature
                            expected[rows.place(neuron, row: row)] += rows.weights[weight + feature]
                        }
                    }
                }
            }
            rows.run { level.kernels.addRuns($0) }
            #expect(rows.postsynaptic.array == expected)
        }
    }

    @Test(arguments: InstructionSet.available, shapes.filter(\.shape.hasWholeGroups))
    func `gradients are sums over sixteen rows, place after place`(_ level: InstructionSet, shape: Shape) {
        for rowCount in [1, 19] {
            var rows = Rows(shape, count: rowCount)
            var expected = rows.gradient.array
            for first in stride(from: 0, to: rowCount, by: 16) {
                for (place, (y, x)) in shape.places.enumerated() {
                    for (input, weight) in shape.square(y, x) {
                        for feature in 0..<shape.shape.features {
                            let neuron = place * shape.shape.features + feature
                            expected[weight + feature] += (first..<min(first + 16, rowCount)).reduce(0) {
                                rows.fired(input, row: $1)
                                    ? $0 + rows.postsynaptic[rows.place(neuron, row: $1)] : $0
                            }
                        }
                    }
                }
            }
            rows.run { level.kernels.addRunGradients($0) }
            #expect(rows.gradient.array == expected)
        }
    }

    @Test(arguments: InstructionSet.available, shapes.filter(\.shape.hasWholeGroups))
    func `errors of spikes are the same sums for one input as for four`(_ level: InstructionSet, shape: Shape)
    {
        for rowCount in [1, 19] {
            var rows = Rows(shape, count: rowCount)
            var sums = [Float](repeating: 0, count: rows.presynaptic.count)
            for row in 0..<rowCount {
                for (place, (y, x)) in shape.places.enumerated() {
                    for (input, weight) in shape.square(y, x) {
                        for feature in 0..<shape.shape.features {
                            let neuron = place * shape.shape.features + feature
                            sums[rows.place(input, row: row)] +=
                                rows.postsynaptic[rows.place(neuron, row: row)]
                                * rows.weights[weight + feature]
                        }
                    }
                }
            }
            let expected = zip(rows.presynaptic.array, sums).map { $0 + $1 }
            rows.run { level.kernels.propagateRunErrors($0) }
            #expect(rows.presynaptic.array == expected)
        }
    }
}
