import CommandParsing
import Files
import SpikeTrainFits

/// `sqsnn spikes make`: trains of known laws.
struct SpikesMakeCommand: Command {
    static let description = CommandDescription(
        name: "make", summary: "Draw a spike train of a known law.",
        discussion: """
            Intervals are independent. poisson: a spike with probability 0.1 at each step, but for three steps after a spike. gamma: \
            shape 4, mean 12 steps. bursts: two short intervals for each long one. oscillation: a hazard that goes up and down every nine \
            steps. clock: the law of one memory qubit (sqsnn study clock). None of them was recorded.
            """,
        examples: [
            Example(
                "sqsnn spikes make gamma --intervals 5000 --output gamma.txt", "A train of 5,000 intervals.")
        ])
    static let arguments: [ArgumentDescription] = [
        .positional(
            name: "law", help: "\(KnownTrain.allCases.map(\.rawValue).joined(separator: ", ")).",
            suggestions: KnownTrain.allCases.map(\.rawValue)),
        .option(name: "intervals", value: "COUNT", help: "Intervals.", default: "10000"),
        .option(name: "seed", value: "SEED", help: "Of the intervals.", default: "1"),
        .option(name: "output", value: "FILE", help: "Spike times, in steps.", default: "LAW.txt"),
    ]

    private let known: KnownTrain
    private let count: Int
    private let seed: UInt64
    private let output: String

    init(_ arguments: ParsedArguments) throws {
        let word = try arguments.positional("law")
        guard let known = KnownTrain(rawValue: word) else {
            let words = KnownTrain.allCases.map(\.rawValue)
            throw UsageError.invalidValue(
                argument: "law", found: word,
                expected: "one of \(words.joined(separator: ", "))\(spellingHint(word, among: words))")
        }
        self.known = known
        count = try arguments.integer("intervals", in: 2...1_000_000) ?? 10_000
        seed = UInt64(try arguments.integer("seed", in: 0...Int.max) ?? 1)
        output = arguments.string("output") ?? "\(known.rawValue).txt"
    }

    func run(_ terminal: Terminal) throws {
        let law = try known.law
        let train = try SpikeTrain(intervals: law.intervals(count: count, seed: seed))
        try SpikeTimesFile.write(
            train.spikes, width: 1,
            comment:
                "drawn by sqsnn spikes make \(known.rawValue) --intervals \(count) --seed \(seed); steps",
            to: output)
        terminal.write(
            "\(output.visible): \(train.spikeCount) spikes in \(train.stepCount) steps, intervals of \(String(printf: "%.2f", law.mean)) steps, "
                + "\(String(printf: "%.4f", law.entropy)) nats a spike in the law")
    }
}
