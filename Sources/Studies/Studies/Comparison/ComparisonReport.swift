import Compute
import Files
import Glibc
import Learning
import Neurons
import Runs
import SpikeDatasets

/// What came of a comparison: the object that `sqsnn compare --json` prints, and that its folder keeps.
public struct ComparisonReport: Sendable, Codable {
    public var schema = "sqsnn.comparison/1"
    /// As in `fig2c`.
    public let name: String
    /// On which images all runs were measured.
    public let measured: MeasuredImages
    /// Runs that were asked for of each model on each data set, with the seeds 1, 2, ….
    public let seeds: Int
    /// Single-shot passes of each run over these images.
    public let repetitions: Int
    /// SHA-256 of all that decides the result but the program's version.
    public let inputs: String
    public let datasets: [Dataset]
    /// Data set by data set.
    public let rows: [Row]
    /// All pairs of models of a group on a data set; none of a sweep.
    public let differences: [Difference]
    /// How intervals and p values were found.
    public let methods: [String]

    public struct Dataset: Sendable, Codable {
        public let name: String
        /// How it is divided.
        public let note: String
        /// Images that runs were measured on.
        public let images: Int

        init(name: String, _ data: DatasetSplits<LabelledDataset>, validationCount: Int?) {
            self.name = name
            note = data.note
            images = validationCount ?? data.test.count
        }
    }

    /// Numbers of several runs, one each.
    public struct Spread: Sendable, Codable {
        /// nil of no runs.
        public let mean: Double?
        /// Sample standard deviation; nil of fewer than two runs.
        public let standardDeviation: Double?
        public let least: Double?
        public let greatest: Double?
        /// In the order of the seeds.
        public let values: [Double]

        init(_ values: [Double]) {
            mean = values.isEmpty ? nil : SampleStatistics.mean(of: values)
            standardDeviation = SampleStatistics.standardDeviation(of: values)
            least = values.min()
            greatest = values.max()
            self.values = values
        }
    }

    /// A run that came to nothing.
    public struct Divergence: Sendable, Codable {
        public let seed: UInt64
        /// From 1.
        public let epoch: Int
    }

    /// One model on one data set.
    public struct Row: Sendable, Codable {
        public let dataset: String
        public let model: String
        public let group: String?
        /// Where its options come from.
        public let source: String?
        /// Kind of its neurons, with their circuit.
        public let neuron: String
        /// Name of the recipe, with what was changed in it.
        public let recipe: String
        public let epochs: Int
        /// Seeds of the runs that were measured: all numbers are of these.
        public let seeds: [UInt64]
        /// Runs that diverged.
        public let diverged: [Divergence]
        /// Seeds of runs that failed for another reason.
        public let failed: [UInt64]
        /// Fraction of the images classified rightly in a single-shot pass: of each run, the mean over its passes.
        public let accuracy: Spread
        /// Spikes of the whole network, without its inputs, for each image and step; no numbers of a model without spikes.
        public let spikesPerStep: Spread
        /// The same divided by the neurons.
        public let spikesPerNeuronPerStep: Spread
        /// Trainable numbers.
        public let parameters: Int?
        /// How many they should be, where the width was chosen for them.
        public let parameterTarget: Int?
        /// Neurons that spike.
        public let neurons: Int?
        public let steps: Int?
        /// Of one inference, means over the images.
        public let operations: Operations?
        /// Shots of an inference; 0 where what decides spikes is taken exactly, for which there is only the simulator.
        public let shots: Int?
        /// Of training, on one thread.
        public let secondsPerEpoch: Spread

        public var isComplete: Bool { diverged.isEmpty && failed.isEmpty }
    }

    /// Synaptic operations of one inference, as NeuroBench counts them.
    public struct Operations: Sendable, Codable {
        /// Every synapse at every step.
        public let dense: Double
        /// Products of a number and a weight that are not 0, in layers whose inputs are not spikes.
        public let effectiveMACs: Spread
        /// Spikes that arrive at a synapse whose weight is not 0.
        public let effectiveACs: Spread

        private enum CodingKeys: String, CodingKey {
            case dense
            case effectiveMACs = "effective_macs"
            case effectiveACs = "effective_acs"
        }

        /// nil of no runs.
        init?(_ runs: [SynapticOperations]) {
            guard let first = runs.first else { return nil }
            dense = Double(first.dense) / Double(first.inferences)
            effectiveMACs = Spread(runs.map { Double($0.effectiveMACs) / Double($0.inferences) })
            effectiveACs = Spread(runs.map { Double($0.effectiveACs) / Double($0.inferences) })
        }
    }

    /// Accuracy of one model less that of another, seed by seed.
    public struct Difference: Sendable, Codable {
        public let dataset: String
        public let group: String?
        public let first: String
        public let second: String
        /// Mean over the seeds that both were measured with, and its 95 % interval.
        public let accuracy: MeanInterval
        /// Of the sign-flip permutation test; nil without a common seed.
        public let p: Double?
        /// With Holm's correction for all differences of its group.
        public internal(set) var correctedP: Double?
    }

    init(
        name: String, measured: MeasuredImages, seedCount: Int, repetitions: Int, inputs: String,
        datasets: [Dataset], rows: [Row], comparesPairs: Bool = true
    ) {
        self.name = name
        self.measured = measured
        seeds = seedCount
        self.repetitions = repetitions
        self.inputs = inputs
        self.datasets = datasets
        self.rows = rows
        differences = comparesPairs ? Self.differences(rows) : []
        methods = Self.methods(differences)
    }
}

extension ComparisonReport.Row {
    init(_ contender: Contender, _ runs: [(seed: UInt64, result: ComparisonCell.Result?)]) {
        let measured = runs.compactMap { run in run.result?.measured.map { (seed: run.seed, run: $0) } }
        let costs = measured.map(\.run.cost)
        self.init(
            dataset: contender.dataset, model: contender.name, group: contender.group,
            source: contender.source,
            neuron: contender.configuration.modelTitle,
            recipe: contender.configuration.recipe.title,
            epochs: contender.configuration.recipe.epochCount, seeds: measured.map(\.seed),
            diverged: runs.compactMap { run in
                run.result?.divergedEpoch.map { ComparisonReport.Divergence(seed: run.seed, epoch: $0) }
            },
            failed: runs.filter { $0.result == nil }.map(\.seed),
            accuracy: .init(measured.map(\.run.accuracy)),
            spikesPerStep: .init(
                measured.compactMap { $0.run.cost.neuronCount > 0 ? $0.run.spikesPerStep : nil }),
            spikesPerNeuronPerStep: .init(measured.compactMap(\.run.spikesPerNeuronPerStep)),
            parameters: measured.first?.run.parameterCount, parameterTarget: contender.parameterTarget,
            neurons: costs.first?.neuronCount, steps: costs.first?.stepCount,
            operations: .init(costs.map(\.operations)),
            shots: costs.first.map { $0.shots ?? 0 },
            secondsPerEpoch: .init(measured.map(\.run.secondsPerEpoch)))
    }

    /// What tables and figures call the model.
    var title: String { group.map { "\(model), \($0)" } ?? model }
}

extension ComparisonReport {
    private static func differences(_ rows: [Row]) -> [Difference] {
        var differences = rows.indices.flatMap { first in
            rows.indices.filter {
                $0 > first && rows[$0].dataset == rows[first].dataset && rows[$0].group == rows[first].group
            }.map { difference(rows[first], rows[$0]) }
        }
        for family in families(differences) {
            let corrected = HolmCorrection.corrected(family.compactMap { differences[$0].p })
            for (index, value) in zip(family, corrected) { differences[index].correctedP = value }
        }
        return differences
    }

    /// The differences that have a p, group by group: each group answers a question of its own.
    private static func families(_ differences: [Difference]) -> [[Int]] {
        let tested = differences.indices.filter { differences[$0].p != nil }
        return Array(Dictionary(grouping: tested) { differences[$0].group }.values)
    }

    private static func difference(_ first: Row, _ second: Row) -> Difference {
        let others = Dictionary(uniqueKeysWithValues: zip(second.seeds, second.accuracy.values))
        let values = zip(first.seeds, first.accuracy.values).compactMap { seed, accuracy in
            others[seed].map { accuracy - $0 }
        }
        return Difference(
            dataset: first.dataset, group: first.group, first: first.model, second: second.model,
            accuracy: MeanInterval(values, range: -1...1),
            p: values.isEmpty ? nil : SignFlipTest.pValue(values))
    }

    private static func methods(_ differences: [Difference]) -> [String] {
        let tested = differences.filter { $0.p != nil }
        guard let seeds = tested.map(\.accuracy.count).max() else { return [] }
        let families = families(differences)
        let count = families.map(\.count).max() ?? 0
        let test =
            seeds <= SignFlipTest.largestExactCount
            ? "the exact sign-flip permutation test, over all 2^n choices of signs"
            : "the sign-flip permutation test, beyond \(SignFlipTest.largestExactCount) seeds over 2^20 choices of signs"
        var methods = [
            "Differences are paired by seed: mean with 95 % interval by Student's t; p, two-sided, by \(test); "
                + "corrected by Holm's method for all \(count) comparisons \(families.count == 1 ? "here" : "of a group")."
        ]
        // The least p that so many seeds can give, as often as Holm's method counts it.
        let least = 2 * Double(count) / exp2(Double(seeds))
        if least > 0.05 {
            let needed = Int((1 + log2(Double(count) / 0.05)).rounded(.up))
            methods.append(
                "With \(seeds) seeds no corrected p can come below \(text(min(least, 1))): for 0.05, "
                    + "\(count == 1 ? "one comparison needs" : "\(count) comparisons need") \(needed) seeds.")
        }
        return methods
    }

    /// A p value.
    static func text(_ p: Double?) -> String {
        guard let p else { return "" }
        return p < 0.001 ? String(printf: "%.1e", p) : String(printf: "%.3f", p)
    }
}
