import Compute
import Files
import QuantumCircuits

/// A training step and an inference step on one workload: what `sqsnn bench step` prints.
public struct StepBenchmark: Sendable, Encodable {
    public let workload: Workload
    public let trainingStep: Measurement
    public let inferenceStep: Measurement
    /// The neurons' kernel alone.
    public let neuronStep: Measurement
    /// The sums of weights alone.
    public let currentsForward: Measurement
    /// The sums of errors alone.
    public let currentsBackward: Measurement
    /// Mean over the samples and steps of all training steps.
    public let hiddenSpikesPerStep: Double

    public static func measure(_ workload: Workload) async throws -> StepBenchmark {
        func measured(_ scenario: some Scenario) async throws -> Measurement {
            var scenario = scenario
            return try await Measurement(&scenario)
        }
        var training = try TrainingStepScenario(workload)
        let trainingStep = try await Measurement(&training)
        return StepBenchmark(
            workload: workload, trainingStep: trainingStep,
            inferenceStep: try await measured(InferenceScenario(workload)),
            neuronStep: try await measured(NeuronStepScenario(workload)),
            currentsForward: try await measured(CurrentsForwardScenario(workload)),
            currentsBackward: try await measured(CurrentsBackwardScenario(workload)),
            hiddenSpikesPerStep: training.hiddenSpikesPerStep)
    }

    /// The table as lines of text.
    public var lines: [String] {
        func row(_ name: String, _ measurement: Measurement, _ unit: String) -> [String] {
            measurement.cells(name, unit: unit) + [measurement.allocationsText, measurement.peakMemoryText]
        }
        let header = ["scenario", "median", "minimum", "rate", "allocations", "peak memory"]
        return TextTable.lines([
            header, row("training step", trainingStep, "images"),
            row("inference step", inferenceStep, "images"),
            row("neuron step", neuronStep, "neuron-steps"),
            row("currents forward", currentsForward, "additions"),
            row("currents backward", currentsBackward, "additions"),
        ])
    }

    enum CodingKeys: String, CodingKey {
        case version, configuration
        case instructionSet = "instruction_set"
        case trainingStepSeconds = "training_step_seconds"
        case inferenceStepSeconds = "inference_step_seconds"
        case neuronStepsPerSecond = "neuron_steps_per_second"
        case synapseAdditionsPerSecond = "synapse_additions_per_second"
        case backwardAdditionsPerSecond = "synapse_additions_per_second_backward"
        case hiddenSpikesPerStep = "hidden_spikes_per_step"
        case trainingAllocations = "training_step_allocations"
        case inferenceAllocations = "inference_step_allocations"
        case peakMemoryBytes = "peak_memory_bytes"
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(Software.version, forKey: .version)
        try container.encode(InstructionSet.current.name, forKey: .instructionSet)
        try container.encode(workload, forKey: .configuration)
        try container.encode(trainingStep.timing, forKey: .trainingStepSeconds)
        try container.encode(inferenceStep.timing, forKey: .inferenceStepSeconds)
        try container.encode(neuronStep.rate, forKey: .neuronStepsPerSecond)
        try container.encode(currentsForward.rate, forKey: .synapseAdditionsPerSecond)
        try container.encode(currentsBackward.rate, forKey: .backwardAdditionsPerSecond)
        try container.encode(hiddenSpikesPerStep, forKey: .hiddenSpikesPerStep)
        try container.encode(trainingStep.allocations, forKey: .trainingAllocations)
        try container.encode(inferenceStep.allocations, forKey: .inferenceAllocations)
        try container.encode(trainingStep.peakMemoryBytes, forKey: .peakMemoryBytes)
    }
}
