import Neurons
import Files
import Foundation
import QuantumCircuits
import SpikeDatasets
import TestSupport

@testable import Runs

/// Runs of a moment in a folder that is gone after the test: 70 images, five batches an epoch.
final class RunExamples {
    let temporary: TemporaryFolder
    let folder: RunFolder

    init() throws {
        temporary = try TemporaryFolder()
        folder = RunFolder(path: temporary.path("run"))
    }

    static let images = DatasetSplits(
        train: SyntheticImages.make(70), test: SyntheticImages.make(30, seed: 2), files: [], note: "synthetic"
    )

    static let data = images.labelled

    /// Two epochs at a constant rate.
    static var recipe: Recipe {
        var recipe = SyntheticImages.recipe
        recipe.epochCount = 2
        recipe.schedule = .constant
        return recipe
    }

    static func configuration(_ recipe: Recipe = recipe, seed: UInt64 = 3) throws -> RunConfiguration {
        RunConfiguration(
            dataset: "synthetic", neuron: SQS(try Ansatz.exchange.circuit()), seed: seed, recipe: recipe)
    }

    /// Begins a run, or goes on with it.
    func open(
        _ configuration: RunConfiguration? = nil, in folder: RunFolder? = nil, epochCount: Int? = nil
    ) throws -> TrainingRun {
        let folder = folder ?? self.folder
        return folder.holdsRun
            ? try TrainingRun(resuming: folder, data: Self.data, threads: 1, epochCount: epochCount)
            : try TrainingRun(
                configuration ?? Self.configuration(), data: Self.data, folder: folder, threads: 1)
    }

    func read() throws -> TrainingRun { try TrainingRun(reading: folder, data: Self.data, threads: 1) }

    /// Trains to the end, however far the run is.
    @discardableResult
    func finish(
        _ configuration: RunConfiguration? = nil, in folder: RunFolder? = nil, epochCount: Int? = nil
    ) throws -> RunSummary {
        var run = try open(configuration, in: folder, epochCount: epochCount)
        while !run.isComplete { _ = try run.trainEpoch { _ in true } }
        return try run.summarize(repetitions: 1)
    }

    /// Trains to a batch of the whole run, from 1, and stops there.
    func stop(after batch: Int, _ configuration: RunConfiguration? = nil) throws {
        var run = try open(configuration)
        var done = 0
        while done < batch {
            _ = try run.trainEpoch { _ in
                done += 1
                return done < batch
            }
        }
    }

    /// Changes the checkpoint as a file.
    func changeCheckpoint(_ change: (inout SafetensorsFile) throws -> Void) throws {
        var file = try SafetensorsFile(readingFrom: folder.checkpointPath)
        try change(&file)
        try file.write(to: folder.checkpointPath)
    }
}
