import Compute
import Learning

/// Trials of a task as samples, each drawn anew: nothing is kept, and no epoch has an order.
public struct TaskSamples: SampleSource {
    public let task: TemporalTask
    public let count: Int

    /// - Parameter count: trials of an epoch.
    public init(_ task: TemporalTask, count: Int) {
        self.task = task
        self.count = count
    }

    public var name: String { task.name }
    public var isShuffled: Bool { false }
    public var shape: SampleShape {
        SampleShape(
            inputCount: task.channels.count, stepCount: task.stepCount,
            targets: .values(outputCount: 1, steps: task.targetSteps))
    }

    public func batch(
        _ indices: [Int], stepCount: Int, random: RandomStream, parallelism: Parallelism
    ) -> SampleBatch {
        let trials = task.trials(indices, random: random)
        return SampleBatch(
            input: trials.input,
            targets: .values(TargetValues(trials.answers.map { $0 ? 1 : 0 }, steps: task.targetSteps)))
    }
}

/// How a trained network does on trials that training never sees.
struct TaskScore {
    /// Share of right answers, 0…1.
    let accuracy: Double
    /// Spikes of the population in a trial, over all steps.
    let spikesPerTrial: Double
    /// Cross-entropy, nats an answer.
    let loss: Double

    init(_ trainer: Trainer, on task: TemporalTask, trialCount: Int) throws {
        // Training has one epoch; its trials and measurements are those of number 0.
        let evaluation = try trainer.evaluate(on: TaskSamples(task, count: trialCount), epochs: 1..<2)
        accuracy = evaluation.accuracies[0]
        loss = evaluation.losses[0]
        let spikeCount = (evaluation.spikesPerStep * Double(trialCount * task.stepCount)).rounded()
        spikesPerTrial = spikeCount / Double(trialCount)
    }
}
