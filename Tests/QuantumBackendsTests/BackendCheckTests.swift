import QuantumCircuits
import Testing

@testable import QuantumBackends

struct BackendCheckTests {
    @Test("every gate's own circuit notices when the gate is another", arguments: try GateExample.all())
    func sensitive(example: GateExample) throws {
        // The same circuit with the gate turning by half as much more, or left out.
        func deviation(_ circuit: Circuit, angles: [Double]) throws -> Double {
            let neuron = try NeuronCircuit(circuit, stepCount: 3)
            let currents = [[0.3], [0.6], [0.45]]
            let set = try neuron.parameters(angles: angles, currents: currents)
            let batch = try CircuitBatch(
                name: "other", tasks: [CircuitTask(neuron, parameterSets: [set], shots: 20_000)], seed: 1)
            let counts = try BuiltInSimulator.ideal.run(batch)[0][0]
            let exact = try Examples.probabilities(
                try NeuronCircuit(example.circuit, stepCount: 3), noise: nil,
                parameters: example.angles + currents.map { .pi * $0[0] })
            return Examples.largestDeviation(counts, from: exact)
        }
        #expect(try deviation(example.circuit, angles: example.angles) < 5)
        var gates = example.circuit.gates
        gates.remove(at: 4)
        let without = try Circuit(
            ioQubits: 1, memoryQubits: 1, gates: gates, parameterCount: example.angles.count)
        #expect(try deviation(without, angles: example.angles) > 5, "\(example.name)")
    }

    @Test("the check covers every kind of gate, on simulators with and without noise")
    func gates() throws {
        for name in ["ideal", "noisy:eagle"] {
            let check = try BackendCheck(try BackendCatalogue.backend(named: name), setCount: 2)
            #expect(check.gates.count == 24)
            #expect(Set(check.gates.map(\.gate)) == Set(GateKind.allCases.map(\.name) + ["unitary"]))
            for kind in GateKind.allCases where kind.takesAngle {
                #expect(
                    check.gates.filter { $0.gate == kind.name }.compactMap(\.angle) == ["trainable", "fixed"])
            }
            #expect(check.largestGateDeviation < 5)
        }
    }

    /// It was once checked as if all were well: NaN is no number of standard deviations.
    @Test("counts of another circuit are no agreement")
    func disagreement() throws {
        // All shots in one history.
        let backend = ScriptedBackend(name: "aer", keepsJobs: false)
        #expect(throws: BackendError.self) { try BackendCheck(backend, setCount: 2) }
    }

    @Test(
        "parameters beyond the angles of any current are refused",
        arguments: [Double.nan, .infinity, 1e300, -3e5])
    func angles(value: Double) throws {
        let neuron = try Examples.neuron(stepCount: 1)
        var set = [Double](repeating: 0, count: neuron.parameterCount)
        set[2] = value
        #expect(
            throws: BackendError.task(
                place: "parameter sets[0][2]",
                problem: "found \(value), expected radians from -205888 to 205888")
        ) { try CircuitTask(neuron, parameterSets: [set], shots: 1) }
    }
}
