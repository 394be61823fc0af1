import Compute
import Glibc
import Networks
import SpikeTrains

/// A linear read-out of the output neurons that is trained with the network: y_o = b_o + Σ_n w_{o,n} x_n.
///
/// x is the spikes of one step, at each step that has a target, or the neurons' rates over all steps where targets name no steps.
/// It has no memory, so that whatever an answer needs of the past must be in the spikes of the step it is due. Spikes of all channels
/// of a neuron count alike.
public struct LinearReadout: Objective {
    /// What is made small, a mean over all numbers of a sample.
    public enum Loss: Sendable, Hashable {
        /// (y − target)²
        case squaredError
        /// Cross-entropy of P(yes) = σ(y) and an answer of 0 or 1, nats.
        case logistic
    }

    public let neuronCount: Int
    /// Numbers that it gives; with targets that are classes, one for each.
    public let outputCount: Int
    public let loss: Loss
    /// Of each output the weights w, and b after them.
    public var parameters: TrainedValues

    /// A read-out with random weights of deviation 1/√n.
    ///
    /// - Parameter random: purpose `initialization`, of a population that the network has not.
    public init(neuronCount: Int, outputCount: Int = 1, loss: Loss, random: RandomStream) {
        var generator = random.generator()
        let scale = 1 / Double(neuronCount).squareRoot()
        var values: [Float] = []
        for _ in 0..<outputCount {
            for _ in 0..<neuronCount { values.append(Float(scale * .standardNormal(using: &generator))) }
            values.append(0)
        }
        self.init(values, outputCount: outputCount, loss: loss)
    }

    /// - Parameter parameters: of each output the weights, and the constant after them.
    public init(_ parameters: [Float], outputCount: Int = 1, loss: Loss) {
        precondition(
            outputCount > 0 && parameters.count % outputCount == 0 && parameters.count > outputCount,
            "each output has a weight for each neuron, and a constant")
        neuronCount = parameters.count / outputCount - 1
        self.outputCount = outputCount
        self.loss = loss
        self.parameters = TrainedValues(parameters)
    }

    public var trainedValues: TrainedValues? {
        get { parameters }
        set { if let newValue { parameters = newValue } }
    }

    public var decoder: (any SpikeDecoder)? { outputCount > 1 ? self : nil }

    public func problem(of targets: TargetShape, stepCount: Int, graph: NetworkGraph) -> String? {
        let found = graph.nodes[graph.outputIndex].neuronCount
        guard found == neuronCount else {
            return
                "read-out: found \(neuronCount) weights for each output, expected \(found) as the network has outputs"
        }
        switch targets {
        case .classes(outputCount) where outputCount > 1: return nil
        case .values(outputCount, let steps):
            let steps = steps ?? []
            if let step = steps.first(where: { !(0..<stepCount).contains($0) }) {
                return "targets: found one at step \(step), expected steps below \(stepCount)"
            }
            return nil
        default: return "targets: found \(targets), expected \(outputCount) numbers"
        }
    }

    public func judge(_ outputs: OutputActivity, _ targets: Targets) -> Judgement {
        judge(outputs, targets) { _, _, _, _ in }
    }

    public mutating func learn(_ outputs: OutputActivity, _ targets: Targets) -> (Judgement, OutputErrors) {
        let raster = outputs.spikes
        let values = values(of: targets)
        let share = 1 / Float(values.values.count)
        let weights = parameters.array
        let perRate = 1 / Float(raster.stepCount * raster.channelCount)
        var gradient = [Float](repeating: 0, count: weights.count)
        var errors = [Float](
            repeating: 0,
            count: (values.steps == nil ? raster.sampleCount : raster.rowCount) * neuronCount)
        let judgement = judge(outputs, targets) { row, output, given, target in
            let slope =
                switch loss {
                case .squaredError: share * 2 * (given - target)
                case .logistic: share * (1 / (1 + exp(-given)) - target)
                }
            let first = output * (neuronCount + 1)
            let isRate = values.steps == nil
            let rows = isRate ? row * raster.stepCount..<(row + 1) * raster.stepCount : row..<row + 1
            let ofSpike = isRate ? slope * perRate : slope
            for row in rows { forEachSpike(raster, row: row) { gradient[first + $0] += ofSpike } }
            gradient[first + neuronCount] += slope
            for neuron in 0..<neuronCount {
                errors[row * neuronCount + neuron] += ofSpike * weights[first + neuron]
            }
        }
        parameters.setGradient(gradient)
        return (judgement, values.steps == nil ? .perSample(errors) : .perStep(errors))
    }

    /// Judges every number of a batch.
    ///
    /// - Parameter each: is told the row of the spikes, or the sample where rates are read, the output, and what it gave and should give.
    private func judge(
        _ outputs: OutputActivity, _ targets: Targets, _ each: (Int, Int, Float, Float) -> Void
    ) -> Judgement {
        let raster = outputs.spikes
        let values = values(of: targets)
        let weights = parameters.array
        let stepsOfTargets = values.steps ?? [0]
        var judgement = Judgement(lossSum: nil)
        var lossSum = 0.0
        for (index, target) in values.values.enumerated() {
            let (time, output) = index.quotientAndRemainder(dividingBy: outputCount)
            let (sample, place) = time.quotientAndRemainder(dividingBy: stepsOfTargets.count)
            let row =
                values.steps == nil ? sample : sample * raster.stepCount + stepsOfTargets[place]
            let given = read(raster, row, output, weights, isRate: values.steps == nil)
            switch loss {
            case .squaredError: lossSum += Double((given - target) * (given - target))
            case .logistic:
                // log(1 + e^z) without overflow, for z the logit against the right answer. A logit of 0 is a no.
                let against = Double(target > 0.5 ? -given : given)
                lossSum += max(against, 0) + log1p(exp(-against.magnitude))
                if (given > 0) == (target > 0.5) { judgement.rightCount += 1 }
                judgement.answerCount += 1
            }
            each(row, output, given, target)
        }
        judgement.lossSum = lossSum / Double(values.countPerSample)
        if case .classes(let labels) = targets {
            judgement.predictions = classes(raster)
            judgement.answerCount = labels.count
            judgement.rightCount = zip(judgement.predictions, labels).count { $0 == $1 }
        }
        return judgement
    }

    /// Of classes, 1 for the right one and 0 for all others.
    private func values(of targets: Targets) -> TargetValues {
        switch targets {
        case .values(let values): values
        case .classes(let labels):
            TargetValues(
                labels.flatMap { label in (0..<outputCount).map { $0 == label ? 1 : 0 } },
                outputCount: outputCount)
        case .spikes: preconditionFailure("the targets were checked")
        }
    }

    private func read(_ raster: SpikeRaster, _ row: Int, _ output: Int, _ weights: [Float], isRate: Bool)
        -> Float
    {
        let first = output * (neuronCount + 1)
        let constant = weights[first + neuronCount]
        guard isRate else {
            var sum = constant
            forEachSpike(raster, row: row) { sum += weights[first + $0] }
            return sum
        }
        var sum: Float = 0
        for step in 0..<raster.stepCount {
            forEachSpike(raster, row: row * raster.stepCount + step) { sum += weights[first + $0] }
        }
        return constant + sum / Float(raster.stepCount * raster.channelCount)
    }

    private func forEachSpike(_ raster: SpikeRaster, row: Int, _ body: (Int) -> Void) {
        for channel in 0..<raster.channelCount { raster.forEachActive(row: row, channel: channel, body) }
    }

    /// The output that gives the most of each sample; of equals, the first.
    private func classes(_ raster: SpikeRaster) -> [Int] {
        let weights = parameters.array
        return (0..<raster.sampleCount).map { sample in
            let given = (0..<outputCount).map { read(raster, sample, $0, weights, isRate: true) }
            return given.indices.reduce(0) { given[$1] > given[$0] ? $1 : $0 }
        }
    }
}

extension LinearReadout: SpikeDecoder {
    public var classCount: Int { outputCount }

    public func predictions(
        _ raster: SpikeRaster, sampleIndices: [Int], random: RandomStream
    ) throws(SpikeTrainError) -> [Int] {
        guard raster.neuronCount == neuronCount else {
            throw .neuronCount(found: [raster.neuronCount], expected: [neuronCount])
        }
        return classes(raster)
    }
}
