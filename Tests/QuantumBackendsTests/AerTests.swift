import DeviceNoise
import Foundation
import QuantumCircuits
import QuantumBackends
import Neurons
import Testing

/// Qiskit itself, where `Scripts/install-bridge` has put it. The Python side is the one of this checkout.
@Suite(
    .enabled(
        if: AerInstallation.found != nil, "the bridge to Qiskit is not installed: run Scripts/install-bridge"),
    .serialized)
struct AerTests {
    private func bridge(_ target: String) throws -> QiskitBridge {
        try QiskitBridge(target, installation: #require(AerInstallation.found))
    }

    /// Runs one of the scripts in `Tests/Python` on a document.
    private func answer<Answer: Decodable>(
        _ type: Answer.Type, of script: String, to request: some Encodable
    ) throws -> Answer {
        let folder = FileManager.default.temporaryDirectory.appending(path: "sqsnn-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (input, output) = (folder.appending(path: "request"), folder.appending(path: "answer"))
        try JSONEncoder().encode(request).write(to: input)
        try Data().write(to: output)
        let process = Process()
        let installation = try #require(AerInstallation.found)
        process.executableURL = URL(filePath: installation.python)
        process.arguments = ["\(AerInstallation.root)/Tests/Python/\(script)"]
        process.environment = ProcessInfo.processInfo.environment.merging(installation.environment) { $1 }
        process.standardInput = try FileHandle(forReadingFrom: input)
        process.standardOutput = try FileHandle(forWritingTo: output)
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(script)")
        return try JSONDecoder().decode(Answer.self, from: Data(contentsOf: output))
    }

    @Test("programs that are sent, read back by Qiskit, have the probabilities of our reference to 1e-10")
    func programs() throws {
        struct Case: Encodable {
            let program: String
            let values: [String: Double]
        }
        var neurons: [NeuronCircuit] = []
        for ansatz in Ansatz.catalogue { neurons.append(try Examples.neuron(ansatz, stepCount: 3)) }
        neurons.append(try Examples.neuron(ioQubits: 2, memoryQubits: 2, stepCount: 2))
        // Every gate that there is, angles with a scale, and matrices.
        let every = GateKind.allCases.enumerated().map { index, kind in
            Gate(
                kind, qubits: kind.qubitCount == 1 ? [index % 3] : [index % 3, (index + 1) % 3],
                angle: kind.takesAngle ? .parameter(index: index % 4, scale: 0.5 + Double(index) / 8) : .none)
        }
        let unitary = try UnitaryMatrix(GateKind.crx.matrix(angle: 0.7) * GateKind.ryy.matrix(angle: 0.3))
        let matrix = Gate(.unitary(unitary), qubits: [2, 0])
        neurons.append(
            try NeuronCircuit(
                Circuit(ioQubits: 2, memoryQubits: 1, gates: every + [matrix]), stepCount: 2))
        let sets = neurons.enumerated().map {
            Examples.numbers($0.element.parameterCount, seed: UInt64($0.offset))
        }
        let cases = try zip(neurons, sets).map { neuron, set in
            Case(
                program: try neuron.openQASM(),
                values: Dictionary(uniqueKeysWithValues: zip(neuron.parameterNames, set)))
        }
        let answers = try answer([[String: Double]].self, of: "program_probabilities.py", to: cases)
        #expect(answers.count == neurons.count)
        for (index, neuron) in neurons.enumerated() {
            for (history, probability) in try Examples.probabilities(
                neuron, noise: nil, parameters: sets[index])
            {
                let found = try #require(answers[index][history.description])
                #expect(abs(found - probability) < 1e-10, "\(neuron.circuit.name), \(history)")
            }
        }
    }

    @Test("Aer's counts are those of the exact probabilities within 5 sigma, and differ from set to set")
    func aer() throws {
        let backend = try bridge("aer")
        #expect(!backend.keepsJobs && backend.versions["qiskit"] != nil)
        let one = try Examples.neuron(stepCount: 3)
        let two = try Examples.neuron(ioQubits: 2, stepCount: 2)
        let set = Examples.numbers(one.parameterCount, seed: 1)
        let other = Examples.numbers(two.parameterCount, seed: 2)
        let batch = try CircuitBatch(
            name: "aer",
            tasks: [
                CircuitTask(one, parameterSets: [set, set], shots: 20_000),
                CircuitTask(two, parameterSets: [other], shots: 20_000),
            ], seed: 4)
        let counts = try backend.run(batch)
        #expect(counts[0][0] != counts[0][1], "two sets share their random numbers")
        let exact = try Examples.probabilities(one, noise: nil, parameters: set)
        for answer in counts[0] { #expect(Examples.largestDeviation(answer, from: exact) < 5) }
        let exactOther = try Examples.probabilities(two, noise: nil, parameters: other)
        #expect(Examples.largestDeviation(counts[1][0], from: exactOther) < 5)
        // The same batch again: the same counts.
        #expect(try backend.run(batch) == counts)
    }

    /// Aer 0.18 cannot bind an angle that the transpiler leaves in the global phase, nor those of controlled gates.
    @Test(
        "every kind of gate runs on Aer, its angle trainable and fixed, within 5 sigma of the exact probabilities"
    )
    func everyGate() throws {
        let backend = try bridge("aer")
        let check = try BackendCheck(backend, shots: 4000, setCount: 2)
        #expect(Set(check.gates.map(\.gate)) == Set(GateKind.allCases.map(\.name) + ["unitary"]))
        #expect(check.gates.count == 24 && check.isExact)
        #expect(check.largestGateDeviation < 5 && check.largestGateDeviation > 0)
        for ansatz in [Ansatz.partialSwap, .layered(1), .layered(2)] {
            let neuron = try Examples.neuron(ansatz, stepCount: 2)
            let set = Examples.numbers(neuron.parameterCount, seed: 3)
            let batch = try CircuitBatch(
                name: ansatz.name, tasks: [CircuitTask(neuron, parameterSets: [set], shots: 20_000)], seed: 1)
            let exact = try Examples.probabilities(neuron, noise: nil, parameters: set)
            let counts = try backend.run(batch)[0][0]
            #expect(Examples.largestDeviation(counts, from: exact) < 5, "\(ansatz.name)")
        }
    }

    @Test(
        "counts by way of IBM's SamplerV2 in its local mode are those of the exact probabilities within 5 sigma"
    )
    func sampler() throws {
        struct Request: Encodable {
            struct Task: Encodable {
                let program: String
                let parameters: [String]
                let sets: [[Double]]
                let shots: Int
            }
            let digest: String
            let tasks: [Task]
        }
        let neurons = [
            try Examples.neuron(stepCount: 3), try Examples.neuron(ioQubits: 2, stepCount: 2),
        ]
        let sets = neurons.map { neuron in
            (0..<2).map { Examples.numbers(neuron.parameterCount, seed: UInt64(20 + $0)) }
        }
        let shots = 4000
        let tasks = try zip(neurons, sets).map { neuron, sets in
            Request.Task(
                program: try neuron.openQASM(), parameters: neuron.parameterNames, sets: sets, shots: shots)
        }
        let answer = try answer(
            [[[String: Int]]].self, of: "sampler_counts.py",
            to: Request(digest: String(repeating: "0", count: 64), tasks: tasks))
        #expect(answer.map(\.count) == [2, 2])
        for (task, neuron) in neurons.enumerated() {
            for (set, parameters) in sets[task].enumerated() {
                let counts = SpikeCounts(
                    try answer[task][set].map { text, count in
                        let history = SpikeHistory(
                            text, stepCount: neuron.stepCount, channelCount: neuron.channelCount)
                        return .init(history: try #require(history), count: count)
                    })
                #expect(counts.shots == shots)
                let exact = try Examples.probabilities(neuron, noise: nil, parameters: parameters)
                #expect(Examples.largestDeviation(counts, from: exact) < 5, "task \(task), set \(set)")
            }
        }
    }

    /// The same gates, one by one, with the same calibration. What Aer's model leaves out is left out of ours: relaxation of the memory
    /// during measurement. What ours counts otherwise is made the same: the embedding is among the gates.
    @Test(
        "a step on FakeBrisbane by Aer, and by ours with the calibration converted: the same within 5 sigma")
    func fakeBrisbane() throws {
        struct Request: Encodable {
            let program: String
            let values: [String: Double]
            let steps: Int
            let shots: Int
            let seed: Int
        }
        struct Answer: Decodable {
            let qubits: [Int]
            let properties: String
            let gates: [Gate]
            let counts: [String: Int]
        }
        let (stepCount, shots) = (4, 20_000)
        let step = try Examples.neuron(stepCount: 1)
        let values = Examples.numbers(step.parameterCount, seed: 5)
        let answer = try answer(
            Answer.self, of: "brisbane_step.py",
            to: Request(
                program: try step.openQASM(),
                values: Dictionary(uniqueKeysWithValues: zip(step.parameterNames, values)), steps: stepCount,
                shots: shots, seed: 11))
        let conversion = try DeviceConversion(
            properties: Data(contentsOf: URL(filePath: answer.properties)), path: answer.properties,
            selection: .qubits(answer.qubits))
        var noise = conversion.device.noise
        noise.qubitRules = noise.qubitRules.map {
            var qubit = $0
            qubit.measurement = nil
            return qubit
        }
        noise.gateRules.append(
            GateNoiseRule(gate: "embedding", noise: GateNoise(depolarizing: 0, duration: 0)))
        let neuron = try NeuronCircuit(
            Circuit(ioQubits: 1, memoryQubits: 1, gates: answer.gates), stepCount: stepCount)
        let exact = try Examples.probabilities(
            neuron, noise: NoiseModel(noise), parameters: [Double](repeating: 0, count: stepCount))
        let counts = SpikeCounts(
            try answer.counts.map { text, count in
                let history = SpikeHistory(text, stepCount: stepCount, channelCount: 1)
                return .init(history: try #require(history), count: count)
            })
        #expect(counts.shots == shots)
        let deviation = Examples.largestDeviation(counts, from: exact)
        #expect(deviation < 5, "\(deviation) standard deviations in \(shots) shots")
        // Without noise it would be far off: the comparison sees the noise.
        let ideal = try Examples.probabilities(
            neuron, noise: nil, parameters: [Double](repeating: 0, count: stepCount))
        #expect(Examples.largestDeviation(counts, from: ideal) > 5)
    }

    @Test("ten steps on FakeBrisbane: every set is answered, all shots of it")
    func tenSteps() throws {
        let backend = try bridge("aer-fake-brisbane")
        let batch = try Examples.batch(stepCount: 10, setCount: 6, shots: 5)
        let counts = try backend.run(batch)
        #expect(counts[0].count == 6)
        #expect(counts[0].allSatisfy { $0.shots == 5 })
        #expect(throws: BackendError.unknownJob(backend: "aer-fake-brisbane", job: "aer-none")) {
            try backend.poll("aer-none", of: batch, waiting: .zero)
        }
    }

    @Test("QLIF neurons in their multi-shot form")
    func qlif() throws {
        try QLIFOnBackendTests.check(on: bridge("aer"), neurons: 4, steps: 6, shots: 4000)
    }
}
