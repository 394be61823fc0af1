import Runs

/// Where the trials of a subject stand.
struct SearchStanding: Sendable {
    let subject: SearchSubject
    /// Of each trial, a score a rung that it was in.
    private(set) var scores: [[SearchScore]]
    /// Indices of the trials in the next rung, ascending.
    private(set) var going: [Int]

    init(_ subject: SearchSubject) {
        self.subject = subject
        scores = subject.trials.map { _ in [] }
        going = subject.trials.indices.filter { subject.trials[$0].configuration != nil }
    }

    mutating func add(_ score: SearchScore, to trial: Int) { scores[trial].append(score) }

    /// Lets the best trials of a rung go on, the first of equal ones; never one that came to nothing.
    mutating func keep(_ count: Int) {
        let best = ranking.filter { going.contains($0) && failure(of: $0) == nil }
        going = best.prefix(count).sorted()
    }

    /// Why a trial came to nothing.
    func failure(of trial: Int) -> String? {
        subject.trials[trial].failure ?? scores[trial].last?.failure
    }

    /// Indices of the trials, best first: later rungs before earlier ones, then by accuracy; those that came to nothing last.
    var ranking: [Int] {
        func rank(_ trial: Int) -> (Int, Int, Double, Int) {
            let score = scores[trial].last
            return (failure(of: trial) == nil ? 0 : 1, -scores[trial].count, -(score?.accuracy ?? 0), trial)
        }
        return scores.indices.sorted { rank($0) < rank($1) }
    }

    /// The best trial of all, with its last rung; nil where all came to nothing.
    struct Best {
        let trial: SearchTrial
        let rung: SearchSpace.Rung
        let score: SearchScore
        /// What was trained in that rung with seed 1.
        let configuration: RunConfiguration
    }

    func best(of space: SearchSpace) -> Best? {
        guard let index = ranking.first, failure(of: index) == nil, let score = scores[index].last else {
            return nil
        }
        let (trial, rung) = (subject.trials[index], space.rungs[scores[index].count - 1])
        return trial.configuration(in: rung, seed: 1).map {
            Best(trial: trial, rung: rung, score: score, configuration: $0)
        }
    }
}
