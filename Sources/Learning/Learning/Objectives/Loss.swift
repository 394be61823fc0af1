import Glibc

/// What a network is trained to make small: a function of the rates of the classes and the label.
public enum Loss: Sendable, Hashable {
    /// Cross-entropy of softmax(`temperature` · rates): −log softmax(τ r)_label.
    ///
    /// Rates lie between 0 and 1, so without a temperature the softmax can never be sure of itself. τ is
    /// the factor on the rates (the inverse of what physicists call temperature).
    case softmaxCrossEntropy(temperature: Double)
    /// Mean over the classes of the binary cross-entropy between rate and target, (S9).
    ///
    /// A rate of exactly 0 or 1, common with few steps, would cost infinitely much: rates are kept `floor`
    /// away from both ends, which bounds the loss by −log `floor` a class and biases it where it acts.
    case rateCrossEntropy(floor: Double)

    /// The loss of one sample.
    ///
    /// - Parameter rates: one for each class, 0…1.
    public func value(rates: [Double], label: Int) -> Double {
        switch self {
        case .softmaxCrossEntropy(let temperature):
            let largest = rates.max() ?? 0
            let sum = rates.reduce(0) { $0 + exp(temperature * ($1 - largest)) }
            return log(sum) - temperature * (rates[label] - largest)
        case .rateCrossEntropy(let floor):
            let sum = rates.indices.reduce(0) { sum, index in
                let kept = min(max(rates[index], floor), 1 - floor)
                return sum - log(index == label ? kept : 1 - kept)
            }
            return sum / Double(rates.count)
        }
    }

    /// Derivative of ``value(rates:label:)`` with respect to each rate. Where (S9) is bounded, the slope at
    /// the bound.
    public func gradient(rates: [Double], label: Int) -> [Double] {
        var gradient = [Double](repeating: 0, count: rates.count)
        setGradient(rates: rates, label: label, &gradient)
        return gradient
    }

    /// The same into an array that is there.
    func setGradient(rates: [Double], label: Int, _ gradient: inout [Double]) {
        switch self {
        case .softmaxCrossEntropy(let temperature):
            let largest = rates.max() ?? 0
            var sum = 0.0
            for (index, rate) in rates.enumerated() {
                gradient[index] = exp(temperature * (rate - largest))
                sum += gradient[index]
            }
            for index in rates.indices {
                gradient[index] = temperature * (gradient[index] / sum - (index == label ? 1 : 0))
            }
        case .rateCrossEntropy(let floor):
            for (index, rate) in rates.enumerated() {
                let kept = min(max(rate, floor), 1 - floor)
                gradient[index] = (index == label ? -1 / kept : 1 / (1 - kept)) / Double(rates.count)
            }
        }
    }
}

extension Loss {
    /// Judges the answers to some samples.
    ///
    /// - Parameters:
    ///   - labels: of the samples.
    ///   - predictions: the answers.
    ///   - setScores: writes what the loss is taken of for one sample, a number a class, into an array that is there.
    ///   - each: is told each sample with its scores and its label.
    package func judge(
        _ labels: [Int], predictions: [Int], classCount: Int, setScores: (Int, inout [Double]) -> Void,
        each: (_ sample: Int, _ scores: [Double], _ label: Int) -> Void = { _, _, _ in }
    ) -> Judgement {
        var (lossSum, rightCount) = (0.0, 0)
        var scores = [Double](repeating: 0, count: classCount)
        for (sample, label) in labels.enumerated() {
            setScores(sample, &scores)
            lossSum += value(rates: scores, label: label)
            each(sample, scores, label)
            if predictions[sample] == label { rightCount += 1 }
        }
        return Judgement(
            lossSum: lossSum, rightCount: rightCount, answerCount: labels.count, predictions: predictions)
    }
}
