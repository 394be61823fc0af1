import Compute
import DeviceNoise
import QuantumCircuits
import Testing

@testable import Neurons

/// What a spike does to its own neuron's later firing. Expected values: the references' probabilities along other spikes.
struct OwnSpikeCreditTests {
    static let models: [any NeuronModel] =
        [1, 2, 4].compactMap { try? LastSpikeFeedback(history: $0) }
        + [HiddenBit()]
        + HiddenStates.Embedding.allCases.compactMap { try? HiddenStates(stateCount: 3, embedding: $0) }
        + [Ansatz.exchange, .partialSwap].flatMap { ansatz in
            [1, 2].compactMap { qubits -> SQS? in
                (try? ansatz.circuit(memoryQubits: qubits)).map { SQS($0, noise: NoiseModel.none) }
            }
        }

    /// One neuron at random parameters and currents.
    private struct OneNeuron {
        let model: any NeuronModel
        let parameters: [Double]
        let currents: [Float]

        init(_ model: any NeuronModel, stepCount: Int) {
            self.model = model
            var random = RandomStream(seed: 3, purpose: .analysis).generator()
            parameters = (0..<model.parameterCount).map { _ in
                Double(Float(Double.standardNormal(using: &random)))
            }
            currents = (0..<stepCount).map { _ in Float.random(in: 0.1...0.9, using: &random) }
        }

        /// ∂L/∂z of each step along given spikes, L = Σ_t w_t s_t.
        func errors(_ spikes: [Int], weights: [Float], credits: Bool, windowLength: Int? = nil) throws
            -> [Double]
        {
            let parallelism = Parallelism(threadCount: 1)
            var population = try Population(model: model, neuronCount: 1)
            population[parameters: 0] = parameters.map { Float($0) }
            let simulator = PopulationSimulator(
                population, stepCount: currents.count, windowLength: windowLength, parallelism: parallelism)
            simulator.prepare(sampleCount: 1)
            simulator.compile(population, parallelism: parallelism)
            let share = PopulationSimulator.Share(
                tile: 0, thread: 0, neuronCount: 1, rowCount: currents.count, samples: 0..<1)
            func packed(_ values: [Float]) -> AlignedBuffer<Float> {
                AlignedBuffer(values.flatMap { [$0] + [Float](repeating: 0, count: tileWidth - 1) })
            }
            let input = packed(currents)
            var words = AlignedBuffer(spikes.map { UInt64($0) })
            // Windows carry the memory that the forward pass leaves; its spikes are drawn until they are those that are wanted.
            var attempt = 0
            repeat {
                attempt += 1
                let drawn = words.mutableView()
                for window in 0..<simulator.windowCount {
                    simulator.step(
                        share, window: window, currents: input.view, spikes: drawn, wordsPerRow: 1,
                        identities: AlignedBuffer([UInt32(attempt)]).view,
                        random: RandomStream(seed: 1, purpose: .spike))
                }
            } while words.array.map({ Int($0) }) != spikes && attempt < 20000
            try #require(words.array.map { Int($0) } == spikes, "these spikes never came")
            var errors = packed(weights)
            let gradient = WorkingBuffer<Float>(count: simulator.compiledSize).view
            for window in (0..<simulator.windowCount).reversed() {
                simulator.adjoint(
                    share, window: window, currents: input.view, spikes: words.view, wordsPerRow: 1,
                    errors: errors.mutableView(), surrogate: .straightThrough, creditsOwnSpikes: credits,
                    compiledGradient: gradient)
            }
            return currents.indices.map { Double(errors[$0 * tileWidth]) }
        }

        /// p(s_t = 1) of every step along given spikes, and ∂p(s_t = 1)/∂z_t.
        func firing(_ spikes: [Int]) throws -> [(value: Double, slope: Double)] {
            let dynamics = try model.reference(parameters)
            return try dynamics.steps(
                currents: currents.map { [Double($0)] }, spikes: spikes.map { [$0] },
                variables: currents.indices.map { .current(step: $0, channel: 0) }
            ).enumerated().map { ($1.firing[0].value, $1.firing[0].slopes[$0]) }
        }
    }

    @Test("of two steps, a spike's credit is the difference that it makes to the second", arguments: models)
    func twoSteps(model: any NeuronModel) throws {
        let neuron = OneNeuron(model, stepCount: 2)
        for spikes in [[0, 0], [1, 0], [0, 1], [1, 1]] {
            let firing = try neuron.firing(spikes)
            guard spikes[0] == 1 ? firing[0].value > 1e-3 : firing[0].value < 1 - 1e-3 else { continue }
            let difference =
                try neuron.firing([1, spikes[1]])[1].value - neuron.firing([0, spikes[1]])[1].value
            let weights: [Float] = [0.4, -1.3]
            let with = try neuron.errors(spikes, weights: weights, credits: true)
            let without = try neuron.errors(spikes, weights: weights, credits: false)
            let expected = Double(weights[1]) * difference * firing[0].slope
            #expect(abs(with[0] - without[0] - expected) < 2e-5, "\(model.title), spikes \(spikes)")
            #expect(with[1] == without[1])
        }
    }

    @Test("of a neuron that knows its last spike alone, credit is what all histories together say")
    func allHistories() throws {
        let neuron = OneNeuron(LastSpikeFeedback(), stepCount: 4)
        let weights: [Float] = [0.3, -1, 0.8, 2]
        /// E[Σ of the weights of the spikes from a step on | whether that step's spike is there].
        func value(from step: Int, fired: Bool) throws -> Double {
            let own = fired ? Double(weights[step]) : 0
            guard step < 3 else { return own }
            var history = [0, 0, 0, 0]
            history[step] = fired ? 1 : 0
            let next = try neuron.firing(history)[step + 1].value
            return own + next * (try value(from: step + 1, fired: true))
                + (1 - next) * (try value(from: step + 1, fired: false))
        }
        let likely = try (0..<16).map { number in (0..<4).map { number >> $0 & 1 } }.filter { spikes in
            zip(spikes, try neuron.firing(spikes)).allSatisfy { $0 == 1 ? $1.value > 0.05 : $1.value < 0.95 }
        }
        #expect(likely.count > 3)
        for spikes in likely {
            let errors = try neuron.errors(spikes, weights: weights, credits: true)
            let slopes = try neuron.firing(spikes).map(\.slope)
            for step in 0..<4 {
                let effect = try value(from: step, fired: true) - value(from: step, fired: false)
                #expect(abs(errors[step] - effect * slopes[step]) < 1e-5, "spikes \(spikes), step \(step)")
            }
        }
    }

    @Test("windows hand on what later spikes are worth", arguments: models)
    func windows(model: any NeuronModel) throws {
        let neuron = OneNeuron(model, stepCount: 5)
        let weights: [Float] = [0.3, -1, 0.8, 2, -0.6]
        let spikes = [0, 1, 0, 0, 1]
        // Spikes that this neuron can give.
        guard
            try neuron.firing(spikes).indices.allSatisfy({ step in
                let firing = try neuron.firing(spikes)[step].value
                return spikes[step] == 1 ? firing > 0.05 : firing < 0.95
            })
        else { return }
        let whole = try neuron.errors(spikes, weights: weights, credits: true)
        let parts = try neuron.errors(spikes, weights: weights, credits: true, windowLength: 2)
        for (part, all) in zip(parts, whole) { #expect(abs(part - all) < 1e-5, "\(model.title)") }
    }
}
