import ErrorMitigation
import Glibc
import Neurons
import QuantumCircuits

/// The probabilities of the spike patterns of one step, exact or as frequencies, and what follows from them linearly.
struct StepEstimate {
    /// A number with its standard deviation, 0 where it is exact.
    struct Value {
        var value: Double
        var standardError: Double

        /// NaN where the value is not positive.
        var logarithm: Value {
            value > 0
                ? Value(value: log(value), standardError: standardError / value)
                : Value(value: .nan, standardError: .nan)
        }
    }

    /// Of each pattern read.
    private let frequencies: [Double]
    private let shots: Int?
    private let readout: ReadoutMitigation?
    private let channels: Int

    init(
        exact probabilities: [Double], shots: Int?, readout: ReadoutMitigation?, channels: Int,
        using generator: inout some RandomNumberGenerator
    ) {
        self.shots = shots
        self.readout = readout
        self.channels = channels
        guard let shots else {
            frequencies = probabilities
            return
        }
        var counts = [Int](repeating: 0, count: probabilities.count)
        for _ in 0..<shots {
            var point = Double.random(in: 0..<1, using: &generator)
            // Rounding may leave the point beyond the last pattern.
            let pattern = probabilities.firstIndex {
                point -= $0
                return point < 0
            }
            counts[pattern ?? probabilities.count - 1] += 1
        }
        frequencies = counts.map { Double($0) / Double(shots) }
    }

    func firing(_ channel: Int) -> Value {
        sum { Instrument.bit(of: channel, in: $0, channels: channels) }
    }

    func probability(of pattern: Int) -> Value { sum { $0 == pattern } }

    /// Σ over some true patterns of their probability: Σ_r a_r f_r over the patterns read, of variance (Σ a² f − (Σ a f)²) / shots.
    private func sum(over isCounted: (Int) -> Bool) -> Value {
        let weights = frequencies.indices.map { read -> Double in
            var unit = [Double](repeating: 0, count: frequencies.count)
            unit[read] = 1
            let truth = readout?.mitigated(unit) ?? unit
            return truth.indices.reduce(0) { $0 + (isCounted($1) ? truth[$1] : 0) }
        }
        let value = zip(weights, frequencies).reduce(0) { $0 + $1.0 * $1.1 }
        guard let shots else { return Value(value: value, standardError: 0) }
        // One more shot, spread over all patterns: so that a pattern that was never seen is not taken as impossible.
        let smoothed = frequencies.map {
            ($0 * Double(shots) + 1 / Double(frequencies.count)) / Double(shots + 1)
        }
        let mean = zip(weights, smoothed).reduce(0) { $0 + $1.0 * $1.1 }
        let square = zip(weights, smoothed).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
        return Value(value: value, standardError: (max(0, square - mean * mean) / Double(shots)).squareRoot())
    }
}

extension Double {
    /// √(a² + b²)
    func hypotenuse(_ other: Double) -> Double { (self * self + other * other).squareRoot() }
}
