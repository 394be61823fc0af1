import Compute
import Networks
import SpikeTrains

/// A loss of how early the classes' neurons fire first: softmax cross-entropy of the classes' earliness.
///
/// A neuron that fires first at step t of T has the earliness 1 − t/T, a silent one 0, and a class the mean of its neurons. For neurons that
/// learn by the times of their spikes (`NeuronModel.learnsSpikeTimes`) the errors say what it costs to move the first spike one step later; for
/// all others they are the derivatives of T·(1 − earliness) = Σ_t Π_{u ≤ t} (1 − s_u), multilinear in the spikes.
public struct FirstSpikeClassification: Objective {
    public let times: FirstSpikeDecoder
    public let loss: Loss
    private let learnsSpikeTimes: Bool

    /// - Parameters:
    ///   - temperature: factor on the earliness.
    ///   - learnsSpikeTimes: whether the outputs learn by the times of their spikes.
    public init(_ times: FirstSpikeDecoder, temperature: Double, learnsSpikeTimes: Bool) {
        self.times = times
        loss = .softmaxCrossEntropy(temperature: temperature)
        self.learnsSpikeTimes = learnsSpikeTimes
    }

    public var decoder: (any SpikeDecoder)? { times }

    public func problem(of targets: TargetShape, stepCount: Int, graph: NetworkGraph) -> String? {
        targets.problemAsClasses
    }

    public func judge(_ outputs: OutputActivity, _ targets: Targets) -> Judgement {
        judge(outputs, targets) { _, _, _ in }
    }

    public mutating func learn(_ outputs: OutputActivity, _ targets: Targets) -> (Judgement, OutputErrors) {
        let raster = outputs.spikes
        let (stepCount, neuronCount) = (raster.stepCount, times.neuronCount)
        let sampleCount = outputs.sampleIndices.count
        var errors = [Float](repeating: 0, count: raster.rowCount * neuronCount)
        let perStep = -1 / Double(times.neuronsPerClass * stepCount * sampleCount)
        var slopes = [Double](repeating: 0, count: times.classCount)
        let judgement = judge(outputs, targets) { sample, earliness, label in
            loss.setGradient(rates: earliness, label: label, &slopes)
            for neuron in 0..<neuronCount {
                // ∂L/∂t of the first spike.
                let slope = Float(slopes[neuron / times.neuronsPerClass] * perStep)
                let steps = times.steps(raster, sample: sample, neuron: neuron)
                let first = steps.first ?? stepCount
                func add(_ error: Float, _ step: Int) {
                    errors[(sample * stepCount + step) * neuronCount + neuron] = error
                }
                if learnsSpikeTimes {
                    for step in 0..<stepCount where step > first { add(slope, step) }
                } else {
                    // A spike before the first would be the first; without the first, the second is.
                    for step in 0..<first { add(slope * Float(step - first), step) }
                    let second = steps.dropFirst().first ?? stepCount
                    if first < stepCount { add(slope * Float(first - second), first) }
                }
            }
        }
        return (judgement, .perStep(errors))
    }

    private func judge(
        _ outputs: OutputActivity, _ targets: Targets, _ each: (Int, [Double], Int) -> Void
    ) -> Judgement {
        guard case .classes(let labels) = targets else { preconditionFailure("the targets were checked") }
        let classTimes = times.times(outputs.spikes)
        let stepCount = Double(outputs.spikes.stepCount * times.neuronsPerClass)
        let predictions = times.predictions(
            times: classTimes, sampleIndices: outputs.sampleIndices, random: outputs.ties)
        return loss.judge(
            labels, predictions: predictions, classCount: times.classCount,
            setScores: { sample, earliness in
                for index in earliness.indices {
                    earliness[index] = 1 - Double(classTimes[sample * times.classCount + index]) / stepCount
                }
            }, each: each)
    }
}

extension FirstSpikeDecoder: SpikeDecoder {}
