import CommandParsing
import Compute
import Foundation
import QuantumCircuits
import Reports
import SpikeDatasets
import SpikeLearning

/// `sqsnn train`: trains a network on a data set, in a folder that can be resumed.
struct TrainCommand: Command {
    static let description = CommandDescription(
        name: "train", summary: "Train a network on a data set.",
        discussion: """
            Trains a network of spiking neurons by surrogate gradients through time or by the local rule, tells its accuracy \
            over single-shot passes (spikes only, one pass an image), and keeps everything in a folder. Ctrl-C \
            finishes the batch at hand and saves; --resume goes on from there, bit for bit. With the local rule, an \
            iteration is one update of all parameters from one batch, and an epoch takes every image once.
            """,
        examples: [
            Example("sqsnn train", "The standard recipe on Fashion-MNIST."),
            Example(
                "sqsnn train --dataset mnist --hidden 500,500 --epochs 5 --seed 7",
                "Two hidden layers on MNIST."),
            Example(
                "sqsnn train --graph Examples/graphs/recurrent.json --epochs 2",
                "A convolution and a recurrent population."),
            Example(
                "sqsnn train --train readout --epochs 2",
                "Random neurons, of which only the readout is trained."),
            Example("sqsnn train --recipe paper --output runs/paper", "The settings of the paper's program."),
            Example("sqsnn train --noise eagle --memory-qubits 2 --limit 10000", "On a noisy device."),
            Example("sqsnn train --dataset usps-1v7 --learning local", "The local rule, in seconds."),
            Example("sqsnn train --output runs/paper --resume", "Goes on with an interrupted run."),
        ])
    static let arguments: [ArgumentDescription] =
        RunOptions.arguments + [
            .option(
                name: "threads", value: "K", help: "Threads; without effect on the result.",
                default: "one for each core"),
            .option(
                name: "output", value: "DIR", help: "Folder of the run.",
                default: "runs/DATASET-MODEL-NUMBER, the first that is free"),
            .flag(name: "resume", help: "Go on with the run in --output."),
            .flag(name: "json", help: "Print the result as one JSON object, on the last line."),
        ]

    private let options: RunOptions
    private let threads: Int
    private let output: String?
    private let isResuming: Bool
    private let isJSON: Bool

    init(_ arguments: ParsedArguments) throws {
        options = try RunOptions(arguments)
        threads =
            try arguments.integer("threads", in: 1...1024) ?? ProcessInfo.processInfo.activeProcessorCount
        output = arguments.string("output")
        isResuming = arguments.flag("resume")
        isJSON = arguments.flag("json")
        if isResuming && output == nil {
            throw UsageError.invalidValue(
                argument: "--resume", found: "no --output", expected: "the folder of the run in --output")
        }
    }

    func run(_ terminal: Terminal) async throws {
        var run = try await isResuming ? resume() : begin()
        terminal.write(RunText.heading(run))
        let isStopped = try await Interrupt.whileListening { try TrainingLoop.train(&run, terminal) }
        if isStopped {
            terminal.write("Stopped. Go on with: sqsnn train --output \(run.folder.path) --resume")
            return
        }
        let summary = try run.summarize(repetitions: RunText.evaluationCount)
        terminal.write(RunText.result(summary))
        if let ledger = summary.ledger, ledger.total.shots > 0 {
            RunText.ledger(ledger).forEach(terminal.write)
        }
        drawFigures(run, terminal)
        if isJSON { try terminal.writeJSON(summary) }
    }

    private func begin() async throws -> TrainingRun {
        let configuration = try options.configuration()
        let data = try await DatasetCatalog.loadImages(configuration.dataset)
        let folder = RunFolder(path: output ?? Self.freeFolder(configuration))
        return try TrainingRun(configuration, data: data, folder: folder, threads: threads)
    }

    private func resume() async throws -> TrainingRun {
        let folder = RunFolder(path: output ?? "")
        let stored = try folder.configuration()
        let asked = try options.applied(to: stored)
        let differences = try stored.differences(from: asked)
        guard differences.isEmpty else {
            throw RunError.otherConfiguration(folder.path, differences: differences)
        }
        let data = try await DatasetCatalog.loadImages(stored.dataset)
        return try TrainingRun(resuming: folder, data: data, threads: threads)
    }

    private func drawFigures(_ run: TrainingRun, _ terminal: Terminal) {
        do {
            for path in try RunFigures.draw(run) { terminal.write("Figure: \(path)") }
        } catch {
            // The run itself is safe; a figure can be drawn again.
            terminal.writeError("sqsnn train: no figures: \(error)")
        }
    }

    private static func freeFolder(_ configuration: RunConfiguration) -> String {
        let model = configuration.graph == nil ? configuration.model.rawValue : "graph"
        let base = "runs/\(configuration.dataset)-\(model)"
        var number = 1
        while FileManager.default.fileExists(atPath: "\(base)-\(number)") { number += 1 }
        return "\(base)-\(number)"
    }
}
