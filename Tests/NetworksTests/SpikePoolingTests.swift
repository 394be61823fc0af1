import Compute
import Neurons
import QuantumCircuits
import SpikeTrains
import Testing

@testable import Networks

struct SpikePoolingTests {
    private static let shapes = [
        SpikePooling(height: 2, width: 2, size: 2), SpikePooling(height: 7, width: 9, size: 3),
        SpikePooling(height: 5, width: 4, features: 12, size: 2),
        SpikePooling(height: 4, width: 5, features: 64, size: 2),
        SpikePooling(height: 3, width: 5, features: 130, size: 2),
        SpikePooling(height: 6, width: 3, features: 17, size: 1),
        SpikePooling(height: 40, width: 30, features: 1, size: 29),
    ]

    /// Rows of a population of two channels, of which the second is random.
    private static func spikes(_ pooling: SpikePooling, rowCount: Int, rate: Double) -> SpikeRaster {
        var random = RandomStream(seed: 2, purpose: .analysis).generator()
        let neuronCount = pooling.height * pooling.width * pooling.features
        var raster = SpikeRaster(
            sampleCount: 1, stepCount: rowCount, neuronCount: neuronCount, channelCount: 2)
        for step in 0..<rowCount {
            for neuron in 0..<neuronCount {
                raster[0, step, neuron, 0] = true
                raster[0, step, neuron, 1] = Double.random(in: 0..<1, using: &random) < rate
            }
        }
        return raster
    }

    /// Errors of the neurons, `[row][neuron]`, from those of the pooled plane.
    private static func unpooled(
        _ pooling: SpikePooling, _ raster: SpikeRaster, _ errors: [[Float]], _ kernels: any KernelSet.Type
    ) -> [[Float]] {
        let (plane, rowCount) = (pooling.plane, raster.stepCount)
        let size = rowCount * tileWidth
        let pooled = WorkingBuffer<Float>(count: plane.pooledTileCount * size)
        let found = WorkingBuffer<Float>(count: plane.tileCount * size)
        let scratch = WorkingBuffer<Float>(count: plane.scratchSize)
        // What is in working memory before must not matter.
        scratch.view.fill(with: .nan)
        pooled.view.fill(with: .nan)
        found.view.fill(with: 0.5)
        for row in 0..<rowCount {
            for neuron in errors[row].indices {
                pooled.view[neuron / 64 * size + row * 64 + neuron % 64] = errors[row][neuron]
            }
        }
        kernels.unpoolErrors(
            UnpoolingTask(
                plane: plane, rowCount: rowCount, spikes: raster.words.view[1...].pointer, wordStride: 2,
                wordsPerRow: raster.wordsPerRow, pooledErrors: pooled.view.pointer, pooledTileStride: size,
                errors: found.view.pointer, tileStride: size, scratch: scratch.view.pointer))
        return (0..<rowCount).map { row in
            (0..<raster.neuronCount).map { found[$0 / 64 * size + row * 64 + $0 % 64] - 0.5 }
        }
    }

    /// Expected values: the definition, place by place.
    @Test(
        "any spike of a window is its place's, and its error goes to every neuron whose window is silent but for it",
        arguments: shapes, [0.02, 0.2, 0.8])
    func definition(pooling: SpikePooling, rate: Double) {
        let rowCount = 4
        let raster = Self.spikes(pooling, rowCount: rowCount, rate: rate)
        let errors = (0..<rowCount).map { row in
            (0..<pooling.outputCount).map { Float(1 + row + 3 * $0) }
        }
        for level in InstructionSet.allCases where level <= .best {
            let pooled = SpikeRaster(
                sampleCount: 1, stepCount: rowCount, neuronCount: pooling.outputCount)
            var found = pooled
            let rows = found.words.mutableView()
            for row in 0..<rowCount {
                level.kernels.poolSpikes(
                    PoolingTask(
                        plane: pooling.plane,
                        spikes: raster.words.view[(row * raster.wordsPerRow + 1)...].pointer,
                        wordStride: 2, pooled: rows[(row * pooled.wordsPerRow)...].pointer))
            }
            let unpooled = Self.unpooled(pooling, raster, errors, level.kernels)
            for row in 0..<rowCount {
                var expected = [Float](repeating: 0, count: raster.neuronCount)
                for place in 0..<pooling.outputCount {
                    let window = pooling.window(place)
                    let active = window.filter { raster[0, row, $0, 1] }
                    #expect(found[0, row, place] == !active.isEmpty)
                    for neuron in window where active.allSatisfy({ $0 == neuron }) {
                        expected[neuron] = errors[row][place]
                    }
                }
                #expect(unpooled[row] == expected, "\(pooling) of \(pooling.features), \(level)")
            }
            #expect(
                found.words.view[rows.count - 1].leadingZeroBitCount >= 63 - (pooling.outputCount - 1) % 64)
        }
    }

    /// By hand: windows with no spike, one, two and four of them.
    @Test(
        "the error of a silent window goes to all, that of one spike to its neuron, that of several to none")
    func byHand() {
        let pooling = SpikePooling(height: 2, width: 9, size: 2)
        var raster = SpikeRaster(sampleCount: 1, stepCount: 1, neuronCount: 18, channelCount: 2)
        for neuron in [3, 4, 14, 6, 7, 15, 16, 17, 8] { raster[0, 0, neuron, 1] = true }
        let errors = Self.unpooled(
            pooling, raster, [[10, 20, 30, 40]], InstructionSet.current.kernels)
        #expect(
            errors == [
                [
                    10, 10, 0, 20, 0, 0, 0, 0, 0,
                    10, 10, 0, 0, 0, 0, 0, 0, 0,
                ]
            ])
    }

    /// The exact mean over all 2⁴ patterns of a window, against differences of 1 − Π (1 − p).
    @Test("in the mean over independent spikes, the derivative is that of the probability of a pooled spike")
    func meanDerivative() {
        let probabilities = [0.1, 0.6, 0.35, 0.8]
        func pooledProbability(_ p: [Double]) -> Double { 1 - p.reduce(1) { $0 * (1 - $1) } }
        let pooling = SpikePooling(height: 2, width: 2, size: 2)
        var means = [Double](repeating: 0, count: 4)
        for pattern in 0..<16 {
            var raster = SpikeRaster(sampleCount: 1, stepCount: 1, neuronCount: 4, channelCount: 2)
            var weight = 1.0
            for neuron in 0..<4 {
                let isSpiking = pattern >> neuron & 1 == 1
                raster[0, 0, neuron, 1] = isSpiking
                weight *= isSpiking ? probabilities[neuron] : 1 - probabilities[neuron]
            }
            let slopes = Self.unpooled(pooling, raster, [[1]], InstructionSet.current.kernels)[0]
            for neuron in 0..<4 { means[neuron] += weight * Double(slopes[neuron]) }
        }
        for neuron in 0..<4 {
            var (lower, upper) = (probabilities, probabilities)
            lower[neuron] -= 1e-4
            upper[neuron] += 1e-4
            let slope = (pooledProbability(upper) - pooledProbability(lower)) / 2e-4
            #expect(abs(means[neuron] - slope) < 1e-6)
        }
    }

    /// By hand: a current above the threshold of 1 makes a spike, after which 1 is taken off the next; a place of which two neurons spike
    /// weighs no more than one of which one does.
    @Test("synapses after a pooling see its places")
    func spikesByHand() throws {
        let neuron = try LIF(decay: 0, threshold: 1)
        let network = try Network(
            NetworkGraph(
                input: .init(neuronCount: 2 * 5),
                nodes: [.init("out", model: neuron, neuronCount: 3)],
                edges: [
                    .init(
                        "input", "out",
                        .explicit([
                            .init(0, 0, weight: 4), .init(1, 1, weight: 4), .init(0, 2, weight: 0.75),
                            .init(1, 2, weight: 0.75),
                        ]), pooling: .init(height: 2, width: 5, size: 2))
                ]))
        var input = SpikeRaster(sampleCount: 1, stepCount: 4, neuronCount: 10)
        // Step 0: one spike of the first window. 1: two of the second. 2: one of each. 3: the column that is in none.
        for (step, spikes) in [[6], [2, 8], [0, 3], [4, 9]].enumerated() {
            for neuron in spikes { input[0, step, neuron] = true }
        }
        let spikes = try network.run(input, seed: 1)[0]
        #expect((0..<4).map { spikes.activeNeurons(sample: 0, step: $0) } == [[0], [1], [0, 1, 2], []])
    }
}
