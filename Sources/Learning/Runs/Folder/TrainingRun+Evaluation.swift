import Learning
import Networks
import SpikeDatasets

extension TrainingRun {
    /// Measures the network as it is.
    ///
    /// - Parameters:
    ///   - repetitions: single-shot passes, each with random numbers of its own.
    ///   - part: which images; by default those that the run holds out, otherwise test images.
    ///   - other: test images of another data set, of the same shape and as many classes, which are then measured on.
    ///   - precision: of the sums over synapses, instead of that of the training.
    /// - Throws: ``RunError/nothingHeldOut(_:)`` for validation images of a run that has none.
    public func evaluate(
        repetitions: Int, on part: MeasuredImages? = nil, of other: LabelledDataset? = nil,
        precision: SumPrecision? = nil
    ) throws -> RunSummary {
        let part = part ?? (other == nil ? configuration.measured : .test)
        guard part == .test || other == nil else { throw RunError.nothingHeldOut(folder.path) }
        let images = try other ?? data(part)
        let trainer: any RunTrainer = try precision.map { try network().running(in: $0) } ?? model
        let evaluation = try trainer.evaluate(on: images, repetitions: repetitions)
        let seconds = metrics.map(\.seconds)
        return RunSummary(
            evaluation: evaluation, of: part, configuration: configuration, trainer: trainer,
            secondsPerEpoch: seconds.reduce(0, +) / Double(max(seconds.count, 1)),
            ledger: configuration.recipe.local.map { _ in
                metrics.reduce(into: ShotLedger()) { $0 += $1.ledger ?? ShotLedger() }
            }, output: folder.path, dataset: images.name)
    }

    /// Measures the trained network on another device: with this noise, or none, instead of the noise of the training.
    public func evaluate(
        repetitions: Int, on part: MeasuredImages? = nil, of other: LabelledDataset? = nil,
        precision: SumPrecision? = nil, under noise: RunConfiguration.DeviceNoise?
    ) throws -> RunSummary {
        var configuration = configuration
        configuration.noise = noise
        // The neurons of a graph may have noise of their own.
        configuration.graph = try configuration.graph?.running(on: noise?.model)
        return try moved(to: configuration).evaluate(
            repetitions: repetitions, on: part, of: other, precision: precision)
    }

    /// ``evaluate(repetitions:on:of:precision:)``, written to `summary.json` too.
    public func summarize(repetitions: Int) throws -> RunSummary {
        let summary = try evaluate(repetitions: repetitions)
        try folder.write(summary, to: folder.summaryPath)
        return summary
    }

    private func data(_ part: MeasuredImages) throws -> LabelledDataset {
        guard part == .test || configuration.measured == .validation else {
            throw RunError.nothingHeldOut(folder.path)
        }
        return part == .test ? test : measured
    }

    /// What the trained network does with one sample in the first pass of an evaluation, and what lies behind it.
    ///
    /// - Parameters:
    ///   - sample: number among those of the part.
    ///   - part: by default samples that the run holds out, otherwise those to judge by.
    /// - Returns: its class, too.
    /// - Throws: ``RunError/nothingHeldOut(_:)``, ``RunError/notSpiking(_:model:)``; `LearningError` for a sample that there is not.
    public func activity(
        sample: Int, on part: MeasuredImages? = nil, recording quantities: Set<Activity.Quantity>
    ) throws -> (activity: SampleActivity, label: Int) {
        let data = try data(part ?? configuration.measured)
        let activity = try network().activity(on: data, sample: sample, recording: quantities)
        return (activity, Int(data.labels[sample]))
    }

    /// Spikes of the trained network for the first images that it is measured on, `[image]` of one raster a layer.
    public func exampleActivity(count: Int) throws -> ExampleActivity {
        try network().activity(on: measured.prefix(count))
    }

    /// The trainer of a spiking network.
    ///
    /// - Throws: ``RunError/notSpiking(_:model:)`` of a model without spikes.
    package func network() throws -> Trainer {
        guard let trainer = model as? Trainer else {
            throw RunError.notSpiking(folder.path, model: configuration.modelKind)
        }
        return trainer
    }
}
