import DeviceNoise
import Compute
import Foundation
import QuantumCircuits
import QuantumBackends
import Neurons
import TestSupport
import Testing

/// Counts against exact probabilities: of all histories from the reference neuron, and of the golden traces.
struct BuiltInSimulatorTests {
    struct Shape: CustomTestStringConvertible, Sendable {
        let ansatz: String
        let ioQubits: Int
        let memoryQubits: Int
        let stepCount: Int
        var testDescription: String { "\(ansatz) \(ioQubits)+\(memoryQubits), T = \(stepCount)" }
    }

    static let shapes = [
        Shape(ansatz: "exchange", ioQubits: 1, memoryQubits: 1, stepCount: 5),
        Shape(ansatz: "partial-swap", ioQubits: 1, memoryQubits: 2, stepCount: 3),
        Shape(ansatz: "input-controlled-ry", ioQubits: 2, memoryQubits: 1, stepCount: 2),
        Shape(ansatz: "memory-controlled", ioQubits: 1, memoryQubits: 1, stepCount: 1),
    ]

    private static let shots = 40_000

    private func check(_ shape: Shape, noise: NoiseModel?, zeroCurrents: Bool = false) throws {
        let neuron = try Examples.neuron(
            .named(shape.ansatz), ioQubits: shape.ioQubits, memoryQubits: shape.memoryQubits,
            stepCount: shape.stepCount)
        var parameters = Examples.numbers(neuron.parameterCount, seed: 7)
        if zeroCurrents {
            for index in neuron.circuit.parameterCount..<parameters.count { parameters[index] = 0 }
        }
        let batch = try CircuitBatch(
            name: "check",
            tasks: [CircuitTask(neuron, parameterSets: [parameters], shots: Self.shots)], seed: 3)
        let backend = BuiltInSimulator(noise: noise ?? .none, name: "test")
        let counts = try backend.run(batch)[0][0]
        #expect(counts.shots == Self.shots)
        let exact = try Examples.probabilities(neuron, noise: noise, parameters: parameters)
        let deviation = Examples.largestDeviation(counts, from: exact)
        #expect(deviation < 5, "\(deviation) standard deviations in \(Self.shots) shots, seed 3")
    }

    @Test("counts without noise are those of the exact probabilities within 5 sigma", arguments: shapes)
    func ideal(shape: Shape) throws { try check(shape, noise: nil) }

    @Test("counts with a device's noise are those of the reference within 5 sigma", arguments: shapes)
    func noisy(shape: Shape) throws { try check(shape, noise: try strongNoise()) }

    @Test("an angle of 0 is a gate with its noise")
    func zeroCurrent() throws {
        try check(Self.shapes[0], noise: try strongNoise(), zeroCurrents: true)
        // With so much noise at the embedding that leaving it out would show.
        let neuron = try NeuronCircuit(
            Circuit(ioQubits: 1, memoryQubits: 0, gates: []), stepCount: 1)
        var noise = NoiseParameters()
        noise.oneQubitGates.bitFlip = 0.5
        let batch = try CircuitBatch(
            name: "zero", tasks: [CircuitTask(neuron, parameterSets: [[0]], shots: 10_000)], seed: 1)
        let counts = try BuiltInSimulator(noise: NoiseModel(noise), name: "test").run(batch)[0][0]
        let fired = counts.count(startingWith: SpikeHistory(patterns: [1], channelCount: 1))
        // 5 standard deviations of 50 shots each.
        #expect(abs(fired - 5000) < 250)
    }

    /// Everything that can go wrong, differently on each qubit.
    private func strongNoise() throws -> NoiseModel {
        var noise = NoiseParameters()
        noise.oneQubitGates = GateNoise(depolarizing: 0.02, duration: 500)
        noise.oneQubitGates.overRotation = .init(factor: 0.05, offset: 0.02)
        noise.twoQubitGates = GateNoise(depolarizing: 0.05, duration: 2000)
        noise.twoQubitGates.amplitudeDamping = 0.03
        noise.qubits = QubitNoise(
            t1: 50, t2: 40, measurement: 4000, readout: [[0.95, 0.05], [0.1, 0.9]])
        noise.qubitRules = [QubitNoise(readout: [[0.9, 0.1], [0.02, 0.98]])]
        return try NoiseModel(noise)
    }

    @Test("histories of the golden noisy traces come as often as they should within 5 sigma")
    func golden() throws {
        let data = try Golden.data("neuron-noisy.json")
        let cases = try NeuronTrace.decode(data, path: "neuron-noisy.json").quantumCases(path: "golden")
        let expected = try cases.map { try #require($0.expected) }
        var checked = 0
        for (index, entry) in cases.enumerated() {
            guard let noise = entry.noise, entry.currents.joined().allSatisfy({ $0 > 0 }) else { continue }
            let circuit = try entry.circuit()
            guard circuit.qubitCount <= BuiltInSimulator.maximumQubitCount else { continue }
            let neuron = try NeuronCircuit(circuit, stepCount: entry.currents.count)
            let set = try neuron.parameters(angles: entry.angles, currents: entry.currents)
            let batch = try CircuitBatch(
                name: "golden \(index)",
                tasks: [CircuitTask(neuron, parameterSets: [set], shots: 20_000)], seed: 1)
            let counts = try BuiltInSimulator(noise: noise, name: "test").run(batch)[0][0]
            let exact = expected[index].stepProbability
            var probability = 1.0
            for step in entry.spikes.indices {
                probability *= exact[step]
                let prefix = SpikeHistory(
                    patterns: entry.spikes.prefix(step + 1).map(Instrument.pattern),
                    channelCount: neuron.channelCount)
                // Fewer than ten shots expected: the normal distribution would not apply.
                guard probability * 20_000 > 10 else { break }
                let spread = (probability * (1 - probability) / 20_000).squareRoot()
                let frequency = Double(counts.count(startingWith: prefix)) / 20_000
                #expect(abs(frequency - probability) < 5 * spread, "case \(index), step \(step)")
                checked += 1
            }
        }
        #expect(checked > 10, "only \(checked) steps could be compared")
    }

    @Test("counts do not depend on the number of threads, but on the batch's name and seed")
    func reproducible() throws {
        let batch = try Examples.batch(setCount: 200, shots: 7)
        let counts = try BuiltInSimulator(name: "test", parallelism: Parallelism(threadCount: 1)).run(batch)
        for threads in [2, 3] {
            let backend = BuiltInSimulator(name: "test", parallelism: Parallelism(threadCount: threads))
            #expect(try backend.run(batch) == counts)
        }
        let ideal = BuiltInSimulator.ideal
        #expect(try ideal.run(Examples.batch("another", setCount: 200, shots: 7)) != counts)
        #expect(try ideal.run(Examples.batch(setCount: 200, shots: 7, seed: 2)) != counts)
    }

    @Test("a circuit that does not fit is refused with its place")
    func refused() throws {
        let neuron = try Examples.neuron(memoryQubits: 6, stepCount: 1)
        let set = [Double](repeating: 0, count: neuron.parameterCount)
        let batch = try CircuitBatch(
            name: "large", tasks: [CircuitTask(neuron, parameterSets: [set], shots: 1)], seed: 1)
        #expect(
            throws: BackendError.task(
                place: "tasks[0]",
                problem: "circuit 'exchange' has 7 qubits, expected at most 6 on backend ideal")
        ) { try BuiltInSimulator.ideal.run(batch) }
    }
}
