import Compute
import Networks
import SpikeDatasets
import SpikeTrains

extension Trainer {
    /// Passes of an evaluation: their numbers in the random streams have 15 bits.
    public static let evaluationCounts = 1...65536 - Evaluator.firstEpoch

    /// Measures the network on samples, in single-shot passes: spikes only.
    ///
    /// - Parameter repetitions: each with random numbers of its own, within ``evaluationCounts``.
    /// - Throws: ``LearningError`` for samples that do not fit, and for no repetitions; what the source throws.
    public func evaluate(on source: some SampleSource, repetitions: Int = 1) throws -> Evaluation {
        try check(source)
        guard Self.evaluationCounts.contains(repetitions) else {
            throw LearningError.repetitions(found: repetitions)
        }
        return try evaluate(
            on: source, epochs: Evaluator.firstEpoch..<Evaluator.firstEpoch + repetitions)
    }

    /// Classifies samples; images are encoded as the plan says.
    public func evaluate(on data: LabelledDataset, repetitions: Int) throws -> Evaluation {
        try evaluate(on: samples(data), repetitions: repetitions)
    }

    /// A copy that runs the network with sums of another precision; of the plan's where nil.
    public func running(in precision: SumPrecision?) -> Trainer {
        var trainer = self
        trainer.plan.precision = precision ?? plan.precision
        return trainer
    }

    /// - Parameter epochs: of the random numbers, one for each repetition.
    package func evaluate(on source: some SampleSource, epochs: Range<Int>) throws -> Evaluation {
        try Evaluator(self, seed: seed).evaluate(on: source, epochs: epochs)
    }
}

extension Trainer {
    /// What the network is given of all samples in the first pass of `evaluate(on:repetitions:)`.
    ///
    /// - Throws: ``LearningError`` for samples that do not fit; what the source throws.
    package func input(of source: some SampleSource) throws -> NetworkInput {
        try check(source)
        let evaluator = Evaluator(self, seed: seed)
        return try evaluator.batch(source, Array(0..<source.count), epoch: Evaluator.firstEpoch).input
    }
}

/// One pass over some samples with all spikes kept.
public struct ExampleActivity: Sendable {
    public let data: LabelledDataset
    /// One raster a population, without the inputs, each over all samples.
    public let rasters: [SpikeRaster]
    /// The class that the output spikes say, one a sample.
    public let predictions: [Int]
}

extension Trainer {
    /// Runs all samples of a (small) data set at once and keeps the spikes.
    ///
    /// - Throws: ``LearningError`` for data that does not fit the network.
    public func activity(on dataset: LabelledDataset) throws -> ExampleActivity {
        let source = samples(dataset)
        try check(source)
        let evaluator = Evaluator(self, seed: seed)
        let judgement = try evaluator.judge(source, Array(0..<dataset.count), epoch: Evaluator.firstEpoch)
        return ExampleActivity(
            data: dataset, rasters: evaluator.simulator.rasters, predictions: judgement.predictions)
    }
}

/// What a network did with one sample, and what lies behind it.
public struct SampleActivity: Sendable {
    public let input: NetworkInput
    /// Of every population.
    public let activity: Activity
    /// The class that the output spikes say.
    public let prediction: Int
}

extension Trainer {
    /// Runs one sample as the first pass of `evaluate(on:repetitions:)` does, and keeps what lies behind its spikes.
    ///
    /// - Parameters:
    ///   - sample: number in the data.
    ///   - quantities: what is kept beside spikes.
    /// - Throws: ``LearningError`` for data that does not fit the network, and for a sample that there is not; `MemoryError`.
    public func activity(
        on data: LabelledDataset, sample: Int, recording quantities: Set<Activity.Quantity>
    ) throws -> SampleActivity {
        let source = samples(data)
        try check(source)
        guard (0..<data.count).contains(sample) else {
            throw LearningError.samples(
                name: data.name, problem: "found no sample \(sample), expected 0 to \(data.count - 1)")
        }
        let size = SimulatorSize(
            network.graph, stepCount: plan.stepCount, threadCount: parallelism.threadCount,
            precision: plan.precision, keepsActivity: true)
        try ProcessMemory.require(
            size.activityCeiling(sampleCount: Count(1)), for: "the run and its record",
            remedy: Self.memoryRemedy)
        let evaluator = Evaluator(self, seed: seed, keepsActivity: true)
        let judgement = try evaluator.judge(source, [sample], epoch: Evaluator.firstEpoch)
        let names = network.graph.nodes.map(\.name)
        return SampleActivity(
            input: evaluator.simulator.lastInput,
            activity: evaluator.simulator.activity(network, recording: quantities, of: Set(names)),
            prediction: judgement.predictions.first ?? 0)
    }
}
