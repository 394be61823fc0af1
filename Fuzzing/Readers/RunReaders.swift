import Files
import Foundation
import LocalLearning
import Neurons

@testable import QuantumCircuits
@testable import QuantumBackends
@testable import Learning
@testable import Runs

/// Files of a run, and what the bridge says to it.
enum RunReaders {
    /// A run of this shape is small whatever the file says of it.
    private static let (inputCount, classCount) = (4, 2)

    private static let trainer = Result {
        var recipe = Recipe.standard
        recipe.hiddenCounts = []
        recipe.neuronsPerClass = 1
        let configuration = RunConfiguration(
            dataset: "fuzz", neuron: SQS(try Ansatz.exchange.circuit()), seed: 1, recipe: recipe)
        return try configuration.runTrainer(inputCount: inputCount, classCount: classCount, threads: 1)
    }

    static func configuration(_ path: String) throws {
        let folder = RunFolder(path: (path as NSString).deletingLastPathComponent)
        // Beside the file there is a checkpoint, which is not looked into.
        try Data().write(to: URL(filePath: folder.checkpointPath))
        let configuration = try folder.configuration()
        _ = try configuration.bytes(inputCount: inputCount, classCount: classCount, threads: 2)
    }

    static func checkpoint(_ bytes: [UInt8]) throws {
        let file = try SafetensorsFile(decoding: bytes, source: "checkpoint")
        var trainer = try trainer.get()
        try trainer.restoreState(file, sampleCount: nil)
        _ = trainer.progress
        _ = trainer.weightsDigest
        _ = try trainer.checkpoint(trainer.record)
    }

    static func metrics(_ bytes: [UInt8]) throws {
        let count = bytes.split(separator: UInt8(ascii: "\n")).count
        let log = try MetricsLog(reading: bytes, first: count, source: "metrics", layerCount: 1)
        _ = log.epochs.reduce(into: ShotLedger()) { $0 += $1.ledger ?? ShotLedger() }.total
    }

    /// The lines of an input with the checksums of a journal, which no fuzzer finds.
    static func checked(_ bytes: [UInt8]) -> [UInt8] {
        bytes.split(separator: UInt8(ascii: "\n")).flatMap { line -> [UInt8] in
            let text = Array(line)
            return Array((SHA256Digest.hex(of: text).prefix(16) + " ").utf8) + text + [UInt8(ascii: "\n")]
        }
    }

    static func journal(_ path: String) throws {
        let journal = try JobJournal(path: path, backend: "fuzz", resuming: true)
        _ = (journal.answeredBatches, journal.submittedShots)
    }

    static func bridge(_ bytes: [UInt8]) throws {
        _ = try? JSONDocument.decode(BridgeMessage.Answer<BridgeMessage.Hello>.self, from: bytes)
        _ = try? JSONDocument.decode(BridgeMessage.Answer<BridgeMessage.Submitted>.self, from: bytes)
        _ = try? JSONDocument.decode(BridgeMessage.Answer<BridgeMessage.Found>.self, from: bytes)
        let answer = try JSONDocument.decode(BridgeMessage.Answer<BridgeMessage.State>.self, from: bytes)
        guard let texts = answer.answer?.counts else { return }
        let neuron = try NeuronCircuit(Ansatz.exchange.circuit(), stepCount: 2)
        let sets = [[Double](repeating: 0.5, count: neuron.parameterCount)]
        let batch = try CircuitBatch(
            name: "fuzz", tasks: [CircuitTask(neuron, parameterSets: sets, shots: 5)], seed: 1)
        let counts = try batch.counts(from: texts, backend: "fuzz", job: "1")
        try batch.check(counts, from: "fuzz", job: "1")
    }
}
