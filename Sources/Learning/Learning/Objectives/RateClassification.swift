import Compute
import Networks
import SpikeTrains

/// A loss of the classes' rates: softmax cross-entropy, or (S9).
public struct RateClassification: Objective {
    public let rates: RateDecoder
    public let loss: Loss

    public init(_ rates: RateDecoder, loss: Loss) {
        self.rates = rates
        self.loss = loss
    }

    public var decoder: (any SpikeDecoder)? { rates }

    public func problem(of targets: TargetShape, stepCount: Int, graph: NetworkGraph) -> String? {
        targets.problemAsClasses
    }

    public func judge(_ outputs: OutputActivity, _ targets: Targets) -> Judgement {
        judge(outputs, targets) { _, _, _ in }
    }

    public mutating func learn(_ outputs: OutputActivity, _ targets: Targets) -> (Judgement, OutputErrors) {
        let sampleCount = outputs.sampleIndices.count
        let perSpike =
            1
            / Double(
                rates.neuronsPerClass * outputs.spikes.stepCount * outputs.spikes.channelCount * sampleCount)
        var errors = [Float](repeating: 0, count: sampleCount * rates.neuronCount)
        var slopes = [Double](repeating: 0, count: rates.classCount)
        let judgement = judge(outputs, targets) { sample, sampleRates, label in
            loss.setGradient(rates: sampleRates, label: label, &slopes)
            for (label, slope) in slopes.enumerated() {
                let first = sample * rates.neuronCount + label * rates.neuronsPerClass
                for neuron in first..<first + rates.neuronsPerClass {
                    errors[neuron] = Float(slope * perSpike)
                }
            }
        }
        return (judgement, .perSample(errors))
    }

    private func judge(
        _ outputs: OutputActivity, _ targets: Targets, _ each: (Int, [Double], Int) -> Void
    ) -> Judgement {
        guard case .classes(let labels) = targets else { preconditionFailure("the targets were checked") }
        let spikeCounts = rates.counts(outputs.spikes)
        let classRates = rates.rates(
            spikeCounts: spikeCounts, stepCount: outputs.spikes.stepCount,
            channelCount: outputs.spikes.channelCount)
        let predictions = rates.predictions(
            spikeCounts: spikeCounts, sampleIndices: outputs.sampleIndices, random: outputs.ties)
        return loss.judge(
            labels, predictions: predictions, classCount: rates.classCount,
            setScores: { sample, sampleRates in
                for index in sampleRates.indices {
                    sampleRates[index] = Double(classRates[sample * rates.classCount + index])
                }
            }, each: each)
    }
}
