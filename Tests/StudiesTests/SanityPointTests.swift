import Compute
import Foundation
import Learning
import QuantumCircuits
import SpikeTrains
import Networks
import Neurons
import Testing

@testable import Studies

/// Networks of one neuron whose answers follow from the equations by hand.
@Suite("Solutions that can be written down")
struct SanityPointTests {
    /// How a network of one neuron does, with weight 1 (φ = π) from the first channels and 0 from the others, read out by its spike.
    private static func score(
        _ task: TemporalTask, _ neuron: any NeuronModel, angles: [Float], weights: [Float] = [1],
        readout: [Float] = [2, -1]
    ) throws -> TaskScore {
        var network = try Network(
            inputCount: task.channels.count, populations: [Population(model: neuron, neuronCount: 1)])
        network.withProjection(0) { projection in
            for (channel, weight) in weights.enumerated() { projection[channel, 0] = weight }
        }
        network.withPopulation(0) { $0[parameters: 0] = angles }
        let trainer = try Trainer(
            network: network, plan: StudyRecipe().plan(task),
            objective: LinearReadout(readout, loss: .logistic), seed: 3, threads: 1)
        return try TaskScore(trainer, on: task, trialCount: 1500)
    }

    @Test("a full swap is an exact one-step delay line, and a chain of two swaps a two-step one")
    func swap() throws {
        // CRX(π) three times, there and back, is a swap but for signs that no measurement sees; no rotation after it.
        for memoryQubits in 1...2 {
            let circuit = try Ansatz.exchange.circuit(memoryQubits: memoryQubits)
            let angles =
                [Float](repeating: .pi, count: 3 * memoryQubits)
                + [Float](repeating: 0, count: 1 + memoryQubits)
            let neuron = SQS(circuit)
            #expect(
                try Self.score(.delay(memoryQubits), neuron, angles: angles).accuracy == 1)
            // Another delay is another task: the answers are independent of what the neuron holds.
            let other = try Self.score(.delay(3 - memoryQubits), neuron, angles: angles)
            // 9,000 answers: 5σ is 0.026.
            #expect(abs(other.accuracy - 0.5) < 0.03)
        }
    }

    @Test("last-spike-feedback with θ_ent = π does running parity and latching exactly, with one neuron")
    func lastSpikeFeedback() throws {
        // p(s_t = 1) = sin²((π x_t + π s_{t−1})/2) = x_t ⊕ s_{t−1}.
        for task in [TemporalTask.runningParity, .recall(6)] {
            #expect(try Self.score(task, LastSpikeFeedback(), angles: [.pi, 0, 0]).accuracy == 1)
        }
        // The latch fires at each of the eight steps of a trial with a cue, and half of the trials have one: 4 spikes,
        // 5σ of 1,500 trials is 0.52.
        let latch = try Self.score(.recall(6), LastSpikeFeedback(), angles: [.pi, 0, 0])
        #expect(abs(latch.spikesPerTrial - 4) < 0.52)
    }

    @Test("without memory, or with one that never sees the input, every task is a coin toss")
    func chance() throws {
        for name in ["memoryless", "memory-controlled", "input-controlled"] {
            let model = try CandidateModel.named(name)
            var recipe = StudyRecipe()
            recipe.updateCount = 60
            for task in [TemporalTask.delay(1), .recall(1), .order] {
                var trainer = try StudyCell(task: task, model: model, seed: 2, recipe: recipe).trainer()
                _ = try trainer.trainEpoch(on: recipe.samples(of: task))
                let score = try TaskScore(trainer, on: task, trialCount: 1000)
                // Fair coins, one a trial at least: 5σ is 0.08.
                #expect(abs(score.accuracy - 0.5) < 0.08, "\(name) on \(task.name)")
            }
        }
    }

    /// The memory states 00 (no cue yet) and 01 (cued) stay as they are, in silence, while there is no input. With input, 00
    /// becomes 01 and the neuron fires; 01 leaves for 10 and the neuron is silent. So a spike at `go` says: no cue.
    @Test(
        "two memory qubits hold a cue in silence and give it on demand, for one spike a trial; a latch needs four"
    )
    func silentRecall() throws {
        let half = Double.pi / 2
        let circuit = try Circuit(
            ioQubits: 1, memoryQubits: 2,
            gates: [
                Gate(.cx, qubits: [0, 2]),
                // Input-output and first memory qubit are swapped where the second is 0: a Fredkin gate.
                Gate(.x, qubits: [2]), Gate(.cx, qubits: [1, 0]),
                Gate(.crx, qubits: [0, 1], angle: .fixed(half)), Gate(.cx, qubits: [2, 0]),
                Gate(.crx, qubits: [0, 1], angle: .fixed(-half)), Gate(.cx, qubits: [2, 0]),
                Gate(.crx, qubits: [2, 1], angle: .fixed(half)),
                Gate(.cx, qubits: [1, 0]), Gate(.x, qubits: [2]),
            ])
        for silence in [1, 6, 20] {
            let quantum = try Self.score(
                .recallOnGo(silence), SQS(circuit), angles: [], weights: [1, 1],
                readout: [-2, 1])
            #expect(quantum.accuracy == 1 && quantum.spikesPerTrial == 1)
        }
    }

    /// Why one memory qubit cannot be asked on demand. With V = (V₀₀ V₀₁; V₁₀ V₁₁), p(spike | φ, m) = |c V₁₀ m − i s V₁₁ m|²
    /// with c = cos φ/2, s = sin φ/2. Unitarity gives ‖V₀₁‖ = ‖V₁₀‖ = √ε for a memory of one qubit, where ε is the largest
    /// firing probability at no current; so s²(1 − ε) ≤ |s V₁₁ m|² ≤ s², and the cross term is at most |sin φ| √ε.
    @Test("a neuron that is silent without current shows its memory at no current: spread ≤ ε + 2 √ε |sin φ|")
    func silentMemory() throws {
        var random = RandomStream(seed: 8, purpose: .analysis).generator()
        for ansatz in [Ansatz.exchange, .partialSwap, .twoWay, .layered(2)] {
            let circuit = try ansatz.circuit()
            for _ in 0..<100 {
                // Small angles make nearly silent circuits.
                let size = Double.random(in: 0...1, using: &random)
                let angles = (0..<circuit.parameterCount).map { _ in
                    size * Double.random(in: -.pi...(.pi), using: &random)
                }
                let instrument = try Instrument(circuit: circuit, angles: angles)
                let memories = (0..<40).map { _ in Self.memory(using: &random) }
                func firing(_ rotation: Double) -> [Double] {
                    let operation = instrument.krausOperator(spikes: 1, rotations: [rotation])
                    return memories.map { memory in
                        (0..<2).reduce(0) { sum, row in
                            sum
                                + (operation[row, 0] * memory[0] + operation[row, 1] * memory[1])
                                .squaredMagnitude
                        }
                    }
                }
                let silent = instrument.krausOperator(spikes: 1, rotations: [0])
                let leak = Self.squaredNorm(silent)
                let rotation = Double.random(in: 0...(.pi), using: &random)
                let probabilities = firing(rotation)
                let spread = (probabilities.max() ?? 0) - (probabilities.min() ?? 0)
                #expect(spread <= leak + 2 * leak.squareRoot() * sin(rotation) + 1e-12, "\(ansatz.name)")
            }
        }
    }

    /// A random pure state of a qubit.
    private static func memory(using random: inout RandomWalk) -> [Complex] {
        let parts = (0..<4).map { _ in Double.standardNormal(using: &random) }
        let norm = parts.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return [Complex(parts[0] / norm, parts[1] / norm), Complex(parts[2] / norm, parts[3] / norm)]
    }

    /// The largest |A m|² over unit vectors m, of a 2 × 2 matrix: the larger eigenvalue of A†A.
    private static func squaredNorm(_ matrix: ComplexMatrix) -> Double {
        let trace = [(0, 0), (0, 1), (1, 0), (1, 1)].reduce(0) { $0 + matrix[$1.0, $1.1].squaredMagnitude }
        let determinant =
            (matrix[0, 0] * matrix[1, 1] - matrix[0, 1] * matrix[1, 0]).squaredMagnitude
        return trace / 2 + max(trace * trace / 4 - determinant, 0).squareRoot()
    }
}
