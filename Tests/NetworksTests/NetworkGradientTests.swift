import Compute
import SpikeTrains
import Neurons
import Testing

@testable import Networks

struct NetworkGradientTests {
    /// ∂L/∂s of the outputs, `[sample][neuron]`.
    private static func outputErrors(_ test: SmallNetwork) -> [Float] {
        var random = RandomStream(seed: 17, purpose: .analysis).generator()
        return (0..<test.input.sampleCount * test.network.outputCount).map { _ in
            Float.random(in: -1...1, using: &random)
        }
    }

    /// ∂L/∂s of the outputs at every step, `[sample][step][neuron]`.
    private static func stepErrors(_ test: SmallNetwork) -> [Float] {
        var random = RandomStream(seed: 18, purpose: .analysis).generator()
        return (0..<test.input.rowCount * test.network.outputCount).map { _ in
            Float.random(in: -1...1, using: &random)
        }
    }

    /// The same errors at every step of a sample.
    private static func spread(_ outputErrors: [Float], _ test: SmallNetwork) -> [Float] {
        let count = test.network.outputCount
        return (0..<test.input.rowCount).flatMap { row in
            outputErrors[row / test.input.stepCount * count..<(row / test.input.stepCount + 1) * count]
        }
    }

    private struct LayerGradient {
        /// `[input][neuron]`
        var weights: [[Double]]
        /// `[neuron][angle]`
        var angles: [[Double]]
    }

    /// Backpropagation in plain double-precision code with straight-through spikes: for each neuron the exact
    /// gradient of the reference, ∂L/∂w = Σ ∂L/∂z · s, and ∂L/∂s of the layer below = Σ ∂L/∂z · w.
    private static func expected(
        _ test: SmallNetwork, _ rasters: [SpikeRaster], stepErrors: [Float], regularization: Double
    ) throws -> (layers: [LayerGradient], regulariser: Double) {
        let (sampleCount, stepCount) = (test.input.sampleCount, test.input.stepCount)
        // ∂L/∂s, [sample][step][neuron].
        var spikeErrors = (0..<sampleCount).map { sample in
            (0..<stepCount).map { step in
                (0..<test.network.outputCount).map {
                    Double(stepErrors[(sample * stepCount + step) * test.network.outputCount + $0])
                }
            }
        }
        var layers: [LayerGradient] = []
        var regulariser = 0.0
        for index in test.network.populations.indices.reversed() {
            let (projection, population) = (test.network.projections[index], test.network.populations[index])
            let (inputCount, neuronCount) = (projection.inputCount, population.neuronCount)
            var gradient = LayerGradient(
                weights: [[Double]](repeating: [Double](repeating: 0, count: neuronCount), count: inputCount),
                angles: [[Double]](
                    repeating: [Double](repeating: 0, count: population.model.parameterCount),
                    count: neuronCount))
            var below = [[[Double]]](
                repeating: [[Double]](repeating: [Double](repeating: 0, count: inputCount), count: stepCount),
                count: sampleCount)
            for sample in 0..<sampleCount {
                let presynaptic = (0..<stepCount).map {
                    test.presynaptic(index, rasters, sample: sample, step: $0)
                }
                let neurons = try (0..<neuronCount).map { try test.reference(layer: index, neuron: $0) }
                let currents = (0..<neuronCount).map { neuron in
                    presynaptic.map {
                        [test.current(layer: index, neuron: neuron, presynaptic: $0)]
                    }
                }
                let spikes = (0..<neuronCount).map { neuron in
                    (0..<stepCount).map { [rasters[index][sample, $0, neuron] ? 1 : 0] }
                }
                let firing = try (0..<neuronCount).map {
                    try neurons[$0].run(currents: currents[$0], spikes: spikes[$0]).firingProbability
                }
                var errors = spikeErrors[sample]
                for step in 0..<stepCount {
                    // (3): R = λ/T Σ_t (Σ p)²/Σ p².
                    let sum = firing.reduce(0) { $0 + $1[step][0] }
                    let squares = firing.reduce(0) { $0 + $1[step][0] * $1[step][0] }
                    guard squares > 0 else { continue }
                    let scale = regularization / Double(stepCount)
                    regulariser += scale * sum * sum / squares
                    for neuron in 0..<neuronCount {
                        errors[step][neuron] +=
                            scale
                            * (2 * sum / squares - 2 * sum * sum / (squares * squares)
                                * firing[neuron][step][0])
                    }
                }
                for neuron in 0..<neuronCount {
                    let slopes = try neurons[neuron].firingProbabilityGradient(
                        weights: errors.map { [$0[neuron]] }, currents: currents[neuron],
                        spikes: spikes[neuron])
                    for (angle, slope) in slopes.parameters.enumerated() {
                        gradient.angles[neuron][angle] += slope
                    }
                    for step in 0..<stepCount {
                        let slope = slopes.currents[step][0]
                        for input in presynaptic[step] { gradient.weights[input][neuron] += slope }
                        for input in 0..<inputCount {
                            below[sample][step][input] += slope * Double(projection[input, neuron])
                        }
                    }
                }
            }
            layers.insert(gradient, at: 0)
            spikeErrors = below
        }
        return (layers, regulariser)
    }

    /// All weights and all angles, relative to the largest of their layer.
    private static func worst(
        _ found: GradientKeeper, _ expected: [LayerGradient], _ network: Network
    ) -> Double {
        var worst = 0.0
        func compare(_ pairs: [(Double, Double)]) {
            let scale = pairs.map(\.1.magnitude).max() ?? 1
            for (value, target) in pairs {
                worst = value.isNaN ? .infinity : max(worst, abs(value - target) / scale)
            }
        }
        for (layer, gradient) in expected.enumerated() {
            compare(
                gradient.weights.enumerated().flatMap { input, row in
                    row.enumerated().map { neuron, value in
                        (found.weight(network, layer: layer, input: input, neuron: neuron), value)
                    }
                })
            compare(
                gradient.angles.enumerated().flatMap { neuron, row in
                    row.enumerated().map { angle, value in
                        (found.angle(network, layer: layer, neuron: neuron, angle: angle), value)
                    }
                })
        }
        return worst
    }

    @Test(
        "the gradient of all weights and angles is the chain rule's, with and without the regulariser",
        arguments: SmallNetwork.models, [0, 0.3])
    func chainRule(model: any NeuronModel, regularization: Double) throws {
        let test = try SmallNetwork(model, counts: [66, 17, 5], sampleCount: 2, stepCount: 7)
        let simulator = test.simulator()
        test.run(simulator, regularizes: regularization != 0)
        let errors = Self.outputErrors(test)
        let keeper = GradientKeeper(test.network)
        let regulariser = simulator.reverse(
            test.network, outputErrors: .perSample(errors), surrogate: .straightThrough,
            regularization: Float(regularization), receiver: keeper)
        let expected = try Self.expected(
            test, simulator.rasters, stepErrors: Self.spread(errors, test), regularization: regularization)
        #expect(Self.worst(keeper, expected.layers, test.network) < 1e-4)
        #expect(abs(regulariser - expected.regulariser) <= 1e-5 * expected.regulariser)
    }

    @Test("a loss that sees every step has the chain rule's gradient too", arguments: SmallNetwork.models)
    func stepErrors(model: any NeuronModel) throws {
        let test = try SmallNetwork(model, counts: [17, 5], sampleCount: 3, stepCount: 6)
        let simulator = test.simulator()
        test.run(simulator)
        let errors = Self.stepErrors(test)
        let keeper = GradientKeeper(test.network)
        _ = simulator.reverse(
            test.network, outputErrors: .perStep(errors), surrogate: .straightThrough, regularization: 0,
            receiver: keeper)
        let expected = try Self.expected(test, simulator.rasters, stepErrors: errors, regularization: 0)
        #expect(Self.worst(keeper, expected.layers, test.network) < 1e-4)
    }

    @Test("gradients do not depend on the number of threads", arguments: SmallNetwork.models)
    func threads(model: any NeuronModel) throws {
        let test = try SmallNetwork(
            model, inputCount: 600, counts: [130, 65, 10], sampleCount: 100, stepCount: 3)
        let errors = Self.outputErrors(test)
        func gradient(threadCount: Int, level: InstructionSet = .current) -> [[UInt32]] {
            let simulator = test.simulator(threadCount: threadCount, instructionSet: level)
            let keeper = GradientKeeper(test.network)
            // Twice: a batch must not depend on what the working memory holds from the last one.
            for _ in 0..<2 {
                test.run(simulator, regularizes: true)
                _ = simulator.reverse(
                    test.network, outputErrors: .perSample(errors), surrogate: .bernoulliVariance,
                    regularization: 0.01,
                    receiver: keeper)
            }
            return keeper.bits
        }
        let single = gradient(threadCount: 1)
        for threadCount in 2...3 {
            #expect(gradient(threadCount: threadCount) == single, "\(threadCount) threads")
        }
    }

    @Test(
        "a whole run and its reverse give the same bits at every instruction-set level",
        arguments: SmallNetwork.models)
    func levels(model: any NeuronModel) throws {
        let test = try SmallNetwork(model, counts: [70, 12], sampleCount: 70, stepCount: 3)
        let errors = Self.outputErrors(test)
        func outcome(_ level: InstructionSet) -> ([SpikeRaster], [[UInt32]]) {
            let simulator = test.simulator(threadCount: 2, instructionSet: level)
            let keeper = GradientKeeper(test.network)
            test.run(simulator, regularizes: true)
            _ = simulator.reverse(
                test.network, outputErrors: .perSample(errors), surrogate: .sigmoidDerivative,
                regularization: 0.01,
                receiver: keeper)
            return (simulator.rasters, keeper.bits)
        }
        let narrow = outcome(.v2)
        for level in InstructionSet.allCases where level > .v2 && level <= .best {
            let wide = outcome(level)
            #expect(wide.0 == narrow.0, "spikes, \(level)")
            #expect(wide.1 == narrow.1, "gradients, \(level)")
        }
    }

    /// Otherwise the working memory of one batch would leak into the next, and parameters that belong to no
    /// neuron would be trained.
    @Test("a second batch has the gradient of a first one, and lanes past the last neuron have none")
    func batchesAreIndependent() throws {
        let test = try SmallNetwork(SmallNetwork.exchange, counts: [21, 10], sampleCount: 9, stepCount: 3)
        let errors = Self.outputErrors(test)
        let simulator = test.simulator()
        var gradients: [[[UInt32]]] = []
        for _ in 0..<3 {
            let keeper = GradientKeeper(test.network)
            test.run(simulator, regularizes: true)
            _ = simulator.reverse(
                test.network, outputErrors: .perSample(errors), surrogate: .straightThrough,
                regularization: 0.1,
                receiver: keeper)
            gradients.append(keeper.bits)
            for (layer, neuronCount) in [21, 10].enumerated() {
                for lane in neuronCount..<tileWidth {
                    #expect(keeper.weight(test.network, layer: layer, input: 0, neuron: lane) == 0)
                    #expect(keeper.angle(test.network, layer: layer, neuron: lane, angle: 0) == 0)
                }
            }
        }
        #expect(gradients[1] == gradients[0])
        #expect(gradients[2] == gradients[0])
    }
}
