import Benchmarks
import CommandParsing
import SpikeDatasets

/// `sqsnn bench step`: a training step and an inference step.
struct BenchStepCommand: Command {
    static let description = CommandDescription(
        name: "step", summary: "Time a training step and an inference step on random spikes, or on images.",
        discussion: """
            A training step is forward, loss, backward and Adam on a batch that is already encoded; an inference step \
            is forward and decoded predictions. Input spikes and the random numbers of the measurements are fresh in \
            every repetition; there are at least 20. Beside them stand the neurons' kernel and the sums over the \
            input synapses alone: neuron_steps_per_second and synapse_additions_per_second (forward; an addition is \
            a spike times a postsynaptic neuron) are their rates in the median repetition.
            """,
        examples: [
            Example(
                "sqsnn bench step --hidden 1000 --outputs 10 --steps 5 --batch 256 --density 0.2 --json",
                "The defaults, for a program."),
            Example(
                "sqsnn bench step --dataset fashion-mnist",
                "The same on images under an intensity ceiling of 0.5."),
            Example("sqsnn bench step --memory-qubits 2", "Neurons with more memory, on the general path."),
        ])
    static let arguments: [ArgumentDescription] =
        BenchOptions.arguments() + [
            .option(
                name: "dataset", value: "NAME",
                help:
                    "Images instead of random spikes, under an intensity ceiling of 0.5; they say inputs, outputs and "
                    + "density.", default: "random spikes"),
            .flag(
                name: "json",
                help: "Print one JSON object: training_step_seconds and inference_step_seconds, each with "
                    + "minimum, median and repetitions; rates, allocations, peak memory, configuration."),
        ]

    private let workload: Workload
    private let dataset: String?
    private let isJSON: Bool

    init(_ arguments: ParsedArguments) throws {
        workload = try BenchOptions.workload(arguments)
        dataset = arguments.string("dataset")
        for name in ["inputs", "outputs", "density"] where dataset != nil && arguments.string(name) != nil {
            throw UsageError.invalidValue(
                argument: "--\(name)", found: arguments.string(name, default: ""),
                expected: "nothing beside --dataset, which says it")
        }
        isJSON = arguments.flag("json")
    }

    func run(_ terminal: Terminal) async throws {
        var workload = workload
        if let dataset { workload.takeInput(from: try await DatasetCatalog.loadImages(dataset).train) }
        let step = try await StepBenchmark.measure(workload)
        if isJSON { return try terminal.writeJSON(step) }
        step.lines.forEach(terminal.write)
    }
}
