import CommandParsing
import Compute
import Figures
import FoundationEssentials
import QuantumBackends
import QuantumCircuits
import Ranks
import Runs
import SpikeDatasets
import TrainingOptions

/// `sqsnn train`: trains a network on a data set, in a folder that can be resumed.
struct TrainCommand: Command {
    static let description = CommandDescription(
        name: "train", summary: "Train a network on a data set.",
        discussion: """
            Trains a network of spiking neurons by surrogate gradients through time or by the local rule, tells its accuracy \
            over single-shot passes (spikes only, one pass an image), and keeps everything in a folder. Ctrl-C \
            finishes the batch at hand and saves; --resume goes on from there, bit for bit. With the local rule, an \
            iteration is one update of all parameters from one batch, and an epoch takes every image once.

            Under mpirun, of a build with MPI (Scripts/build-mpi), all ranks train one run, each on its gradient \
            shards of every batch. Rank 0 keeps the folder.
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
                "sqsnn train --graph qscnn --model qlif --dataset mnist --epochs 1",
                "Two convolutions of QLIF neurons, with pooling."),
            Example(
                "sqsnn train --train readout --epochs 2",
                "Random neurons, of which only the readout is trained."),
            Example(
                "sqsnn train --model qnn --qubits 4 --circuits 250 --epochs 5",
                "A rival without spikes: variational circuits between classical layers."),
            Example(
                "sqsnn train --model lif --match-parameters 889500",
                "LIF neurons, as many as make the parameters of the standard network."),
            Example("sqsnn train --recipe paper --output runs/paper", "The settings of the paper's program."),
            Example("sqsnn train --noise eagle --memory-qubits 2 --limit 10000", "On a noisy device."),
            Example("sqsnn train --dataset usps-1v7 --learning local", "The local rule, in seconds."),
            Example(
                "mpirun -np 4 sqsnn train --gradient-shards 12",
                "Four ranks; the weights of one process with 12 shards."),
            Example("sqsnn train --output runs/paper --resume", "Goes on with an interrupted run."),
            Example("sqsnn train --output runs/paper --resume --epochs 15", "Trains a finished run longer."),
        ])
    static let arguments: [ArgumentDescription] =
        RunOptions.arguments + [
            .option(
                name: "threads", value: "K", help: "Threads; without effect on the result.",
                default: "one for each core"),
            .option(
                name: "output", value: "DIR", help: "Folder of the run.",
                default: "runs/DATASET-MODEL-NUMBER, the first that is free"),
            .flag(
                name: "resume",
                help:
                    "Go on with the run in --output; with --epochs, to another number of epochs, where its schedule is constant."
            ),
            .flag(name: "json", help: "Print the result as one JSON object."),
        ]

    private let options: RunOptions
    private let threads: Int
    private let output: String?
    private let isResuming: Bool
    private let isJSON: Bool

    init(_ arguments: ParsedArguments) throws {
        options = try RunOptions(arguments)
        threads =
            try arguments.integer("threads", in: 1...1024)
            ?? max(1, ProcessInfo.processInfo.activeProcessorCount / MPIRanks.countOfMachine)
        output = try arguments.folder("output")
        isResuming = arguments.flag("resume")
        isJSON = arguments.flag("json")
        if isResuming && output == nil {
            throw UsageError.invalidValue(
                argument: "--resume", found: "no --output", expected: "the folder of the run in --output")
        }
    }

    func run(_ terminal: Terminal) async throws {
        let ranks = try MPIRanks.launched()
        if let ranks {
            try SharedTraining.check(ranks, arguments: Array(CommandLine.arguments.dropFirst()))
            if !ranks.isFirst {
                return try await Interrupt.whileListening {
                    try await SharedTraining.follow(ranks, threads: threads) { Interrupt.isRequested }
                }
            }
        }
        var (run, backend) = try await isResuming ? resume(ranks) : begin(terminal, ranks)
        terminal.write(RunText.heading(run))
        if let ranks {
            try run.share(ranks)
            terminal.write(RunText.ranks(ranks.count, run))
        }
        let isStopped = try await Interrupt.whileListening {
            try TrainingLoop.train(&run, on: backend, terminal)
        }
        try run.dismissRanks()
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

    private func begin(_ terminal: Terminal, _ ranks: MPIRanks?) async throws -> (
        TrainingRun, (any CircuitBackend)?
    ) {
        var configuration = try options.configuration()
        if let ranks, configuration.recipe.gradientShards == nil {
            configuration.recipe.gradientShards = ranks.count
        }
        if let match = try options.match() { terminal.write(RunText.match(match)) }
        let data = try await configuration.loadData()
        switch data.train {
        case .images: break
        case .spikes(let spikes): terminal.write("\(spikes.name): \(spikes.account)")
        case .series(let series): terminal.write("\(series.name): \(series.account)")
        }
        if let ranks { try SharedTraining.invite(ranks, to: configuration, data: data) }
        // Before the folder is made: a backend that there is not leaves none.
        let backend = try configuration.backend.map { try BackendCatalogue.backend(named: $0) }
        let run =
            if let output {
                try TrainingRun(
                    configuration, data: data, folder: RunFolder(path: output), threads: threads)
            } else {
                try TrainingRun(
                    configuration, data: data, firstFreeAfter: Self.folderBase(configuration),
                    threads: threads)
            }
        return (run, backend)
    }

    private func resume(_ ranks: MPIRanks?) async throws -> (TrainingRun, (any CircuitBackend)?) {
        let folder = RunFolder(path: output ?? "")
        var stored = try folder.configuration()
        let asked = try options.applied(to: stored)
        stored.recipe.epochCount = asked.recipe.epochCount
        let differences = try stored.differences(from: asked)
        guard differences.isEmpty else {
            throw RunError.otherConfiguration(folder.path, differences: differences)
        }
        let data = try await stored.loadData()
        if let ranks { try SharedTraining.invite(ranks, to: stored, data: data) }
        let run = try TrainingRun(
            resuming: folder, data: data, threads: threads, epochCount: asked.recipe.epochCount)
        return (run, nil)
    }

    private func drawFigures(_ run: TrainingRun, _ terminal: Terminal) {
        do {
            for path in try RunFigures.draw(run) { terminal.write("Figure: \(path)") }
        } catch {
            // The run itself is safe; a figure can be drawn again.
            terminal.writeError("sqsnn train: no figures: \(error)")
        }
    }

    private static func folderBase(_ configuration: RunConfiguration) -> String {
        let model = configuration.graph == nil ? configuration.modelKind : "graph"
        return "runs/\(configuration.dataset)-\(model)"
    }
}
