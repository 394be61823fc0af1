import Files
import Learning
import Ranks
import SpikeDatasets

/// A run that several ranks train: the first keeps it, tells of it and measures; the others train along.
package enum SharedTraining {
    /// What rank 0 says before each epoch.
    static let (train, leave): (UInt8, UInt8) = (1, 0)

    /// Makes sure that all ranks run the same program with the same arguments; called by all.
    ///
    /// - Throws: ``RankError/mismatch(rank:problem:)``, at every rank.
    package static func check(_ ranks: any RankGroup, arguments: [String]) throws(RankError) {
        let (versions, calls) = (
            try ranks.gather(Array(Software.version.utf8)),
            try ranks.gather(Array(arguments.joined(separator: "\u{0}").utf8))
        )
        for rank in 0..<ranks.count {
            if versions[rank] != versions[0] {
                let (own, first) = (
                    String(decoding: versions[rank], as: UTF8.self),
                    String(decoding: versions[0], as: UTF8.self)
                )
                throw .mismatch(
                    rank: rank,
                    problem: "found version \(own) of the program, expected \(first), that of rank 0")
            }
            if calls[rank] != calls[0] {
                let own = String(decoding: calls[rank], as: UTF8.self).split(separator: "\u{0}").joined(
                    separator: " ")
                throw .mismatch(
                    rank: rank,
                    problem:
                        "found other arguments (\(own)) than at rank 0, expected the same; start all ranks by one command"
                )
            }
        }
    }

    /// Asks the other ranks, which ``follow(_:threads:isInterrupted:)``, whether they can take part in a run.
    ///
    /// - Parameter data: what the first rank has read.
    /// - Throws: ``RankError`` for a run that ranks cannot share, and of a rank that cannot take part.
    package static func invite(
        _ ranks: any RankGroup, to configuration: RunConfiguration, data: DatasetSplits<LabelledDataset>
    ) throws {
        guard configuration.qnn == nil else {
            throw RankError.notShared(
                "found a model without spikes, expected a spiking network: only those are trained by several ranks"
            )
        }
        if let backend = configuration.backend {
            throw RankError.notShared(
                "found backend \(backend), expected none: circuits on a backend are run by one process")
        }
        var configuration = configuration
        configuration.datasetDigests = data.digests
        _ = try ranks.broadcast(RunFolder.encoded(configuration))
        let problems = try ranks.gather([])
        if let rank = problems.firstIndex(where: { !$0.isEmpty }) {
            throw RankError.mismatch(rank: rank, problem: String(decoding: problems[rank], as: UTF8.self))
        }
    }

    /// What the ranks after the first do: they take the run's configuration and state, train its epochs, and leave when it is done.
    ///
    /// - Parameter isInterrupted: asked after each batch.
    /// - Throws: what training throws. What keeps this rank from taking part is told to rank 0, which ends the job.
    package static func follow(
        _ ranks: any RankGroup, threads: Int, isInterrupted: () -> Bool
    ) async throws {
        let configuration = try JSONDocument.decode(
            RunConfiguration.self, from: try ranks.broadcast([]))
        var part: (trainer: Trainer, data: LabelledDataset)?
        var problem = ""
        do {
            part = try await configuration.ownPart(threads: threads)
        } catch {
            problem = "\(error)"
        }
        _ = try ranks.gather(Array(problem.utf8))
        let state = try ranks.broadcast([])
        guard var trainer = part?.trainer, let data = part?.data else { return }
        try trainer.restoreState(SafetensorsFile(decoding: state, source: "rank 0"), sampleCount: nil)
        trainer.ranks = ranks
        while try ranks.broadcast([]).first == train {
            do {
                _ = try trainer.trainEpoch(on: data) { _ in !isInterrupted() }
            } catch LearningError.diverged {
                // As at rank 0, which writes it down.
            }
        }
    }
}

extension RunConfiguration {
    /// The trainer and the samples of another rank's run.
    fileprivate func ownPart(threads: Int) async throws -> (Trainer, LabelledDataset) {
        let data = try await loadData()
        if let file = differingFile(from: data.digests) {
            throw RankError.notShared(
                "its \(file) of \(dataset) is another file than that of rank 0; give all ranks the same data")
        }
        let (training, _) = try parts(ofTraining: data.train)
        try checkMemory(for: training, threads: threads)
        return (
            try networkTrainer(
                inputCount: training.inputCount, classCount: training.classCount, threads: threads), training
        )
    }
}

extension TrainingRun {
    /// Trains from here on with the other ranks, which have been asked (``SharedTraining/invite(_:to:data:)``).
    package mutating func share(_ ranks: any RankGroup) throws {
        var trainer = try network()
        _ = try ranks.broadcast(model.checkpoint(model.record).encoded)
        trainer.ranks = ranks
        model = trainer
    }

    private var ranks: (any RankGroup)? { (model as? Trainer)?.ranks }

    /// Has the other ranks train an epoch too.
    func callRanks() throws { _ = try ranks?.broadcast([SharedTraining.train]) }

    /// Sends the other ranks home.
    package func dismissRanks() throws { _ = try ranks?.broadcast([SharedTraining.leave]) }
}
