import QuantumCircuits
import QuantumBackends
import Testing

struct CircuitBatchTests {
    @Test("parameters are the angles, then the embedding angles step by step; currents of 0 or less are 0")
    func parameters() throws {
        let neuron = try Examples.neuron(ioQubits: 2, stepCount: 2)
        let angles = (0..<neuron.circuit.parameterCount).map { Double($0) }
        let set = try neuron.parameters(angles: angles, currents: [[0.5, -1], [0, 1]])
        #expect(set == angles + [.pi / 2, 0, 0, .pi])
        #expect(
            neuron.parameterNames.suffix(4) == ["phi_0_0", "phi_0_1", "phi_1_0", "phi_1_1"]
                && neuron.parameterNames.count == set.count)
    }

    @Test("what does not fit is refused with its place")
    func refused() throws {
        let neuron = try Examples.neuron(stepCount: 2)
        #expect(
            throws: BackendError.task(place: "steps", problem: "found 0, expected 1 to 128 with 1 channels")
        ) {
            try Examples.neuron(stepCount: 0)
        }
        #expect(throws: BackendError.task(place: "parameter sets[1]", problem: "found 1 numbers, expected 7"))
        {
            try CircuitTask(neuron, parameterSets: [[1, 2, 3, 4, 5, 6, 7], [1]], shots: 1)
        }
        #expect(
            throws: BackendError.task(
                place: "parameter sets[0][6]", problem: "found nan, expected radians from -205888 to 205888")
        ) { try CircuitTask(neuron, parameterSets: [[1, 2, 3, 4, 5, 6, .nan]], shots: 1) }
        #expect(throws: BackendError.task(place: "shots", problem: "found 0, expected 1 to 1000000")) {
            try CircuitTask(neuron, parameterSets: [[1, 2, 3, 4, 5, 6, 7]], shots: 0)
        }
        #expect(throws: BackendError.self) { try neuron.parameters(angles: [1], currents: [[1], [1]]) }
        #expect(throws: BackendError.self) { try Examples.batch("two\nlines") }
    }

    @Test("the digest depends on everything that answers depend on")
    func digest() throws {
        let batch = try Examples.batch()
        #expect(try Examples.batch().digest == batch.digest)
        var digests = [
            batch.digest, try Examples.batch("b").digest, try Examples.batch(seed: 2).digest,
            try Examples.batch(shots: 6).digest, try Examples.batch(stepCount: 2).digest,
            try Examples.batch(setCount: 3).digest,
        ]
        func digest(_ angle: Double, _ scale: Double) throws -> String {
            let circuit = try Circuit(
                ioQubits: 1, memoryQubits: 0,
                gates: [
                    Gate(.rx, qubits: [0], angle: .fixed(angle)), Gate(.ry, 0, parameter: 0, scale: scale),
                ])
            return try CircuitBatch(
                name: "a batch",
                tasks: [
                    CircuitTask(NeuronCircuit(circuit, stepCount: 1), parameterSets: [[1, 2]], shots: 5)
                ],
                seed: 1
            ).digest
        }
        digests += [try digest(0.1, 1), try digest(0.2, 1), try digest(0.1, 2)]
        #expect(Set(digests).count == digests.count)
        #expect(batch.shotCount == 20 && batch.setCount == 4)
    }
}
