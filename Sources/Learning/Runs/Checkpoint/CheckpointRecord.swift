import Files
import Learning

/// What a checkpoint says in text, beside its tensors: where the run stands, and which run it is.
package struct CheckpointRecord: Sendable {
    /// Schema of the checkpoints that this release writes and reads.
    static let schema = "sqsnn.checkpoint/2"

    /// Where the run stands.
    private struct State: Codable {
        var progress: TrainingProgress
        var updateCount: Int
    }

    /// Names of the metadata.
    private enum Name {
        static let (schema, version, state) = ("schema", "version", "state")
        static let (runs, metrics, diverged) = ("run", "metrics", "diverged")
    }

    let source: String
    package private(set) var progress: TrainingProgress
    let updateCount: Int
    /// SHA-256 of the `run.json` that it belongs to, and of the one before while a run is made longer; empty where a release
    /// wrote it that did not say.
    var runDigests: [String] = []
    /// The lines of `metrics.jsonl`; nil where a release wrote it that did not keep them here.
    package var metrics: [UInt8]?
    /// The epoch, from 1, in which the run diverged after this checkpoint.
    package var divergedEpoch: Int?

    init(progress: TrainingProgress, updateCount: Int) {
        source = "checkpoint"
        self.progress = progress
        self.updateCount = updateCount
    }

    /// - Throws: ``RunError`` for another schema or metadata that are none.
    package init(_ file: SafetensorsFile) throws {
        source = file.source
        guard file.metadata[Name.schema] == Self.schema else {
            let found = file.metadata[Name.schema] ?? "none"
            throw RunError.checkpoint(source, problem: "found schema \(found), expected \(Self.schema)")
        }
        do throws(JSONDocument.Problem) {
            let state = try JSONDocument.decode(
                State.self, from: (file.metadata[Name.state] ?? "").utf8, .oldNames)
            (progress, updateCount) = (state.progress, state.updateCount)
        } catch {
            let place = error.place.isEmpty ? "state" : "state.\(error.place)"
            throw RunError.damaged(source, problem: "metadata \(place): \(error.problem)")
        }
        runDigests = (file.metadata[Name.runs] ?? "").split(separator: " ").map(String.init)
        metrics = file.metadata[Name.metrics].map { Array($0.utf8) }
        divergedEpoch = try file.metadata[Name.diverged].map { text in
            guard let epoch = Int(text), TrainingPlan.epochCounts.contains(epoch) else {
                throw RunError.damaged(
                    source, problem: "metadata diverged: found '\(text)', expected the number of an epoch")
            }
            return epoch
        }
    }

    /// As metadata of a checkpoint.
    var metadata: [String: String] {
        get throws {
            let state = State(progress: progress, updateCount: updateCount)
            var metadata = [
                Name.schema: Self.schema, Name.version: Software.version,
                Name.state: String(decoding: try JSONDocument.encode(state), as: UTF8.self),
            ]
            if !runDigests.isEmpty { metadata[Name.runs] = runDigests.joined(separator: " ") }
            metadata[Name.metrics] = metrics.map { String(decoding: $0, as: UTF8.self) }
            metadata[Name.diverged] = divergedEpoch.map(String.init)
            return metadata
        }
    }

    /// Whether nothing has been trained.
    var isOfBeginning: Bool { progress.epoch == 0 && progress.batch == 0 && updateCount == 0 }

    /// Whether this is a checkpoint of the run that a `run.json` describes, as far as it says.
    package func belongs(toRun digest: String) -> Bool { runDigests.isEmpty || runDigests.contains(digest) }

    /// Compares every number with what a run of a plan can have.
    ///
    /// - Parameters:
    ///   - spikeSlots: spikes that each population can give at a step.
    ///   - sampleCount: training samples; nil where they are not known.
    /// - Throws: ``RunError/damaged(_:problem:)`` that names the field.
    func check(plan: TrainingPlan, spikeSlots: [Int], sampleCount: Int?) throws {
        let partial = progress.partial
        let passCount = partial.passCount ?? 1
        /// Far beyond every count, and far below where sums overflow.
        let unknown = 1 << 40
        let batchCount = sampleCount.map { ($0 + plan.batchSize - 1) / plan.batchSize }
        func check(_ field: String, _ value: Int, _ range: ClosedRange<Int>) throws {
            guard !range.contains(value) else { return }
            let expected =
                range.lowerBound == range.upperBound
                ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
            throw problem(field, "\(value)", expected)
        }
        try check("progress.epoch", progress.epoch, 0...plan.epochCount)
        let isComplete = progress.epoch == plan.epochCount
        try check(
            "progress.batch", progress.batch, 0...(isComplete ? 0 : max((batchCount ?? unknown) - 1, 0)))
        if let sampleCount, let batchCount {
            let updates = progress.epoch * batchCount + progress.batch
            try check("update_count", updateCount, updates...updates)
            let samples = min(progress.batch * plan.batchSize, sampleCount)
            try check("progress.partial.sample_count", partial.sampleCount, samples...samples)
        }
        try check("update_count", updateCount, 0...unknown)
        try check("progress.partial.sample_count", partial.sampleCount, 0...unknown)
        try check("progress.partial.answer_count", partial.answerCount ?? 0, 0...unknown)
        try check("progress.partial.pass_count", passCount, 1...1 << 20)
        try check(
            "progress.partial.right_count", partial.rightCount,
            0...(partial.answerCount ?? partial.sampleCount))
        try check(
            "progress.partial.layer_spikes (numbers)", partial.layerSpikes.count,
            progress.batch == 0 ? 0...0 : spikeSlots.count...spikeSlots.count)
        for (slotsPerStep, spikes) in zip(spikeSlots, partial.layerSpikes) {
            let slots = plan.stepCount * slotsPerStep
            let (most, overflows) = slots.multipliedReportingOverflow(by: partial.sampleCount * passCount)
            try check("progress.partial.layer_spikes", spikes, 0...(overflows ? .max : most))
        }
        guard partial.lossSum.isFinite else {
            throw problem("progress.partial.loss_sum", "\(partial.lossSum)", "a finite number")
        }
        let amounts = [("regulariser_sum", partial.regulariserSum), ("seconds", partial.seconds)]
        for (name, amount) in amounts where !(amount >= 0 && amount.isFinite) {
            throw problem("progress.partial.\(name)", "\(amount)", "a number of at least 0")
        }
        if let ledger = partial.ledger?.problem {
            throw RunError.damaged(source, problem: "metadata state.progress.partial.ledger: \(ledger)")
        }
    }

    private func problem(_ field: String, _ found: String, _ expected: String) -> RunError {
        .damaged(source, problem: "metadata state.\(field): found \(found), expected \(expected)")
    }
}
