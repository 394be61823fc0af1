import Compute
import Glibc

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
    /// A, number `next · k + state`.
    public private(set) var silent: [Double]
    /// e
    public private(set) var firing: [Double]

    public var stateCount: Int { start.count }

    /// q(1) … q(N).
    public func probabilities(longest: Int) -> [Double] {
        var states = start
        var image = start
        return (0..<longest).map { _ in
            defer {
                move(states, to: &image)
                swap(&states, &image)
            }
            return leave(states)
        }
    }

    /// A times the states.
    private func move(_ states: [Double], to image: inout [Double]) {
        let count = stateCount
        for next in 0..<count {
            var sum = 0.0
            for state in 0..<count { sum += silent[next * count + state] * states[state] }
            image[next] = sum
        }
    }

    /// e times the states.
    private func leave(_ states: [Double]) -> Double {
        var sum = 0.0
        for state in 0..<stateCount { sum += firing[state] * states[state] }
        return sum
    }

    /// A ring of states that follow one another, with a little of everything else: nothing comes back that was left out.
    ///
    /// - Parameter noise: how much of everything else, about.
    init(ring count: Int, noise: Double, using random: inout some RandomNumberGenerator) {
        func uniform() -> Double { Double.random(in: 0..<1, using: &random) }
        func little() -> Double { noise * -log(1 - uniform()) / Double(count) }
        start = (0..<count).map { ($0 == 0 ? 1 : 0) + little() }
        firing = []
        silent = (0..<count * count).map { _ in little() }
        let slowness = uniform()
        for state in 0..<count {
            let staying = slowness * uniform()
            silent[state * count + state] += staying
            silent[(state + 1) % count * count + state] += 1 - staying
            firing.append(0.5 * uniform() * uniform())
        }
        normalise()
    }

    /// π, A and e.
    package var numbers: [Double] { start + silent + firing }

    /// - Parameter least: in place of numbers below 0, a thousandth of these.
    mutating func setNumbers(_ numbers: [Double], least: [Double]) {
        let kept = zip(numbers, least).map { $0 > 0 ? $0 : 1e-3 * $1 }
        start = Array(kept.prefix(stateCount))
        silent = Array(kept.dropFirst(start.count).dropLast(start.count))
        firing = Array(kept.suffix(start.count))
        normalise()
    }

    /// Makes the probabilities of each state, and of the beginning, add up to 1.
    private mutating func normalise() {
        let (count, total) = (stateCount, start.reduce(0, +))
        start = start.map { $0 / total }
        for state in 0..<count {
            let sum = (0..<count).reduce(firing[state]) { $0 + silent[$1 * count + state] }
            firing[state] /= sum
            for next in 0..<count { silent[next * count + state] /= sum }
        }
    }

    /// Σ w_n log q(n), nats.
    func logLikelihood(_ weights: [Double]) -> Double {
        zip(weights, probabilities(longest: weights.count)).reduce(0) {
            $1.0 > 0 ? $0 + $1.0 * log(max($1.1, 1e-300)) : $0
        }
    }

    /// One step of expectation and maximisation (Asmussen, Nerman and Olsson 1996, in discrete time): never less likely than before.
    ///
    /// - Parameter weights: how often each interval came.
    mutating func improve(_ weights: [Double]) {
        let count = stateCount
        // States before each step, step after step, and what an interval of each length is worth.
        var states = [Double]()
        states.reserveCapacity(weights.count * count)
        var (current, image) = (start, start)
        var shares = [Double]()
        shares.reserveCapacity(weights.count)
        for weight in weights {
            states += current
            shares.append(weight > 0 ? weight / max(leave(current), 1e-300) : 0)
            move(current, to: &image)
            swap(&current, &image)
        }
        var moves = [Double](repeating: 0, count: count * count)
        var exits = [Double](repeating: 0, count: count)
        var worth = [Double](repeating: 0, count: count)
        for step in weights.indices.reversed() {
            let (first, share) = (step * count, shares[step])
            for state in 0..<count {
                exits[state] += share * states[first + state]
                image[state] = share * firing[state]
            }
            for next in 0..<count {
                let (value, row) = (worth[next], next * count)
                for state in 0..<count {
                    moves[row + state] += value * states[first + state]
                    image[state] += silent[row + state] * value
                }
            }
            swap(&worth, &image)
        }
        let total = weights.reduce(0, +)
        for state in 0..<count {
            start[state] *= worth[state] / total
            exits[state] *= firing[state]
            var sum = exits[state]
            for next in 0..<count {
                moves[next * count + state] *= silent[next * count + state]
                sum += moves[next * count + state]
            }
            guard sum > 0 else { continue }
            firing[state] = exits[state] / sum
            for next in 0..<count { silent[next * count + state] = moves[next * count + state] / sum }
        }
    }
}
