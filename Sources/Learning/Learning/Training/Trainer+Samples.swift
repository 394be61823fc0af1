import Compute
import Networks
import SpikeDatasets
import SpikeTrains

extension Trainer {
    /// Trains one epoch; images are encoded as the plan says, and transforms by chance take part.
    public mutating func trainEpoch(
        on data: LabelledDataset, afterBatch: (TrainingProgress) -> Bool
    ) throws -> EpochMetrics? {
        try trainEpoch(on: samples(data, isAugmented: true), afterBatch: afterBatch)
    }

    package func samples(_ data: LabelledDataset, isAugmented: Bool = false) -> any SampleSource {
        switch data {
        case .images(let images): ImageSamples(images, encoder: plan.encoder)
        case .spikes(let spikes): SpikeSamples(spikes, isAugmented: isAugmented)
        case .series(let series): SeriesSamples(series)
        }
    }

    /// Whether a source has samples, of the network's shape, that the objective can judge.
    package func check(_ source: some SampleSource) throws {
        let (name, shape, graph) = (source.name, source.shape, network.graph)
        guard source.count > 0 else { throw LearningError.emptyDataset(name) }
        if case .classes(let classCount) = shape.targets, let decoder = objective.decoder {
            guard shape.inputCount == network.inputCount, classCount == decoder.classCount else {
                throw LearningError.datasetShape(
                    name: name, inputs: shape.inputCount, classes: classCount,
                    expectedInputs: network.inputCount, expectedClasses: decoder.classCount)
            }
        }
        guard shape.signal == graph.input.signal else {
            throw LearningError.samples(
                name: name,
                problem:
                    "found \(shape.signal.rawValue), expected \(graph.input.signal.rawValue), the signal of the "
                    + "graph's input")
        }
        let channels = graph.input.channelCount
        let counts = [
            ("inputs", shape.inputCount, network.inputCount),
            ("channels", shape.channelCount, shape.channelCount == 1 ? 1 : channels),
            ("steps", shape.stepCount ?? plan.stepCount, plan.stepCount),
        ]
        for (unit, found, expected) in counts where found != expected {
            throw LearningError.samples(
                name: name,
                problem: "found \(found) \(unit), expected \(expected) as the network and its plan have")
        }
        if let problem = objective.problem(of: shape.targets, stepCount: plan.stepCount, graph: graph) {
            throw LearningError.samples(name: name, problem: problem)
        }
    }
}

extension SampleSource {
    /// A batch for a network whose inputs have so many channels.
    func batch(
        _ indices: [Int], stepCount: Int, channelCount: Int, random: RandomStream, parallelism: Parallelism
    ) throws -> SampleBatch {
        var batch = try batch(indices, stepCount: stepCount, random: random, parallelism: parallelism)
        batch.input = batch.input.repeated(channelCount: channelCount)
        return batch
    }
}
