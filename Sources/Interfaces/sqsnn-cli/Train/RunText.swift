import CommandParsing
import Files
import LocalLearning
import Learning
import Runs

/// What training and evaluation say on a terminal.
enum RunText {
    /// Passes over the test images where the user does not say.
    static let evaluationCount = 5

    static func heading(_ run: TrainingRun) -> String {
        let configuration = run.configuration
        let recipe = configuration.recipe
        let validation = configuration.validationCount.map { " but its last \($0) training images" } ?? ""
        let ending =
            ", recipe \(recipe.title), \(configuration.dataset)\(validation), seed \(configuration.seed), memory at most "
            + "\(run.memoryCeiling / 1_000_000) MB → \(run.folder.path)"
        guard let trainer = run.model as? Trainer else {
            return "\(configuration.modelTitle), \(run.trainer.parameterCount) parameters\(ending)"
        }
        let network = configuration.graph == nil ? layersText(trainer, configuration) : graphText(trainer)
        let noise = configuration.noise.map { ", noise \($0.name)" } ?? ""
        let cost = trainer.costOfUpdate.map { ", \($0.total.shots) shots an update" } ?? ""
        let learning =
            recipe.local.map { ", local rule (\($0.estimator.rawValue), batch \(recipe.batchSize)\(cost))" }
            ?? ""
        let backend = configuration.backend.map { " on \($0)" } ?? ""
        let trained = recipe.trained == .readout ? ", readout only" : ""
        return "\(network)\(noise)\(learning)\(backend)\(trained), T = \(recipe.stepCount)\(ending)"
    }

    /// How many train, and what the weights depend on.
    static func ranks(_ count: Int, _ run: TrainingRun) -> String {
        let shards = run.trainer.plan.gradientShards
        return
            "\(count) ranks, \(shards) gradient shards\(shards < count ? "; the other ranks are idle" : "")"
    }

    private static func layersText(_ trainer: Trainer, _ configuration: RunConfiguration) -> String {
        let layers = trainer.network.populations.map { "\($0.neuronCount)" }
        let sizes = (["\(trainer.network.inputCount)"] + layers).joined(separator: "-")
        return "\(sizes) \(configuration.modelTitle) neurons"
    }

    private static func graphText(_ trainer: Trainer) -> String {
        let network = trainer.network
        let neurons = network.populations.reduce(0) { $0 + $1.neuronCount }
        return "graph of \(network.populations.count) populations, \(neurons) neurons, "
            + "\(network.parameterCount) parameters"
    }

    /// What came of `--match-parameters`.
    static func match(_ match: ParameterMatch) -> String {
        let percent = String(printf: "%+.2f %%", 100 * match.residual).replacing("-", with: "−")
        return
            "matched: \(match.size) → \(grouped(match.parameterCount)) parameters of \(grouped(match.target)) (\(percent))"
    }

    static func line(_ epoch: EpochMetrics, of count: Int) -> String {
        let measured = [("test", epoch.testAccuracy), ("validation", epoch.validationAccuracy)]
            .compactMap { name, share in share.map { "  \(name) " + String(printf: "%5.2f %%", 100 * $0) } }
            .joined()
        let spikes =
            epoch.layerSpikesPerStep.isEmpty ? "" : String(printf: "  spikes/step %.1f", epoch.spikesPerStep)
        return String(
            printf: "epoch %*ld/%ld  loss %.4f  train %5.2f %%", "\(count)".count, epoch.epoch, count,
            epoch.loss, 100 * epoch.trainAccuracy) + measured + spikes
            + String(printf: "  %.1f s", epoch.seconds)
    }

    static func result(_ summary: RunSummary) -> String {
        let (name, accuracy) =
            summary.validationAccuracy.map { ("Validation", $0) } ?? ("Test", summary.testAccuracy)
        let passes = accuracy?.passes ?? 0
        let isSpiking = !summary.layerSpikesPerStep.isEmpty
        let way =
            isSpiking ? "single shot, \(passes) pass\(passes == 1 ? "" : "es")" : "exact expectation values"
        let spikes = isSpiking ? String(printf: ", %.1f spikes a step", summary.spikesPerStep) : ""
        let seconds = String(printf: "%.1f s an epoch", summary.secondsPerEpoch)
        let memory = "\(summary.peakMemoryBytes / 1_000_000) MB"
        return "\(name) accuracy \(accuracy.map(percent) ?? "") % (\(way))\(spikes), \(seconds), \(memory)"
    }

    /// Mean and, of several passes, deviation.
    static func percent(_ accuracy: RunSummary.Accuracy) -> String {
        let mean = String(printf: "%.2f", 100 * accuracy.mean)
        guard let deviation = accuracy.standardDeviation else { return mean }
        return mean + String(printf: " ± %.2f", 100 * deviation)
    }

    /// Circuits and shots of the local rule, by what they were for.
    static func ledger(_ ledger: ShotLedger) -> [String] {
        TextTable.numberLines(
            [["purpose", "circuits", "shots"]]
                + purposes(ledger).map { name, entry in [name, "\(entry.circuits)", "\(entry.shots)"] })
    }

    /// What circuits and shots are for, and all of them.
    static func purposes(_ ledger: ShotLedger) -> [(name: String, entry: ShotLedger.Entry)] {
        [
            ("passes", ledger.passes), ("likelihoods", ledger.likelihoods), ("synapses", ledger.synapses),
            ("angles", ledger.angles), ("all", ledger.total),
        ]
    }

    /// A table of labels (rows) against predictions (columns), percent of the label's images.
    static func confusion(_ summary: RunSummary, classNames: [String]) -> [String] {
        let width = classNames.map(\.count).max() ?? 0
        func padded(_ text: String) -> String { text.padded(to: width) }
        let header = padded("label") + " " + classNames.indices.map { String(printf: "%6ld", $0) }.joined()
        return ["", "Percent of each class taken for class 0, 1, …, over all passes", header]
            + summary.confusion.enumerated().map { label, row in
                let total = Double(max(row.reduce(0, +), 1))
                let cells = row.map { String(printf: "%6.1f", 100 * Double($0) / total) }.joined()
                return padded(label < classNames.count ? classNames[label] : "\(label)") + " " + cells
            }
    }
}

extension EpochMetrics {
    /// Of the samples that the run is measured on, in per cent; nil where they were not.
    var measuredPercent: Double? { (validationAccuracy ?? testAccuracy).map { 100 * $0 } }
}
