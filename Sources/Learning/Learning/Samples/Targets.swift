import SpikeTrains

/// What a network should say of some samples.
public enum Targets: Sendable {
    /// One class a sample.
    case classes([Int])
    /// Real numbers, or answers that are 0 or 1.
    case values(TargetValues)
    /// The spikes of the outputs themselves, `[sample][step][neuron][channel]`.
    case spikes(SpikeRaster)
}

/// Numbers that a read-out should give.
public struct TargetValues: Sendable, Hashable {
    /// `[sample][target step][output]`; without target steps `[sample][output]`.
    public var values: [Float]
    /// Numbers that the read-out gives at a time.
    public var outputCount: Int
    /// The steps at which the spikes are read, ascending; nil where the rates over all steps are.
    public var steps: [Int]?

    public init(_ values: [Float], outputCount: Int = 1, steps: [Int]? = nil) {
        self.values = values
        self.outputCount = outputCount
        self.steps = steps
    }

    /// Numbers of one sample.
    public var countPerSample: Int { outputCount * (steps?.count ?? 1) }
}

/// What ``Targets`` there are.
public enum TargetShape: Sendable, Hashable, CustomStringConvertible {
    case classes(Int)
    case values(outputCount: Int, steps: [Int]?)
    case spikes(stepCount: Int, neuronCount: Int, channelCount: Int)

    /// Why they are not what a loss of classes takes, nil if they are.
    var problemAsClasses: String? {
        if case .classes = self { nil } else { "targets: found \(self), expected classes" }
    }

    public var description: String {
        switch self {
        case .classes(let count): "\(count) classes"
        case .values(let count, let steps):
            "\(count) numbers" + (steps.map { " at \($0.count) steps" } ?? " a sample")
        case .spikes(let steps, let neurons, let channels):
            "\(steps) steps of spikes of \(neurons) neurons of \(channels) channels"
        }
    }
}

extension Targets {
    /// The targets of some samples, in the order wanted.
    func gathered(_ indices: [Int]) -> Targets {
        switch self {
        case .classes(let labels): return .classes(indices.map { labels[$0] })
        case .values(var values):
            let all = values.values
            let size = values.countPerSample
            values.values = indices.flatMap { all[$0 * size..<($0 + 1) * size] }
            return .values(values)
        case .spikes(let raster): return .spikes(raster.gathered(indices))
        }
    }

    /// Samples, and the shape; of classes, how many there are is not in the labels.
    func shape(classCount: Int = 0) -> (sampleCount: Int?, shape: TargetShape) {
        switch self {
        case .classes(let labels): (labels.count, .classes(classCount))
        case .values(let values):
            (
                values.countPerSample > 0 && values.values.count % values.countPerSample == 0
                    ? values.values.count / values.countPerSample : nil,
                .values(outputCount: values.outputCount, steps: values.steps)
            )
        case .spikes(let raster):
            (
                raster.sampleCount,
                .spikes(
                    stepCount: raster.stepCount, neuronCount: raster.neuronCount,
                    channelCount: raster.channelCount)
            )
        }
    }
}

extension SpikeRaster {
    /// The spikes of some samples, in the order wanted.
    func gathered(_ indices: [Int]) -> SpikeRaster {
        var raster = SpikeRaster(
            sampleCount: indices.count, stepCount: stepCount, neuronCount: neuronCount,
            channelCount: channelCount)
        let size = stepCount * wordsPerRow
        for (place, index) in indices.enumerated() {
            for word in 0..<size { raster.words[place * size + word] = words[index * size + word] }
        }
        return raster
    }
}
