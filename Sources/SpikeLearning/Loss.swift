import Foundation

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
            let terms = rates.enumerated().map { index, rate in
                let kept = min(max(rate, floor), 1 - floor)
                return -log(index == label ? kept : 1 - kept)
            }
            return terms.reduce(0, +) / Double(rates.count)
        }
    }

    /// Derivative of ``value(rates:label:)`` with respect to each rate. Where (S9) is bounded, the slope at
    /// the bound.
    public func gradient(rates: [Double], label: Int) -> [Double] {
        switch self {
        case .softmaxCrossEntropy(let temperature):
            let largest = rates.max() ?? 0
            let weights = rates.map { exp(temperature * ($0 - largest)) }
            let sum = weights.reduce(0, +)
            return weights.enumerated().map { index, weight in
                temperature * (weight / sum - (index == label ? 1 : 0))
            }
        case .rateCrossEntropy(let floor):
            return rates.enumerated().map { index, rate in
                let kept = min(max(rate, floor), 1 - floor)
                return (index == label ? -1 / kept : 1 / (1 - kept)) / Double(rates.count)
            }
        }
    }
}
