import CommandParsing
import Compute
import Files
import FoundationEssentials
import Neurons
import QuantumCircuits
import Reservoirs

/// What all measures of reservoirs have in common.
struct ReservoirOptions {
    static let arguments: [ArgumentDescription] =
        [
            .option(name: "neurons", value: "COUNT", help: "Neurons of a reservoir.", default: "50"),
            .option(
                name: "shots", value: "COUNT",
                help: "Runs that firing probabilities are estimated from; 1 reads single spikes.",
                default: "exact probabilities"),
            .option(name: "seeds", value: "COUNT", help: "Reservoirs and inputs drawn.", default: "5"),
            .option(name: "seed", value: "SEED", help: "The first seed.", default: "1"),
            .option(
                name: "ridge", value: "LAMBDA",
                help: "Ridge of the read-out, relative to the features' mean variance.", default: "1e-9"),
            .option(
                name: "spread", value: "S", help: "Random angles are uniform in -S pi to S pi.", default: "1"),
            .option(
                name: "range", value: "R",
                help: "Width of the interval around 1/2 that q keeps to.", default: "1"),
            .option(
                name: "trials", value: "COUNT",
                help: "Choose ridge, spread and range from COUNT random ones.", default: "those given"),
        ] + NeuronSelection.options + [
            .option(
                name: "threads", value: "K", help: "Threads; without effect on the result.",
                default: "all cores")
        ]

    /// Of tasks that can have any number of steps.
    static let steps: [ArgumentDescription] = [
        .option(name: "washout", value: "STEPS", help: "Steps not looked at.", default: "200"),
        .option(name: "train", value: "STEPS", help: "Steps that train the read-out.", default: "2000"),
        .option(name: "test", value: "STEPS", help: "Steps that test it.", default: "2000"),
    ]

    static func schedule(_ arguments: ParsedArguments) throws -> ReservoirSchedule {
        try ReservoirSchedule(
            washout: arguments.integer("washout", in: ReservoirSchedule.washouts) ?? 200,
            trainingSteps: arguments.integer("train", in: ReservoirSchedule.stepCounts) ?? 2000,
            testSteps: arguments.integer("test", in: ReservoirSchedule.stepCounts) ?? 2000)
    }

    static func seeds(
        _ arguments: ParsedArguments, counts: ClosedRange<Int> = 1...1000
    ) throws -> ClosedRange<UInt64> {
        let first = UInt64(try arguments.integer("seed", in: 0...Int.max / 2) ?? 1)
        return first...first + UInt64(try arguments.integer("seeds", in: counts) ?? 5) - 1
    }

    let selection: NeuronSelection
    let shots: Int?
    /// Those given: what a search begins with.
    let settings: ReservoirSettings
    let parallelism: Parallelism
    private let neuronCount: Int
    private let seeds: ClosedRange<UInt64>
    private let trialCount: Int?

    /// - Parameters:
    ///   - gain: of tasks of several inputs.
    ///   - seedCounts: seeds that the task has data for.
    init(
        _ arguments: ParsedArguments, gain: Double = 1, seedCounts: ClosedRange<Int> = 1...1000
    ) throws {
        selection = try NeuronSelection(arguments)
        shots = try arguments.integer("shots", in: 1...1_000_000)
        settings = ReservoirSettings(
            spread: try arguments.number("spread", in: ReservoirSettings.spreads) ?? 1,
            range: try arguments.number("range", in: ReservoirSettings.ranges) ?? 1, gain: gain,
            ridge: try arguments.number("ridge", in: ReservoirSettings.ridges) ?? 1e-9)
        neuronCount = try arguments.integer("neurons", in: Reservoir.neuronCounts) ?? 50
        seeds = try Self.seeds(arguments, counts: seedCounts)
        trialCount = try arguments.integer("trials", in: 1...10_000)
        parallelism = Parallelism(
            threadCount: try arguments.integer("threads", in: 1...1024)
                ?? ProcessInfo.processInfo.activeProcessorCount)
    }

    /// What was found of one model.
    struct Measured<Value> {
        let neuron: NeuronSelection.Neuron
        let label: String
        let featureCount: Int
        let settings: ReservoirSettings
        /// One for each seed.
        let values: [Value]

        func mapped<Other>(_ body: (Value) -> Other) -> Measured<Other> {
            Measured<Other>(
                neuron: neuron, label: label, featureCount: featureCount, settings: settings,
                values: values.map(body))
        }
    }

    var seedCount: Int { seeds.count }

    /// 0 for the first seed.
    func place(of seed: UInt64) -> Int { Int(seed - seeds.lowerBound) }

    /// Reservoirs that settings are chosen by, of seeds after those that are measured.
    private static let validationSeeds: UInt64 = 2

    /// Measures every neuron at every seed, with the settings given or, after a search, with the best.
    ///
    /// - Parameter error: of a reservoir and settings on data that nothing is tested by.
    func map<Value>(
        _ terminal: Terminal, inputCount: Int = 1,
        _ body: (Reservoir, ReservoirSettings, UInt64) throws -> Value,
        error: (Reservoir, ReservoirSettings, UInt64) throws -> Double
    ) throws -> [Measured<Value>] {
        try zip(selection.neurons, selection.labels).map { neuron, label in
            if terminal.isErrorInteractive { terminal.writeError("Measuring \(label) …") }
            func reservoir(_ settings: ReservoirSettings, _ seed: UInt64) throws -> Reservoir {
                try Reservoir(
                    try selection.underNoise(neuron.model), neuronCount: neuronCount, inputCount: inputCount,
                    angles: selection.angles, settings: settings, seed: seed)
            }
            let chosen = try trialCount.map { count in
                let others = seeds.upperBound + 1...seeds.upperBound + Self.validationSeeds
                return try ReservoirSettings.best(of: count, from: settings, seed: seeds.lowerBound) {
                    trial in
                    try others.reduce(0) {
                        try $0 + error(reservoir(trial, $1), trial, $1) / Double(others.count)
                    }
                }
            }
            let best = chosen ?? settings
            var featureCount = 0
            let values = try seeds.map { seed in
                let reservoir = try reservoir(best, seed)
                featureCount = reservoir.featureCount
                return try body(reservoir, best, seed)
            }
            return Measured(
                neuron: neuron, label: label, featureCount: featureCount, settings: best, values: values)
        }
    }

    /// Something that needs no reservoir, at every seed.
    func map<Value>(_ body: (UInt64) throws -> Value) rethrows -> [Value] { try seeds.map(body) }

    /// How the features were read, in words.
    var reading: [String] {
        func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
        var words = [count(neuronCount, "neuron"), count(seeds.count, "seed")]
        words.append(shots.map { count($0, "shot") } ?? "exact probabilities")
        words += selection.noiseName.map { ["noise \($0)"] } ?? []
        return words
    }
}

extension ReservoirOptions {
    /// What decides the result of a search, but for the task.
    private struct Inputs: Encodable {
        let task: String
        let models: [AnyNeuronModel]
        let angles: [Double]?
        let settings: ReservoirSettings
        let neurons: Int
        let shots: Int?
        let seeds: [UInt64]
        let trials: Int
    }

    /// Says what decides a result that takes long, before it is measured.
    ///
    /// - Parameter task: all that decides it beside these options, in words.
    func writeInputs(_ task: String, _ terminal: Terminal) throws {
        guard let trialCount else { return }
        let inputs = Inputs(
            task: task,
            models: try selection.neurons.map { AnyNeuronModel(try selection.underNoise($0.model)) },
            angles: selection.angles, settings: settings, neurons: neuronCount, shots: shots,
            seeds: Array(seeds), trials: trialCount)
        terminal.write("Inputs: \(SHA256Digest.hex(of: try JSONDocument.encode(inputs)))")
    }

    /// A row of a table: mean and, of several seeds, error.
    static func cells(_ statistics: SeedStatistics, digits: Int = 3) -> [String] {
        [statistics.mean, statistics.standardError].compactMap(\.self)
            .map { String(printf: "%.\(digits)f", $0) }
    }

    /// Writes a table, how it was read, and what a search chose.
    ///
    /// - Parameter ending: of the line that says how it was read.
    func write<Value>(
        _ table: [[String]], _ measured: [Measured<Value>], ending: String = "",
        isOfSeveralInputs: Bool = false, _ terminal: Terminal
    ) {
        TextTable.numberLines(table).forEach(terminal.write)
        terminal.write(reading.joined(separator: ", ") + ending)
        guard let trialCount else { return }
        terminal.write("best of \(trialCount) on other seeds and held-out data:")
        for entry in measured {
            let settings = entry.settings
            let numbers =
                [("spread", settings.spread), ("range", settings.range)]
                + (isOfSeveralInputs ? [("gain", settings.gain)] : []) + [("ridge", settings.ridge)]
            let words = numbers.map { "\($0) \(String(printf: "%.3g", $1))" }
            terminal.write("  \(entry.label): \(words.joined(separator: ", "))")
        }
    }
}
