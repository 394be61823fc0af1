import Compute
import Networks
import SpikeTrains

/// Samples in arrays of one's own: intensities, real-valued series, or spikes that are there.
public struct ArraySamples: SampleSource {
    private enum Content: Sendable {
        case pixels([UInt8], any SpikeEncoder)
        /// Firing probabilities of each step in steps of 1/255, `[sample][step][input]`.
        case series([UInt8])
        case spikes(SpikeRaster)
        case values(ValueSeries)
    }

    public let name: String
    public let count: Int
    public let shape: SampleShape
    private let content: Content
    private let targets: Targets

    /// Intensities.
    ///
    /// - Parameters:
    ///   - pixels: 0…255, `[sample][input]`.
    ///   - classCount: classes that targets of ``Targets/classes(_:)`` choose from.
    /// - Throws: ``LearningError/samples(name:problem:)`` where the sizes do not fit together.
    public init(
        pixels: [UInt8], inputCount: Int, encoder: any SpikeEncoder, targets: Targets, classCount: Int = 0,
        name: String = "arrays"
    ) throws(LearningError) {
        try self.init(
            .pixels(pixels, encoder), elementCount: pixels.count, inputCount: inputCount, targets, classCount,
            name)
    }

    /// Series of real numbers, rate coded: at every step, an input fires with a probability that goes from 0 to 1 over a range
    /// of its value, in 255 steps; values beyond the range are taken as its ends.
    ///
    /// - Parameters:
    ///   - series: `[sample][step][input]`.
    ///   - range: values of firing probability 0 and 1.
    /// - Throws: ``LearningError/samples(name:problem:)`` where the sizes do not fit together, and for values that are no numbers.
    public init(
        series: [Float], inputCount: Int, stepCount: Int, range: ClosedRange<Float> = 0...1, targets: Targets,
        classCount: Int = 0, name: String = "series"
    ) throws(LearningError) {
        let extent = range.upperBound - range.lowerBound
        guard extent > 0, extent.isFinite else {
            throw .samples(name: name, problem: "found range \(range), expected one that is longer than 0")
        }
        if let place = series.firstIndex(where: \.isNaN) {
            throw .samples(
                name: name, problem: "found \(series[place]) at element \(place), expected a number")
        }
        let levels = series.map { value in
            let kept = min(max(value, range.lowerBound), range.upperBound)
            return UInt8((255 * ((kept - range.lowerBound) / extent)).rounded())
        }
        try self.init(
            .series(levels), elementCount: levels.count, inputCount: inputCount, stepCount: stepCount,
            targets, classCount, name)
    }

    /// Spikes that are there.
    ///
    /// - Throws: ``LearningError/samples(name:problem:)`` where there are not as many targets as samples.
    public init(
        spikes: SpikeRaster, targets: Targets, classCount: Int = 0, name: String = "spikes"
    ) throws(LearningError) {
        try self.init(
            .spikes(spikes), elementCount: spikes.rowCount * spikes.neuronCount,
            inputCount: spikes.neuronCount, stepCount: spikes.stepCount, channelCount: spikes.channelCount,
            targets, classCount, name)
    }

    /// Series of real numbers in place of spikes, which the weights multiply; for a network whose input has the signal `values`.
    ///
    /// - Throws: ``LearningError/samples(name:problem:)`` where there are not as many targets as samples.
    public init(
        values: ValueSeries, targets: Targets, classCount: Int = 0, name: String = "values"
    ) throws(LearningError) {
        try self.init(
            .values(values), elementCount: values.values.count, inputCount: values.inputCount,
            stepCount: values.stepCount, signal: .values, targets, classCount, name)
    }

    private init(
        _ content: Content, elementCount: Int, inputCount: Int, stepCount: Int? = nil, channelCount: Int = 1,
        signal: InputSignal = .spikes, _ targets: Targets, _ classCount: Int, _ name: String
    ) throws(LearningError) {
        let (size, isBeyond) = max(inputCount, 0).multipliedReportingOverflow(by: max(stepCount ?? 1, 0))
        guard size > 0, !isBeyond, elementCount % size == 0 else {
            throw .samples(
                name: name,
                problem: "found \(elementCount) numbers, expected a multiple of \(inputCount) inputs"
                    + (stepCount.map { " × \($0) steps" } ?? ""))
        }
        let found = targets.shape(classCount: classCount)
        guard found.sampleCount == elementCount / size else {
            let text = found.sampleCount.map { "\($0) samples" } ?? "no whole number of samples"
            throw .samples(
                name: name,
                problem: "targets: found \(text), expected \(elementCount / size) as the inputs have"
            )
        }
        if case .classes(let labels) = targets,
            let label = labels.first(where: { !(0..<classCount).contains($0) })
        {
            throw .samples(
                name: name, problem: "targets: found class \(label), expected one below \(classCount)")
        }
        self.content = content
        self.targets = targets
        self.name = name
        count = elementCount / size
        shape = SampleShape(
            inputCount: inputCount, signal: signal, channelCount: channelCount, stepCount: stepCount,
            targets: found.shape)
    }

    public func batch(
        _ indices: [Int], stepCount: Int, random: RandomStream, parallelism: Parallelism
    ) throws -> SampleBatch {
        let input: NetworkInput
        switch content {
        case .pixels(let pixels, let encoder):
            input = .spikes(
                try encoder.encode(
                    pixels: gather(pixels, indices, size: shape.inputCount), inputCount: shape.inputCount,
                    sampleIndices: indices, stepCount: stepCount, random: random, parallelism: parallelism))
        case .series(let levels):
            // A step is encoded like an image of its own, whose rows then lie as those of the steps do.
            let rows = RateEncoder().encodeChecked(
                pixels: gather(levels, indices, size: shape.inputCount * stepCount),
                inputCount: shape.inputCount,
                sampleIndices: indices.flatMap { index in (0..<stepCount).map { index * stepCount + $0 } },
                stepCount: 1, random: random, parallelism: parallelism)
            var raster = SpikeRaster(
                sampleCount: indices.count, stepCount: stepCount, neuronCount: shape.inputCount)
            raster.words = rows.words
            input = .spikes(raster)
        case .spikes(let raster): input = .spikes(raster.gathered(indices))
        case .values(let series): input = .values(series.gathered(indices))
        }
        return SampleBatch(input: input, targets: targets.gathered(indices))
    }

    private func gather(_ elements: [UInt8], _ indices: [Int], size: Int) -> [UInt8] {
        indices.flatMap { elements[$0 * size..<($0 + 1) * size] }
    }
}
