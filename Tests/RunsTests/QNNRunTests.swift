import Baselines
import Files
import Learning
import Testing

@testable import Runs

@Suite struct QNNRunTests {
    private static func configuration() throws -> RunConfiguration {
        var configuration = try RunExamples.configuration()
        configuration.qnn = try QNN(qubits: 2, circuits: 3)
        return configuration
    }

    @Test("a run that was stopped and went on is the run that was not, and its folder is read again")
    func resumes() throws {
        let (stopped, whole) = (try RunExamples(), try RunExamples())
        try stopped.stop(after: 7, Self.configuration())
        let resumed = try stopped.finish()
        let summary = try whole.finish(Self.configuration())
        #expect(resumed.weightsDigest == summary.weightsDigest)
        #expect(resumed.testAccuracy?.values == summary.testAccuracy?.values)
        #expect(summary.model == "qnn")
        #expect(summary.ansatz == nil)
        #expect(summary.layerSpikesPerStep.isEmpty)
        // 37 · 6, 3 circuits of 2 layers of 2 qubits with 3 angles, 7 · 3
        #expect(summary.parameters == 279)
        let read = try whole.read()
        #expect(read.configuration.qnn == (try QNN(qubits: 2, circuits: 3)))
        #expect(try read.evaluate(repetitions: 3).testAccuracy?.values == summary.testAccuracy?.values)
    }

    @Test("what needs spikes is refused by name")
    func refusals() throws {
        let example = try RunExamples()
        try example.finish(Self.configuration())
        let run = try example.read()
        let error = RunError.notSpiking(example.folder.path, model: "qnn")
        #expect(throws: error) { try run.exampleActivity(count: 1) }
        #expect(throws: error) { try run.evaluate(repetitions: 1, precision: .fixed16) }
        var local = try Self.configuration()
        local.recipe = .local
        #expect(local.problem?.text.contains("the local rule") == true)
    }

    @Test("a checkpoint of another shape is refused")
    func otherShape() throws {
        let example = try RunExamples()
        try example.stop(after: 3, Self.configuration())
        try example.changeCheckpoint { file in
            file = SafetensorsFile(
                Dictionary(
                    uniqueKeysWithValues: file.entries.filter { $0.name != "angles" }.map {
                        ($0.name, $0.tensor)
                    }), metadata: file.metadata)
        }
        #expect(
            throws: RunError.checkpoint(
                example.folder.checkpointPath,
                problem: "tensor 'angles': found none, expected shape [3, 12]")
        ) { try example.read() }
    }
}
