import CommandParsing
import Files
import SpikeTrainFits

/// `sqsnn spikes generate`: trains from a fit.
struct SpikesGenerateCommand: Command {
    static let description = CommandDescription(
        name: "generate", summary: "Draw a spike train from a fitted model.",
        examples: [
            Example("sqsnn spikes generate spike-fits/exchange.json --steps 10000", "Times, a line each.")
        ])
    static let arguments: [ArgumentDescription] = [
        .positional(name: "model", help: "File that sqsnn spikes fit has written."),
        .option(name: "steps", value: "COUNT", help: "Steps of the train.", default: "10000"),
        .option(name: "input", value: "FILE", help: "What the neuron is given, if the model wants it."),
        .option(name: "seed", value: "SEED", help: "Of the spikes.", default: "1"),
        .option(
            name: "output", value: "FILE", help: "Spike times, in the unit of the fit.", default: "MODEL.txt"),
    ]

    private let path: String
    private let stepCount: Int
    private let input: String?
    private let seed: UInt64
    private let output: String

    init(_ arguments: ParsedArguments) throws {
        path = try arguments.positional("model")
        stepCount = try arguments.integer("steps", in: 1...SpikeTimesFile.largestStepCount) ?? 10_000
        input = arguments.string("input")
        seed = UInt64(try arguments.integer("seed", in: 0...Int.max) ?? 1)
        let name = path.hasSuffix(".json") ? String(path.dropLast(5)) : path
        output = arguments.string("output") ?? name + ".txt"
    }

    func run(_ terminal: Terminal) throws {
        let model = try SpikeTrainModel(readingFrom: path)
        let inputs = try input.map {
            [try SpikeTimesFile.readInput($0, width: model.stepWidth, stepCount: stepCount)]
        }
        let spikes = try model.generate(stepCount: stepCount, inputs: inputs ?? [], seed: seed)
        try SpikeTimesFile.write(
            spikes, width: model.stepWidth,
            comment: "drawn by sqsnn spikes generate \(path.visible), seed \(seed)",
            to: output)
        terminal.write("\(output.visible): \(spikes.count { $0 }) spikes in \(stepCount) steps")
    }
}
