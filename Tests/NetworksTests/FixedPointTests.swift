import Compute
import Neurons
import SpikeTrains
import Testing

@testable import Networks

/// Networks whose sums are taken in fixed point.
struct FixedPointTests {
    /// The network with its weights rounded as the sums round them: each tile of a full projection under a scale of its own.
    private static func rounded(_ network: Network) -> Network {
        var network = network
        for index in network.projections.indices where network.projections[index].runs == nil {
            network.withProjection(index) { projection in
                let size = projection.tileSize
                for tile in 0..<projection.weights.count / size {
                    let places = tile * size..<(tile + 1) * size
                    let bound = places.map { projection.weights[$0].magnitude }.max() ?? 0
                    let scale = FixedPoint.scale(bound: bound, limit: FixedPoint.largest)
                    for place in places {
                        projection.weights[place] =
                            (projection.weights[place] * scale).rounded(.toNearestOrEven) / scale
                    }
                }
            }
        }
        return network
    }

    private static func gradient(
        _ example: GraphExample, precision: SumPrecision = .fixed16, threadCount: Int = 1,
        instructionSet: InstructionSet = .current
    ) -> (keeper: GradientKeeper, rasters: [SpikeRaster]) {
        let simulator = example.simulator(
            threadCount: threadCount, precision: precision, instructionSet: instructionSet)
        let keeper = GradientKeeper(example.network)
        var random = RandomStream(seed: 17, purpose: .analysis).generator()
        let errors = (0..<example.input.rowCount * example.network.outputCount).map { _ in
            Float.random(in: -1...1, using: &random)
        }
        // Twice: what is held of the weights must not be from before.
        for _ in 0..<2 {
            example.run(simulator)
            _ = simulator.reverse(
                example.network, outputErrors: .perStep(errors), surrogate: .straightThrough,
                regularization: 0, receiver: keeper)
        }
        return (keeper, simulator.rasters)
    }

    /// Single precision adds up so few numbers of 12 bits without an error.
    @Test(
        "spikes in fixed point are those of the rounded weights, gradients close to theirs",
        arguments: try GraphExample.all())
    func roundedWeights(example: GraphExample) {
        var other = example
        other.network = Self.rounded(example.network)
        let (found, expected) = (Self.gradient(example), Self.gradient(other, precision: .float32))
        #expect(found.rasters == expected.rasters)
        for (index, weights) in expected.keeper.weights.enumerated() {
            let largest = weights.array.map(\.magnitude).max() ?? 0
            let worst = zip(found.keeper.weights[index].array, weights.array).map { abs($0 - $1) }.max() ?? 0
            #expect(largest > 0 && worst <= 4e-3 * largest, "\(worst / largest)")
        }
    }

    @Test(
        "nothing depends on threads or instruction set", arguments: try GraphExample.all())
    func threads(example: GraphExample) {
        let single = Self.gradient(example)
        for threadCount in [2, 3, 7] {
            for level in InstructionSet.allCases where level <= .best {
                let several = Self.gradient(example, threadCount: threadCount, instructionSet: level)
                #expect(several.rasters == single.rasters)
                #expect(several.keeper.bits == single.keeper.bits)
            }
        }
    }

    /// Of 70 samples, more than are added up at a time. Parameters of neurons are added up in single precision.
    @Test("the gradient of the weights is the same for any order of the samples", arguments: [5, 13])
    func shuffledSamples(stepCount: Int) throws {
        let small = try SmallNetwork(
            SmallNetwork.exchange, counts: [70, 9], sampleCount: 70, stepCount: stepCount)
        var random = RandomStream(seed: 3, purpose: .analysis).generator()
        let errors = (0..<70 * 9).map { _ in Float.random(in: -1...1, using: &random) }
        func gradient(_ order: [Int], precision: SumPrecision) -> [[UInt32]] {
            let simulator = small.simulator(precision: precision)
            var input = SpikeRaster(sampleCount: 70, stepCount: stepCount, neuronCount: 20)
            for (place, sample) in order.enumerated() {
                for step in 0..<stepCount {
                    for neuron in small.input.activeNeurons(sample: sample, step: step) {
                        input[place, step, neuron] = true
                    }
                }
            }
            simulator.run(
                small.network, input: input, sampleIndices: order.map { small.sampleIndices[$0] }, seed: 1,
                epoch: 0)
            let keeper = GradientKeeper(small.network)
            _ = simulator.reverse(
                small.network, outputErrors: .perSample(order.flatMap { errors[$0 * 9..<$0 * 9 + 9] }),
                surrogate: .straightThrough, regularization: 0, receiver: keeper)
            return keeper.weights.map { $0.array.map(\.bitPattern) }
        }
        let (order, shuffled) = (Array(0..<70), (0..<70).shuffled(using: &random))
        #expect(gradient(order, precision: .fixed16) == gradient(shuffled, precision: .fixed16))
        #expect(gradient(order, precision: .float32) != gradient(shuffled, precision: .float32))
    }

    @Test("a weight beyond the scale's range moves the scale of its tile")
    func movedScale() throws {
        var network = try SmallNetwork(SmallNetwork.exchange, counts: [130], sampleCount: 1, stepCount: 1)
            .network
        network.withProjection(0) { $0[3, 70] = 100 }
        let fixed = FixedWeights(network.projections[0], keepsAll: true, threadCount: 1)
        fixed.update(network.projections[0], parallelism: Parallelism(threadCount: 1))
        let weights = network.projections[0].weights.view
        let units = (0..<3).map { fixed.tile($0, of: weights, thread: 0).unit }
        #expect(units[0] == units[2] && units[1] == 0x1p-4)
        // Column 6 of the tile lies at place 12.
        #expect(fixed.tile(1, of: weights, thread: 0).numbers[3 * tileWidth + 12] == 1600)
    }

    @Test("what is no number does not become one", arguments: [Float.nan, -.nan, .infinity])
    func strangeNumbers(strange: Float) throws {
        let small = try SmallNetwork(SmallNetwork.exchange, counts: [9], sampleCount: 3, stepCount: 2)
        let simulator = small.simulator(precision: .fixed16)
        small.run(simulator)
        let keeper = GradientKeeper(small.network)
        _ = simulator.reverse(
            small.network, outputErrors: .perSample([strange] + [Float](repeating: 1, count: 26)),
            surrogate: .straightThrough, regularization: 0, receiver: keeper)
        #expect(keeper.weights[0].array.allSatisfy { $0.isNaN })

        var network = small.network
        network.withProjection(0) { $0[0, 0] = strange }
        let unit = FixedWeights(network.projections[0], threadCount: 1)
            .tile(0, of: network.projections[0].weights.view, thread: 0).unit
        #expect(unit.isNaN)
    }
}
