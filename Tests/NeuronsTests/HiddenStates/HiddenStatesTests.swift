import Compute
import DeviceNoise
import QuantumCircuits
import Testing

@testable import Neurons

/// The classical twins of the quantum neuron. Expected values: equations written out again here, and sums over all histories.
struct HiddenStatesTests {
    static let twins: [any NeuronModel] =
        [1, 2, 3, 8].flatMap { count in
            HiddenStates.Embedding.allCases.compactMap {
                try? HiddenStates(stateCount: count, embedding: $0)
            }
        } + [HiddenBit()] + [2, 3, 8].compactMap { try? LastSpikeFeedback(history: $0) } + dephased

    static let dephased: [any NeuronModel] = [(0.3, 0.7), (1, 0), (1, 1.1)].compactMap { strength, polar in
        try? dephased(.exchange, strength: strength, polar: polar)
    }

    private static func dephased(
        _ ansatz: Ansatz, strength: Double, polar: Double = 0, memoryQubits: Int = 1
    ) throws -> SQS {
        var noise = NoiseParameters()
        noise.memoryDephasing = MemoryDephasing(strength: strength, polar: polar, azimuth: .pi / 2)
        return SQS(try ansatz.circuit(memoryQubits: memoryQubits), noise: try NoiseModel(noise))
    }

    private static func parameters(of model: any NeuronModel, seed: UInt64) -> [Double] {
        var random = RandomStream(seed: seed, purpose: .analysis).generator()
        return (0..<model.parameterCount).map { _ in Double.standardNormal(using: &random) }
    }

    private static func currents(stepCount: Int, seed: UInt64) -> [[Double]] {
        var random = RandomStream(seed: seed, purpose: .analysis).generator(sample: 1)
        return (0..<stepCount).map { _ in [Double.random(in: -0.3...1, using: &random)] }
    }

    private static func histories(_ stepCount: Int) -> [[[Int]]] {
        (0..<1 << stepCount).map { number in (0..<stepCount).map { [number >> $0 & 1] } }
    }

    @Test("engines of classical twins are their references, at any level", arguments: twins)
    func engines(model: any NeuronModel) throws {
        for level in InstructionSet.allCases where level <= .best {
            let check = try NeuronCheck(
                of: model, neuronCount: 19, sampleCount: 2, stepCount: 7, instructionSet: level,
                tolerance: 2e-5)
            #expect(check.passed, "\(model.title), \(level): \(check.failures)")
        }
    }

    @Test("probabilities of a twin add up to 1 over all histories of six steps", arguments: twins)
    func normalised(model: any NeuronModel) throws {
        for seed in 0..<3 as Range<UInt64> {
            let neuron = try ReferenceNeuron(model, parameters: Self.parameters(of: model, seed: seed))
            let currents = Self.currents(stepCount: 6, seed: seed)
            let total = try Self.histories(6).reduce(0.0) { sum, spikes in
                do {
                    return sum
                        + (try neuron.run(currents: currents, spikes: spikes)).stepProbability.reduce(1, *)
                } catch NeuronError.input {
                    // Histories without a chance are refused; they add nothing.
                    return sum
                }
            }
            #expect(abs(total - 1) < 1e-12, "seed \(seed)")
        }
    }

    @Test("gradients of a twin's log-likelihood are the slopes of it", arguments: twins)
    func gradients(model: any NeuronModel) throws {
        let parameters = Self.parameters(of: model, seed: 5)
        let currents = Self.currents(stepCount: 5, seed: 5).map { [abs($0[0]) + 0.05] }
        let spikes = [[0], [1], [1], [0], [1]]
        let neuron = try ReferenceNeuron(model, parameters: parameters)
        let gradient = try neuron.logLikelihoodGradient(currents: currents, spikes: spikes)
        let check = try gradientCheck(
            function: { point in
                try ReferenceNeuron(model, parameters: Array(point.prefix(parameters.count)))
                    .run(currents: point.dropFirst(parameters.count).map { [$0] }, spikes: spikes)
                    .logLikelihood
            }, at: parameters + currents.map { $0[0] },
            gradient: gradient.parameters + gradient.currents.map { $0[0] }, tolerance: 1e-7, step: 1e-3)
        #expect(check.passed, "\(model.title): \(check)")
    }

    /// Amplitudes in the gauge (−i)^{ones} are real; of state i those of |x⟩|i⟩ to |s⟩|j⟩.
    private static func blocks(of circuit: Circuit, angles: [Double]) throws -> [Double] {
        let unitary = try circuit.unitary(angles: angles)
        let phases = [Complex(1), Complex(0, -1), Complex(-1), Complex(0, 1)]
        let states = circuit.memoryDimension
        return (0..<states).flatMap { state in
            (0..<2).flatMap { input in
                (0..<2 * states).map { outcome -> Double in
                    let column = input * states + state
                    let phase =
                        phases[(outcome.nonzeroBitCount - column.nonzeroBitCount + 4) % 4].conjugate
                    return (phase * unitary[outcome, column]).real
                }
            }
        }
    }

    @Test(
        "a quantum neuron whose memory is dephased in the computational basis is the classical neuron of its own blocks",
        arguments: [1, 2])
    func dephasedIsClassical(memoryQubits: Int) throws {
        for ansatz in [Ansatz.exchange, .twoWay, .memoryControlled] {
            let quantum = try Self.dephased(ansatz, strength: 1, memoryQubits: memoryQubits)
            let angles = Self.parameters(of: quantum, seed: 8)
            let classical = try HiddenStates(stateCount: 1 << memoryQubits, embedding: .coherent)
            let twin = try ReferenceNeuron(
                classical, parameters: Self.blocks(of: quantum.stepCircuit, angles: angles))
            let neuron = try ReferenceNeuron(quantum, parameters: angles)
            let currents = Self.currents(stepCount: 6, seed: 9)
            for spikes in Self.histories(6) {
                let found = try neuron.run(currents: currents, spikes: spikes).stepProbability
                let expected = try twin.run(currents: currents, spikes: spikes).stepProbability
                for (found, expected) in zip(found, expected) {
                    #expect(abs(found - expected) < 1e-12, "\(ansatz.name), spikes \(spikes)")
                }
            }
        }
    }

    @Test(
        "without strength nothing is dephased; the basis of the memory's own rotation axis keeps what lies along it"
    )
    func strength() throws {
        let circuit = try Ansatz.exchange.circuit()
        let angles = [0.7, -1.2, 2.1, 0.4, -0.9]
        let currents = Self.currents(stepCount: 5, seed: 2)
        let spikes = [[0], [1], [0], [0], [1]]
        let pure = try ReferenceNeuron(SQS(circuit), parameters: angles)
            .run(currents: currents, spikes: spikes)
        for strength in [0.0, 1e-9, 1] {
            let response = try ReferenceNeuron(
                Self.dephased(.exchange, strength: strength), parameters: angles
            ).run(currents: currents, spikes: spikes)
            let distance = zip(response.stepProbability, pure.stepProbability).map { abs($0 - $1) }.max() ?? 0
            #expect(strength == 1 ? distance > 1e-3 : distance < 1e-8, "strength \(strength): \(distance)")
            if strength == 1 {
                // Every memory is a classical bit: along Z.
                for memory in response.memory { #expect(abs(memory[0]) + abs(memory[1]) < 1e-12) }
            }
        }
    }

    @Test("two states of a neuron do what a table says: a delay line of one step")
    func delayLine() throws {
        // From x and i to spike i and state x: outcome i · 2 + x gets everything.
        let model = try HiddenStates(stateCount: 2)
        var logits: [Double] = []
        for input in 0..<2 {
            for state in 0..<2 {
                let wanted = state * 2 + input
                logits += (1..<4).map { wanted == 0 ? -60 : $0 == wanted ? 60 : 0 }
            }
        }
        let neuron = try ReferenceNeuron(model, parameters: logits)
        let inputs = [1, 0, 1, 1, 0, 1]
        let response = try neuron.run(
            currents: inputs.map { [Double($0)] }, spikes: ([0] + inputs.dropLast()).map { [$0] })
        for probability in response.stepProbability { #expect(abs(probability - 1) < 1e-12) }
        for (memory, input) in zip(response.memory, inputs) { #expect(abs(memory[input] - 1) < 1e-12) }
    }

    @Test("numbers that no such neuron has are refused by name")
    func refusals() throws {
        #expect(throws: NeuronError.self) { try HiddenStates(stateCount: 0) }
        #expect(throws: NeuronError.self) { try HiddenStates(stateCount: 17) }
        #expect(throws: NeuronError.self) { try LastSpikeFeedback(history: 33) }
        let coherent = try HiddenStates(stateCount: 1, embedding: .coherent)
        // Parallel vectors.
        #expect(throws: NeuronError.self) { try ReferenceNeuron(coherent, parameters: [1, 2, 2, 4]) }
        var noise = NoiseParameters()
        noise.memoryDephasing = MemoryDephasing(strength: 1.1)
        #expect(throws: NoiseError.self) { try NoiseModel(noise) }
    }
}
