import Compute
import Foundation

/// The law of intervals of a classical neuron with k hidden states that a spike puts back: a discrete phase-type law,
///
///     q(n) = e · A^{n−1} π,   π a distribution, A[j, i] ≥ 0 the probability of silence and state j from state i, e_i = 1 − Σ_j A[j, i].
///
/// For intervals that are independent no neuron with k classical states does better, also of those that a spike does not put back: what it
/// misses is a mean over the distributions π that its spikes leave it in, and one of them is as good as the mean
/// (docs/studies/clock.md).
public struct PhaseTypeLaw: Sendable, Hashable, Codable {
    /// π
    public private(set) var start: [Double]
    /// A, `[next][state]`.
    public private(set) var silent: [[Double]]
    /// e
    public private(set) var firing: [Double]

    public var stateCount: Int { start.count }

    /// q(1) … q(N).
    public func probabilities(longest: Int) -> [Double] {
        var states = start
        return (0..<longest).map { _ in
            defer { states = silent.map { Self.product($0, states) } }
            return Self.product(firing, states)
        }
    }

    private static func product(_ left: [Double], _ right: [Double]) -> Double {
        var sum = 0.0
        for index in left.indices { sum += left[index] * right[index] }
        return sum
    }

    /// Random numbers of a fit's beginning.
    ///
    /// - Parameter isCyclic: whether states follow one another in a ring, which is where waves are.
    init(random stateCount: Int, isCyclic: Bool, using random: inout some RandomNumberGenerator) {
        /// Of a flat Dirichlet law, within a factor.
        func weight() -> Double { -log(Double.random(in: 1e-12..<1, using: &random)) }
        func normalised(_ weights: [Double]) -> [Double] {
            let total = weights.reduce(0, +)
            return weights.map { $0 / total }
        }
        start = normalised((0..<stateCount).map { _ in weight() })
        firing = []
        silent = [[Double]](
            repeating: [Double](repeating: 0, count: stateCount), count: stateCount)
        for state in 0..<stateCount {
            let outcomes = normalised(
                (0...stateCount).map { outcome in
                    guard isCyclic, outcome < stateCount else { return weight() }
                    let ahead = (outcome - state + stateCount) % stateCount
                    return weight() * (ahead == 1 ? 10 : ahead == 0 ? 2 : 0.05)
                })
            for next in 0..<stateCount { silent[next][state] = outcomes[next] }
            firing.append(outcomes[stateCount])
        }
    }

    /// One step of expectation and maximisation (Asmussen, Nerman and Olsson 1996, in discrete time): never less likely than before.
    ///
    /// - Parameter weights: how often each interval came.
    /// - Returns: log-likelihood before the step.
    mutating func improve(_ weights: [Double]) -> Double {
        let count = stateCount
        // States before each step, and what they are worth for all intervals that last longer.
        var states = [[Double]]()
        states.reserveCapacity(weights.count)
        var current = start
        var shares = [Double]()
        var logLikelihood = 0.0
        for weight in weights {
            states.append(current)
            let probability = Self.product(firing, current)
            shares.append(weight > 0 ? weight / max(probability, 1e-300) : 0)
            if weight > 0 { logLikelihood += weight * log(max(probability, 1e-300)) }
            current = silent.map { Self.product($0, current) }
        }
        var moves = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
        var exits = [Double](repeating: 0, count: count)
        var worth = [Double](repeating: 0, count: count)
        for step in weights.indices.reversed() {
            let before = states[step]
            var earlier = [Double](repeating: 0, count: count)
            for next in 0..<count where worth[next] > 0 {
                let value = worth[next]
                for state in 0..<count {
                    moves[next][state] += value * before[state]
                    earlier[state] += silent[next][state] * value
                }
            }
            let share = shares[step]
            for state in 0..<count {
                exits[state] += share * before[state]
                earlier[state] += share * firing[state]
            }
            worth = earlier
        }
        let total = weights.reduce(0, +)
        for state in 0..<count {
            start[state] *= worth[state] / total
            exits[state] *= firing[state]
            var sum = exits[state]
            for next in 0..<count {
                moves[next][state] *= silent[next][state]
                sum += moves[next][state]
            }
            guard sum > 0 else { continue }
            firing[state] = exits[state] / sum
            for next in 0..<count { silent[next][state] = moves[next][state] / sum }
        }
        return logLikelihood
    }
}
