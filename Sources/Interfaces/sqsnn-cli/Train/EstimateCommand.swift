import DeviceNoise
import CommandParsing
import Files
import QuantumCircuits
import SpikeDatasets
import Runs
import TrainingOptions

/// `sqsnn estimate`: what a run of the local rule costs.
struct EstimateCommand: Command {
    static let description = CommandDescription(
        name: "estimate", summary: "Predict circuits, shots and device time of a run of the local rule.",
        discussion: """
            Takes the options of 'sqsnn train --learning local' and counts what that run would do, without doing it: circuits and shots \
            by purpose, depth and gates of each neuron's circuit, and the time of a device for the shots alone, without \
            compilation, queues and transfers. Only the estimators postselected and memoryless can run on a device.
            """,
        examples: [
            Example("sqsnn estimate --dataset usps-1v7 --learning local", "Shots of the paper's task."),
            Example(
                "sqsnn estimate --dataset usps-1v7 --learning local --estimator memoryless --timing eagle --json",
                "With the time on a device, for programs."),
        ])
    static let arguments: [ArgumentDescription] =
        RunOptions.arguments + [
            .option(
                name: "timing", value: "NAME|FILE",
                help: "Device whose durations of gates and measurements are taken.", default: "eagle"),
            .option(
                name: "shot-overhead", value: "US", help: "What that device waits between two shots, µs.",
                default: "250"),
            .flag(name: "json", help: "Print one JSON object."),
        ]

    private let configuration: RunConfiguration
    private let match: ParameterMatch?
    private let timing: Device
    private let shotOverhead: Double
    private let isJSON: Bool

    init(_ arguments: ParsedArguments) throws {
        let options = try RunOptions(arguments)
        configuration = try options.configuration()
        match = try options.match()
        guard configuration.recipe.local != nil else {
            throw UsageError.invalidValue(
                argument: "--learning", found: "surrogate", expected: "local, the rule that makes shots")
        }
        timing = try Device.load(arguments.string("timing", default: "eagle"))
        shotOverhead = try arguments.number("shot-overhead", in: 0...1e9) ?? 250
        isJSON = arguments.flag("json")
    }

    func run(_ terminal: Terminal) async throws {
        let data = try await configuration.loadData()
        let (training, _) = try configuration.parts(ofTraining: data.train)
        guard
            let estimate = try configuration.estimate(
                for: training, on: timing.noise, shotOverhead: shotOverhead)
        else { return }
        if let match { terminal.write(RunText.match(match)) }
        if isJSON { return try terminal.writeJSON(estimate) }
        terminal.write("One iteration (batch of \(min(configuration.recipe.batchSize, training.count))):")
        RunText.ledger(estimate.iteration).forEach(terminal.write)
        terminal.write("The whole run, \(estimate.iterations) iterations:")
        RunText.ledger(estimate.run).forEach(terminal.write)
        let heading = [
            "circuit", "steps", "depth", "1-qubit gates", "2-qubit gates", "measurements", "µs a shot",
        ]
        let rows = estimate.circuits.map { entry in
            let name = entry.fold == 1 ? entry.population : "\(entry.population), folded to \(entry.fold)"
            return [
                name, "\(entry.steps)", "\(entry.cost.depth)", "\(entry.cost.oneQubitGates)",
                "\(entry.cost.twoQubitGates)", "\(entry.cost.measurements)",
                String(printf: "%.1f", entry.cost.shotDuration ?? 0),
            ]
        }
        TextTable.numberLines([heading] + rows).forEach(terminal.write)
        guard let iteration = estimate.iterationSeconds, let run = estimate.runSeconds else {
            terminal.write("No device can run this estimator; postselected and memoryless can.")
            return
        }
        terminal.write(
            "\(timing.name): "
                + String(
                    printf: "%.1f s of the device an iteration, %.0f s for the run, with %g µs between shots",
                    iteration, run, shotOverhead))
    }
}
