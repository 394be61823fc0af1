import Benchmarks
import CommandParsing
import QuantumCircuits
import Neurons
import Runs
import TrainingOptions

/// The options that size a benchmark: a network with one hidden layer, and its input.
struct BenchOptions {
    /// Defaults that differ between the commands.
    static func arguments(hidden: Int = 1000, steps: String = "5", threads: String = "one for each core")
        -> [ArgumentDescription]
    {
        [
            .option(name: "inputs", value: "P", help: "Inputs.", default: "784"),
            .option(name: "hidden", value: "N", help: "Hidden neurons.", default: "\(hidden)"),
            .option(name: "outputs", value: "N", help: "Output neurons, one a class.", default: "10"),
            .option(name: "steps", value: "T", help: "Time steps, 1 to 1000.", default: steps),
            .option(name: "batch", value: "B", help: "Samples a batch.", default: "256"),
            .option(
                name: "density", value: "P",
                help: "Probability of a spike of each input at each step, 0 to 1.", default: "0.2"),
        ] + ModelOptions.ofNeurons + [
            PrecisionOption.argument(),
            .option(name: "threads", value: "K", help: "Threads, 1 to 1024.", default: threads),
        ]
    }

    /// The same without those that a sweep sets itself.
    static func arguments(without names: Set<String>, hidden: Int = 1000) -> [ArgumentDescription] {
        arguments(hidden: hidden).filter { !names.contains($0.name) }
    }

    /// The workload that the options ask for; what is not given or not declared has its default.
    static func workload(
        _ arguments: ParsedArguments, hidden: Int = 1000, without names: Set<String> = []
    ) throws -> Workload {
        func integer(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
            names.contains(name) ? nil : try arguments.integer(name, in: range)
        }
        var workload = Workload(
            model: try ModelOptions.neuron(arguments, over: SQS(Ansatz.exchange.circuit())))
        let sizes = Recipe.layerSizes
        workload.inputCount = try integer("inputs", in: sizes) ?? workload.inputCount
        workload.hiddenCount = try integer("hidden", in: sizes) ?? hidden
        workload.outputCount = try integer("outputs", in: sizes) ?? workload.outputCount
        workload.stepCount = try integer("steps", in: Recipe.stepCounts) ?? workload.stepCount
        workload.batchSize = try integer("batch", in: Recipe.batchSizes) ?? workload.batchSize
        workload.precision = try PrecisionOption.value(arguments) ?? workload.precision
        workload.threadCount = try integer("threads", in: 1...1024) ?? workload.threadCount
        if !names.contains("density"), let density = try arguments.number("density", in: 0...1) {
            workload.density = density
        }
        return workload
    }
}
