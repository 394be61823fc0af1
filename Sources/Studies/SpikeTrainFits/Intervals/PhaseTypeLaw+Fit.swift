import Compute

extension PhaseTypeLaw {
    /// How hard a fit tries.
    public struct Effort: Sendable, Hashable, Codable {
        /// Random beginnings.
        public var startCount: Int
        /// Steps of each before the best third goes on, with three times as many.
        public var firstSteps: Int

        public init(startCount: Int, firstSteps: Int = 60) {
            (self.startCount, self.firstSteps) = (startCount, firstSteps)
        }

        /// Enough to come to the best law that is known of the study's clock (docs/studies/clock.md).
        public static func enough(for stateCount: Int) -> Effort {
            switch stateCount {
            case ...6: Effort(startCount: 81)
            case 7...9: Effort(startCount: 6561, firstSteps: 30)
            default: Effort(startCount: 729)
            }
        }
    }

    /// The most likely law of k states for the intervals that came, as far as many beginnings find it.
    ///
    /// Beginnings are rings of states, which is where waves are, with a little of everything else; the best third of them goes on, again
    /// and again, by accelerated expectation and maximisation.
    ///
    /// - Parameter weights: how often intervals 1, 2, … came.
    /// - Returns: the law, and for how many of the last three beginnings it came out within 1e-6 nats an interval.
    public static func fit(
        _ weights: [Double], stateCount: Int, effort: Effort, seed: UInt64
    ) -> (law: PhaseTypeLaw, agreeingCount: Int) {
        let total = weights.reduce(0, +)
        var candidates = (0..<effort.startCount).map { number in
            var random = RandomStream(seed: seed, purpose: .analysis, population: 7)
                .generator(sample: number)
            return Candidate(
                PhaseTypeLaw(
                    ring: stateCount, noise: number % 2 == 0 ? 0.01 : 0.1, using: &random),
                weights)
        }
        var steps = effort.firstSteps
        while candidates.count > 3 {
            for index in candidates.indices { candidates[index].improve(weights, steps: steps) }
            candidates.sort { $0.logLikelihood > $1.logLikelihood }
            candidates.removeLast(candidates.count - max(candidates.count / 3, 3))
            steps = min(3 * steps, 2000)
        }
        for index in candidates.indices {
            var gain = Double.infinity
            var done = 0
            while gain > 1e-8 * total, done < 40_000 {
                let before = candidates[index].logLikelihood
                candidates[index].improve(weights, steps: 100)
                gain = candidates[index].logLikelihood - before
                done += 100
            }
        }
        candidates.sort { $0.logLikelihood > $1.logLikelihood }
        let best = candidates[0]
        return (
            best.law, candidates.count { best.logLikelihood - $0.logLikelihood < 1e-6 * total }
        )
    }

    /// A law on its way, with the log-likelihood of the data.
    private struct Candidate {
        var law: PhaseTypeLaw
        var logLikelihood: Double

        init(_ law: PhaseTypeLaw, _ weights: [Double]) {
            self.law = law
            logLikelihood = law.logLikelihood(weights)
        }

        /// Steps of expectation and maximisation, two of them at a time extrapolated (Varadhan and Roland 2008, SQUAREM).
        mutating func improve(_ weights: [Double], steps: Int) {
            var done = 0
            while done < steps {
                let start = law.numbers
                var first = law
                first.improve(weights)
                var second = first
                second.improve(weights)
                done += 3
                let change = zip(first.numbers, start).map { $0 - $1 }
                let bend = zip(second.numbers, first.numbers).enumerated().map {
                    $0.element.0 - $0.element.1 - change[$0.offset]
                }
                let (length, turn) = (Self.length(change), Self.length(bend))
                let longest = turn > 0 ? -max(length / turn, 1) : -1
                var next = second
                if longest < -1 {
                    next.setNumbers(
                        start.indices.map {
                            start[$0] - 2 * longest * change[$0] + longest * longest * bend[$0]
                        }, least: second.numbers)
                }
                let found = next.logLikelihood(weights)
                if found >= logLikelihood {
                    (law, logLikelihood) = (next, found)
                } else {
                    (law, logLikelihood) = (second, second.logLikelihood(weights))
                }
            }
        }

        private static func length(_ values: [Double]) -> Double {
            values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        }
    }
}
