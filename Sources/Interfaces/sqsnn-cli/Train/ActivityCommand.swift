import CommandParsing
import Figures
import Files
import FoundationEssentials
import Networks
import Runs
import SpikeDatasets
import SpikeTrains

/// `sqsnn activity RUN`: what a trained network does with one sample.
struct ActivityCommand: Command {
    static let description = CommandDescription(
        name: "activity", summary: "Show what a trained network does with one sample.",
        discussion: """
            Runs the network on a sample as the first pass of 'sqsnn eval' does, and tells the class and the spikes of each \
            population. --figure draws over time the input, and of every population the spikes, how probable each was after the neuron's \
            own spikes before, and the memory: of the quantities that it has (Bloch components of memory qubits, a potential) the one \
            that varies most. --output writes arrays, as 'sqsnn network run' does.
            """,
        examples: [
            Example(
                "sqsnn activity runs/n-mnist-sqs-1 --sample 3 --figure activity.svg",
                "The fourth test recording, drawn."),
            Example(
                "sqsnn activity runs/n-mnist-sqs-1 --record probabilities,memory --output activity.npz",
                "The first one, for numpy.load."),
        ])
    static let arguments: [ArgumentDescription] = [
        .positional(name: "run", help: "Folder of the run."),
        .option(name: "sample", value: "I", help: "Number of the sample, from 0.", default: "0"),
        .option(
            name: "split", value: "test|validation",
            help: "Test samples, or the training samples that the run held out.",
            default: "validation where the run has some, else test"),
        RecordOption.argument("What to keep in --output: probabilities, currents, memory."),
        .option(
            name: "output", value: "FILE", help: "File of arrays to write, .npz or .h5.", default: "none"),
        .option(
            name: "figure", value: "FILE", help: "Picture to write, .svg or .png.", default: "none"),
        .option(
            name: "threads", value: "K", help: "Threads; without effect on the result.",
            default: "one for each core"),
    ]

    private let folder: RunFolder
    private let sample: Int
    /// Nil for what the run is measured on itself.
    private let part: MeasuredImages?
    private let quantities: Set<Activity.Quantity>
    private let output: String?
    private let figure: String?
    private let threads: Int

    init(_ arguments: ParsedArguments) throws {
        folder = RunFolder(path: try arguments.positional("run"))
        sample = try arguments.integer("sample", in: 0...Int.max) ?? 0
        part = try arguments.choice("split", of: MeasuredImages.self)
        quantities = try RecordOption.quantities(arguments)
        output = try arguments.file("output", ending: ArrayFile.npz.rawValue, ArrayFile.hdf5.rawValue)
        figure = try arguments.file("figure", ending: ".svg", ".png")
        if !quantities.isEmpty, output == nil {
            throw UsageError.contradiction(
                "--record without a place for what it records; add --output FILE.npz or FILE.h5")
        }
        threads =
            try arguments.integer("threads", in: 1...1024) ?? ProcessInfo.processInfo.activeProcessorCount
    }

    func run(_ terminal: Terminal) async throws {
        let file = output.flatMap { path in ArrayFile(ofFile: path).map { (kind: $0, path: path) } }
        try file?.kind.check(file?.path ?? "")
        let data = try await folder.configuration().loadData()
        let run = try TrainingRun(reading: folder, data: data, threads: threads)
        let drawn: Set<Activity.Quantity> = figure == nil ? [] : [.probabilities, .memory]
        let (found, label) = try run.activity(
            sample: sample, on: part, recording: quantities.union(drawn))
        let names = data.test.classNames
        terminal.write(
            "sample \(sample): \(names[label]), read as \(names[found.prediction])")
        for population in found.activity.populations {
            let spikes = population.spikes
            let perStep = Double(spikes.spikeCount) / Double(max(spikes.stepCount, 1))
            terminal.write(
                "\(population.name): \(spikes.neuronCount) neurons, \(String(printf: "%.1f", perStep)) spikes a step"
            )
        }
        let inputName = try run.network().network.graph.input.name
        if let file {
            let arrays = found.activity.keeping(quantities).arrays(input: found.input, named: inputName)
            try file.kind.write(arrays, to: file.path)
            terminal.write("Activity: \(file.path)")
        }
        if let figure {
            let title = "\(data.test.name) \(sample): \(names[label]), read as \(names[found.prediction])"
            try ActivityFigure(title: title, input: inputName, found.input, found.activity).write(to: figure)
            terminal.write("Figure: \(figure)")
        }
    }
}
