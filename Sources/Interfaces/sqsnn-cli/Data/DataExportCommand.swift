import CommandParsing
import Files
import Runs
import SpikeDatasets
import TrainingOptions

/// `sqsnn data export`: samples over time, as a network is given them, for programs in Python.
struct DataExportCommand: Command {
    static let description = CommandDescription(
        name: "export", summary: "Write what a network is given as NumPy arrays.",
        discussion: """
            What a network is given of recordings, sounds or series: DIR/train-spikes.npy and DIR/test-spikes.npy have a row (sample, step, \
            input) a spike, DIR/train-labels.npy and DIR/test-labels.npy a number a sample. Of --series currents, DIR/train-values.npy and \
            DIR/test-values.npy have a number for each sample, step and input.
            """,
        examples: [Example("sqsnn data export n-mnist arrays --steps 20", "20 steps a recording")])

    static let arguments: [ArgumentDescription] =
        [
            .positional(name: "name", help: "Data set of samples over time."),
            .positional(name: "output", help: "Folder of the arrays, made if it is not there."),
            .option(name: "steps", value: "T", help: "Time steps, 1 to 1000.", default: "20"),
        ] + EventInputOptions.arguments

    private let key: DataKey
    private let output: String

    init(_ arguments: ParsedArguments) throws {
        let entry = try DatasetCatalog.entry(named: arguments.positional("name"))
        output = try arguments.positional("output")
        guard let input = try EventInputOptions.input(arguments, of: entry) else {
            throw UsageError.invalidValue(
                argument: "NAME", found: entry.name,
                expected: "a data set of samples over time, not of images")
        }
        key = DataKey(
            entry.name, input, stepCount: try arguments.integer("steps", in: Recipe.stepCounts) ?? 20)
    }

    func run(_ terminal: Terminal) async throws {
        let data = try await key.load()
        _ = try Folder.make(output)
        for (part, samples) in [("train", data.train), ("test", data.test)] {
            let (account, paths): (String, [String])
            switch samples {
            case .images: continue
            case .spikes(let spikes):
                (account, paths) = (spikes.account, try spikes.writeArrays(to: output, part: part))
            case .series(let series):
                (account, paths) = (series.account, try series.writeArrays(to: output, part: part))
            }
            terminal.write("\(part): \(samples.count) samples, \(samples.inputCount) inputs; \(account)")
            for path in paths { terminal.write("  \(path)") }
        }
    }
}
