import Glibc
import Neurons
import QuantumCircuits

/// How much the probability of the last spike tells about each of the neuron's earlier spikes, at given currents.
///
/// A probability is a real number, different after every history of nearly every circuit: known exactly, it would tell the
/// whole history whatever the circuit. So it is known as an experiment knows it, by the number c of spikes among n
/// repetitions of the last step from the same memory, c ~ Binomial(n, p(s_T^n = 1 | s^{T−1})). I(s_{T−k}; c) rises from
/// I(s_{T−k}; s_T) at n = 1 towards the entropy of s_{T−k}. Exact, by enumeration of the histories.
enum FiringMemory {
    /// I(s^n_{T−k}; c^n) in bits for k = 1 ... T − 1, the mean over the channels n.
    static func information(_ histories: SpikeHistories, shots: Int) -> [Double] {
        let stepCount = histories.states.count - 1
        let channels = histories.instrument.channelCount
        let probabilities = histories.probabilities(steps: stepCount - 1)
        let logFactorials = (0...shots).map { count -> Double in lgamma(Double(count) + 1) }
        let logBinomials = (0...shots).map { count -> Double in
            logFactorials[shots] - logFactorials[count] - logFactorials[shots - count]
        }
        var sums = [Double](repeating: 0, count: stepCount - 1)
        for channel in 0..<channels {
            let counts = probabilities.indices.map { history -> [Double] in
                guard probabilities[history] > 0 else { return [] }
                let firing = histories.firing(of: channel, after: history) / probabilities[history]
                return distribution(firing: min(max(firing, 0), 1), logBinomials).map {
                    probabilities[history] * $0
                }
            }
            for lag in 1..<stepCount {
                var joint = [[Double]](repeating: [Double](repeating: 0, count: shots + 1), count: 2)
                for (history, values) in counts.enumerated() {
                    let pattern = history >> (channels * (lag - 1)) & (histories.instrument.patternCount - 1)
                    let spike = Instrument.bit(of: channel, in: pattern, channels: channels) ? 1 : 0
                    for (count, value) in values.enumerated() { joint[spike][count] += value }
                }
                sums[lag - 1] += MutualInformation.ofJoint(joint)
            }
        }
        return sums.map { $0 / Double(channels) }
    }

    /// The binomial distribution of 0 ... n spikes.
    private static func distribution(firing: Double, _ logBinomials: [Double]) -> [Double] {
        let shots = logBinomials.count - 1
        return logBinomials.enumerated().map { count, logBinomial in
            // 0 · log 0 is 0.
            let fired = count == 0 ? 0 : Double(count) * log(firing)
            let silent = count == shots ? 0 : Double(shots - count) * log1p(-firing)
            return exp(logBinomial + fired + silent)
        }
    }
}
