import Compute
import DeviceNoise
import Files
import Foundation
import Networks
import Neurons
import QuantumCircuits
import SpikeDatasets
import TestSupport
import Testing

@testable import Learning
@testable import Runs

/// Folders that release 0.1.0 wrote, `Tests/Golden/runs-0.1`; the expected values are what it said itself.
@Suite("Runs of release 0.1.0")
struct EarlierReleaseTests {
    static let names = ["sqs", "memoryless", "last-spike-feedback", "noise", "local", "graph"]
    private static let isUSPSInstalled =
        (try? DatasetCatalog.entry(named: "usps-1v7").paths(in: DatasetSearchPath())) != nil

    let temporary: TemporaryFolder

    init() throws { temporary = try TemporaryFolder() }

    /// What `sqsnn predict` said.
    private struct Predictions: Decodable {
        struct Image: Decodable {
            let label: Int
            let rates: [Double]
            let firingProbabilities: [Double]

            private enum CodingKeys: String, CodingKey {
                case label = "class"
                case rates
                case firingProbabilities = "firing_probabilities"
            }
        }
        let predictions: [Image]
        let weightsDigest: String

        private enum CodingKeys: String, CodingKey {
            case predictions
            case weightsDigest = "weights_digest"
        }
    }

    @Test("are read with the weights that they had, and say of images what they said", arguments: names)
    func predictions(_ name: String) throws {
        let expected = try JSONDecoder().decode(
            Predictions.self, from: try Golden.data("runs-0.1/\(name)/predictions.json"))
        let (trainer, _) = try RunFolder(path: Golden.path("runs-0.1/\(name)")).trainedNetwork(threads: 1)
        #expect(trainer.weightsDigest == expected.weightsDigest && trainer.progress.epoch == 1)
        let header: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 16, 0, 0, 0, 16]
        let pixels = (0..<3).flatMap { image in
            (0..<256).map { UInt8(truncatingIfNeeded: 37 * $0 + 91 * image) }
        }
        let path = try temporary.write(header + pixels, as: "images")
        let found = try trainer.predict(ImageFile(path: path, height: 16, width: 16), repetitions: 4)
        #expect(found.count == 3)
        for (found, expected) in zip(found, expected.predictions) {
            #expect(found.label == expected.label && found.rates == expected.rates)
            for (found, expected) in zip(found.firingProbabilities, expected.firingProbabilities) {
                #expect(abs(found - expected) < 1e-6)
            }
        }
    }

    @Test(
        "are written again with the neuron as an object that names its kind, and are then the same",
        arguments: names)
    func writtenAgain(_ name: String) throws {
        let configuration = try RunFolder(path: Golden.path("runs-0.1/\(name)")).configuration()
        let bytes = try RunFolder.encoded(configuration)
        struct Named: Decodable {
            struct Neuron: Decodable { let model: String }
            let neuron: Neuron
        }
        let kinds = ["memoryless": MemorylessSQS.kind, "last-spike-feedback": LastSpikeFeedback.kind]
        #expect(
            try JSONDecoder().decode(Named.self, from: Data(bytes)).neuron.model == kinds[name] ?? SQS.kind)
        #expect(try JSONDocument.decode(RunConfiguration.self, from: bytes) == configuration)
    }

    // Digests: of `train --resume --epochs 2` by release 0.1.0, on x86-64-v4, whose sums are in another order than others'.
    @Test(
        "are gone on with as that release would have, bit for bit",
        .enabled(if: isUSPSInstalled, "USPS is not installed"),
        arguments: [
            ("noise", "958ccd055ba46f1594b7bb7a6f686287b35e87a4660c049ebdd50dbbb16295d5"),
            ("local", "da93735b9dd7741123e4c7bff257eb0b50738c15963da7f8c95fbb507062fd91"),
        ])
    func resumed(_ name: String, _ digest: String) async throws {
        let path = temporary.path(name)
        try FileManager.default.copyItem(atPath: Golden.path("runs-0.1/\(name)"), toPath: path)
        let data = try await DatasetCatalog.loadImages("usps-1v7").labelled
        var run = try TrainingRun(
            resuming: RunFolder(path: path), data: data, threads: 1, epochCount: 2)
        #expect(run.metrics.count == 1)
        _ = try run.trainEpoch { _ in true }
        #expect(run.isComplete && run.metrics.count == 2)
        guard InstructionSet.current == .best, InstructionSet.best.rawValue == "x86-64-v4" else { return }
        #expect(run.model.weightsDigest == digest)
    }

    /// Every model of this library, and a noisy one; in the file of 0.1.0 those that it had.
    @Test("graph files keep every model, and those of release 0.1.0 are read")
    func graphs() throws {
        let old = try NetworkGraph.load(Golden.path("runs-0.1/graph-file.json"))
        #expect(old.nodes.map(\.model.kind) == ["sqs", "memoryless", "last-spike-feedback", "sqs"])
        #expect(try RunFolder(path: Golden.path("runs-0.1/graph")).configuration().graph == old)
        let exchange = try Ansatz.exchange.circuit(memoryQubits: 2)
        let models: [any NeuronModel] = [
            SQS(exchange), SQS(exchange, noise: try .load("eagle")), MemorylessSQS(exchange),
            LastSpikeFeedback(), try LIF(decay: 0.5, learnsThreshold: true, reset: .zero),
            try QLIF(threshold: 0.25, aftermath: .refractory, shots: 7),
        ]
        let graph = try NetworkGraph(
            input: .init(neuronCount: 4),
            nodes: models.enumerated().map { .init("population \($0)", model: $1, neuronCount: 3) },
            edges: [.init("input", "population 0")]
                + (1..<models.count).map { .init("population \($0 - 1)", "population \($0)") })
        for graph in [old, graph] {
            let path = try temporary.write(try JSONDocument.encode(graph, .indented), as: "graph.json")
            #expect(try NetworkGraph.load(path) == graph)
        }
    }
}
