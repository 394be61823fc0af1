import Compute
import SpikeDatasets
import SpikeTrains
import Networks
import Neurons
import Testing

@testable import Learning

struct OptimizerTests {
    /// Half a cosine: 1 at the start, 1/2 in the middle, 0 at the end.
    @Test("the cosine schedule falls from the full rate to 0; the constant one stays")
    func schedule() {
        let cosine = LearningRateSchedule.cosine
        #expect(cosine.factor(update: 0, of: 100) == 1)
        #expect(abs(cosine.factor(update: 50, of: 100) - 0.5) < 1e-12)
        #expect(abs(cosine.factor(update: 25, of: 100) - (0.5 + 0.5 * 0.5.squareRoot())) < 1e-12)
        #expect(abs(cosine.factor(update: 100, of: 100)) < 1e-12)
        let factors = (0...100).map { cosine.factor(update: $0, of: 100) }
        #expect(zip(factors, factors.dropFirst()).allSatisfy(>))
        #expect(LearningRateSchedule.constant.factor(update: 70, of: 100) == 1)
    }

    /// With plain gradient descent at rate 1 the first update is minus the gradient, so the change of the
    /// parameters shows its norm.
    private static func firstChange(limit: Double?, angleRateFactor: Double = 1) throws -> (
        weights: [Double], angles: [Double]
    ) {
        var recipe = SyntheticImages.recipe
        (recipe.optimizer, recipe.learningRate, recipe.schedule) = (.sgd, 1, .constant)
        (recipe.gradientNormLimit, recipe.angleRateFactor) = (limit, angleRateFactor)
        var trainer = try SyntheticImages.trainer(recipe)
        let before = trainer.network
        _ = try trainer.trainEpoch(on: SyntheticImages.make(16))
        func changes(_ buffers: (Network) -> [AlignedBuffer<Float>]) -> [Double] {
            zip(buffers(trainer.network), buffers(before)).flatMap { after, before in
                zip(after.array, before.array).map { Double($0) - Double($1) }
            }
        }
        return (changes { $0.projections.map(\.weights) }, changes { $0.populations.map(\.parameters) })
    }

    private static func norm(_ values: [Double]) -> Double {
        values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }

    @Test("a gradient longer than the limit is scaled down to it, a shorter one is left alone")
    func clipping() throws {
        let free = try Self.firstChange(limit: nil)
        let length = Self.norm(free.weights + free.angles)
        #expect(length > 0.1)
        let clipped = try Self.firstChange(limit: length / 5)
        #expect(abs(Self.norm(clipped.weights + clipped.angles) - length / 5) < 1e-4 * length)
        for (short, long) in zip(clipped.weights + clipped.angles, free.weights + free.angles) {
            #expect(abs(short - long / 5) < 1e-6)
        }
        let untouched = try Self.firstChange(limit: 2 * length)
        #expect(untouched.weights == free.weights)
        #expect(untouched.angles == free.angles)
    }

    @Test("the angles' learning rate has a factor of its own")
    func angleRate() throws {
        let plain = try Self.firstChange(limit: nil)
        let slow = try Self.firstChange(limit: nil, angleRateFactor: 0.25)
        #expect(slow.weights == plain.weights)
        #expect(Self.norm(plain.angles) > 0)
        for (change, full) in zip(slow.angles, plain.angles) { #expect(abs(change - full / 4) < 1e-6) }
    }

    /// Expected values: `SparsityRegulariser` of the firing probabilities of the reference neuron, and its
    /// gradient carried to the angles by `ReferenceNeuron.firingProbabilityGradient`. The loss itself is 0.
    @Test("the kernels' regulariser is the plain one, in value and gradient")
    func kernelRegulariser() throws {
        let (weight, stepCount, neuronCount) = (0.7, 4, 12)
        let trainer = try SyntheticImages.trainer()
        var network = try Network(
            inputCount: 36,
            populations: [
                Population(model: trainer.network.populations[0].model, neuronCount: neuronCount)
            ])
        try network.initialize(seed: 3, weightGain: 2, angleMean: 0.4, angleDeviation: 0.5)
        let images = SyntheticImages.make(3)
        let input = try RateEncoder().encode(
            pixels: images.pixels, inputCount: 36, sampleIndices: [0, 1, 2], stepCount: stepCount,
            random: RandomStream(seed: 1, purpose: .encoding), parallelism: Parallelism(threadCount: 1))
        let simulator = NetworkSimulator(
            network, stepCount: stepCount, parallelism: Parallelism(threadCount: 1), precision: .float32)
        simulator.compile(network)
        simulator.run(network, input: input, sampleIndices: [0, 1, 2], seed: 1, epoch: 0, regularizes: true)
        let store = GradientStore(network, trained: .all)
        let value = simulator.reverse(
            network, outputErrors: .perSample([Float](repeating: 0, count: 3 * neuronCount)),
            surrogate: .bernoulliVariance, regularization: Float(weight), receiver: store)

        let circuit = try #require(network.populations[0].model.circuit)
        let regulariser = SparsityRegulariser(weight: weight)
        var expected = 0.0
        var angles = [[Double]](repeating: [Double](repeating: 0, count: 5), count: neuronCount)
        for sample in 0..<3 {
            let neurons = try (0..<neuronCount).map {
                try ReferenceNeuron(
                    SQS(circuit), parameters: network.populations[0][parameters: $0].map { Double($0) })
            }
            let currents = (0..<neuronCount).map { neuron in
                (0..<stepCount).map { step in
                    let active = input.activeNeurons(sample: sample, step: step)
                    return [Double(active.reduce(Float(0)) { $0 + network.projections[0][$1, neuron] })]
                }
            }
            let spikes = (0..<neuronCount).map { neuron in
                (0..<stepCount).map { [simulator.outputRaster[sample, $0, neuron] ? 1 : 0] }
            }
            let firing = try (0..<neuronCount).map {
                try neurons[$0].run(currents: currents[$0], spikes: spikes[$0]).firingProbability
            }
            let activities = (0..<stepCount).map { step in firing.map { $0[step][0] } }
            expected += regulariser.value(activities)
            let slopes = regulariser.gradient(activities)
            for neuron in 0..<neuronCount {
                let gradient = try neurons[neuron].firingProbabilityGradient(
                    weights: slopes.map { [$0[neuron]] }, currents: currents[neuron], spikes: spikes[neuron])
                for angle in 0..<5 { angles[neuron][angle] += gradient.parameters[angle] }
            }
        }
        #expect(abs(value - expected) < 1e-5 * expected)
        let scale = angles.joined().map(\.magnitude).max() ?? 0
        for (neuron, row) in angles.enumerated() {
            for (angle, slope) in row.enumerated() {
                #expect(abs(Double(store.neurons[0][angle * tileWidth + neuron]) - slope) < 1e-4 * scale)
            }
        }
    }
}
