import Campaigns
import Compute
import Files
import Foundation
import Learning
import Runs
import Neurons
import QuantumCircuits
import SpikeDatasets
import Synchronization
import TestSupport
import Testing

@testable import Studies

@Suite("The noise study")
struct NoiseStudyTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Images of 6 × 6 pixels, each class bright in a third of the rows.
    private static func images(_ count: Int, seed: UInt64) -> ImageDataset {
        var random = RandomStream(seed: seed, purpose: .analysis).generator()
        let labels = (0..<count).map { UInt8($0 % 3) }
        let pixels = labels.flatMap { label in
            (0..<36).map { UInt8.random(in: $0 / 12 == Int(label) ? 120...255 : 0...100, using: &random) }
        }
        return ImageDataset(
            checkedName: "synthetic", width: 6, height: 6, classNames: ["a", "b", "c"], pixels: pixels,
            labels: labels)
    }

    private static let data = DatasetSplits(
        train: images(60, seed: 1), test: images(60, seed: 2), files: [], note: "synthetic"
    ).labelled

    private static func configuration(seed: UInt64 = 3) throws -> RunConfiguration {
        var recipe = Recipe.standard
        recipe.hiddenCounts = [20]
        recipe.stepCount = 4
        recipe.batchSize = 16
        recipe.epochCount = 2
        recipe.neuronsPerClass = 4
        recipe.learningRate = 0.02
        return RunConfiguration(
            dataset: "synthetic", neuron: SQS(try Ansatz.exchange.circuit()), seed: seed, recipe: recipe)
    }

    private func study(_ scales: [Double], seed: UInt64 = 3) throws -> NoiseStudy {
        try NoiseStudy(
            Self.configuration(seed: seed), device: "eagle", scales: scales, path: folder.path("study"))
    }

    /// Runs a study, and says which networks were trained.
    private func run(_ study: NoiseStudy, isStopped: Bool = false) throws -> (
        report: NoiseStudy.Report?, trained: [String]
    ) {
        let trained = Mutex<[String]>([])
        let report = try study.run(data: Self.data, threads: 1, repetitions: 2) { run in
            let name = run.configuration.noise?.name ?? "none"
            trained.withLock { $0.append(name) }
            while !isStopped, !run.isComplete { _ = try run.trainEpoch { _ in true } }
            return !isStopped
        }
        return (report, trained.withLock { $0 })
    }

    @Test("each network is trained once, and what was measured is kept")
    func networks() throws {
        #expect(try run(study([0, 20]), isStopped: true).report == nil)
        let (report, trained) = try run(study([0, 20]))
        let points = try #require(report).points
        #expect(trained == ["none", "eagle × 20"])
        #expect(points.map(\.scale) == [0, 20])
        // Without noise, the network trained with none and the one trained without are the same.
        #expect(points[0].trained.values == points[0].transferred.values)
        #expect(points[1].trained.values != points[1].transferred.values)
        let (more, added) = try run(study([20, 40]))
        #expect(added == ["eagle × 40"])
        let again = try #require(more).points[0]
        #expect(again.trained.values == points[1].trained.values)
        #expect(again.transferred.values == points[1].transferred.values)
    }

    @Test("the runs of a folder without campaign, as earlier releases left it, are measured and not trained")
    func formerRuns() throws {
        let (first, _) = try run(study([0, 20]))
        AtomicFile.remove(folder.path("study/campaign.sqlite"))
        let (second, trained) = try run(study([0, 20]))
        #expect(trained == [])
        #expect(
            try #require(second).points.map(\.trained.values) == #require(first).points.map(\.trained.values))
    }

    @Test("a folder of other settings is refused")
    func otherSettings() throws {
        _ = try run(study([20]))
        #expect(throws: RunError.self) { try run(study([20], seed: 4)) }
    }

    @Test("a network whose run is damaged is told of, and the others are trained")
    func damage() throws {
        _ = try run(study([0, 20]), isStopped: true)
        try folder.write("damaged", as: "study/noiseless/checkpoint.safetensors")
        #expect(throws: CampaignError.self) { try run(study([0, 20])) }
        let summary = try CampaignSummary(reading: folder.path("study"))
        #expect(summary.failed.map(\.cell) == ["trained under no noise, measured under none"])
        #expect(summary.done == 1)
    }
}
