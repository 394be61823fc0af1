import Files
import Foundation
import TestSupport
import Testing

@testable import Learning
@testable import Runs

@Suite("Run folders: nothing is lost, and what does not belong together is refused")
struct RunFolderTests {
    let examples: RunExamples
    private var folder: RunFolder { examples.folder }

    init() throws { examples = try RunExamples() }

    @Test("many runs that are begun at once without a folder get one each")
    func manyAtOnce() async throws {
        let base = examples.temporary.path("runs/usps-sqs")
        let folders = try await withThrowingTaskGroup { group in
            for seed in 1...20 {
                group.addTask {
                    let run = try TrainingRun(
                        RunExamples.configuration(seed: UInt64(seed)), data: RunExamples.data,
                        firstFreeAfter: base, threads: 1)
                    return (run.folder, seed)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(folders.map(\.0.path)) == Set((1...20).map { "\(base)-\($0)" }))
        for (folder, seed) in folders {
            let run = try TrainingRun(reading: folder, data: RunExamples.data, threads: 1)
            #expect(run.configuration.seed == UInt64(seed))
        }
    }

    @Test("while one trains in a folder, another is refused there, and looking is not")
    func lock() throws {
        var run = try examples.open()
        let busy = FileError.busy(path: folder.path)
        #expect(throws: busy) {
            try TrainingRun(RunExamples.configuration(), data: RunExamples.data, folder: folder, threads: 1)
        }
        #expect(throws: busy) { try examples.open() }
        #expect(try examples.read().network().network == run.network().network)
        _ = try run.trainEpoch { _ in true }
    }

    @Test("a checkpoint of another run is refused, and so is a run.json that was changed")
    func otherRun() throws {
        try examples.finish()
        let other = RunFolder(path: examples.temporary.path("other"))
        try examples.finish(RunExamples.configuration(seed: 4), in: other)
        let own = try InputFile.read(folder.checkpointPath)
        try AtomicFile.write(InputFile.read(other.checkpointPath), to: folder.checkpointPath)
        let error = RunError.otherRun(folder.checkpointPath)
        #expect(throws: error) { try examples.open() }
        #expect(throws: error) { try examples.read() }
        try AtomicFile.write(own, to: folder.checkpointPath)
        _ = try examples.open()
        try folder.write(RunExamples.configuration(seed: 5), to: folder.configurationPath)
        #expect(throws: error) { try examples.open() }
    }

    @Test("metrics that are lost or changed are made anew from the checkpoint")
    func metricsAnew() throws {
        try examples.finish()
        let whole = try InputFile.read(folder.metricsPath)
        for damage in [[], Array(whole.prefix(whole.count / 2)), whole + whole] {
            try AtomicFile.write(damage, to: folder.metricsPath)
            #expect(try examples.open().metrics.count == 2)
            #expect(try InputFile.read(folder.metricsPath) == whole)
        }
        AtomicFile.remove(folder.metricsPath)
        _ = try examples.open()
        #expect(try InputFile.read(folder.metricsPath) == whole)
    }

    @Test("runs of the first release, whose checkpoints do not name their run, are gone on with")
    func earlierRelease() throws {
        let whole = try examples.finish()
        let second = try RunExamples()
        try second.stop(after: 7)
        try second.changeCheckpoint {
            $0.metadata["run"] = nil
            $0.metadata["metrics"] = nil
        }
        #expect(try second.finish().weightsDigest == whole.weightsDigest)
        #expect(try second.read().metrics.map(\.arithmetic) == examples.read().metrics.map(\.arithmetic))
        try second.changeCheckpoint { $0.metadata["metrics"] = nil }
        AtomicFile.remove(second.folder.metricsPath)
        #expect(throws: RunError.incomplete(second.folder.path, missing: "metrics.jsonl")) {
            try second.open()
        }
    }

    @Test("a start that was cut off anywhere is begun again, and says so where it is resumed")
    func cutOff() throws {
        let whole = try examples.finish()
        for lost in [["run.json"], ["checkpoint.safetensors"], ["run.json", "metrics.jsonl"]] {
            let start = try RunExamples()
            _ = try start.open()
            for name in lost { AtomicFile.remove(start.folder.path + "/" + name) }
            try start.temporary.write("half", as: "run/.checkpoint.safetensors.7.partial")
            #expect(start.folder.content == .cutOff)
            #expect(throws: RunError.notBegun(start.folder.path)) {
                try TrainingRun(resuming: start.folder, data: RunExamples.data, threads: 1)
            }
            #expect(try start.finish().weightsDigest == whole.weightsDigest)
            #expect(AtomicFile.partials(in: start.folder.path) == [])
        }
    }

    @Test("where something was trained and a file is gone, nothing is begun over it")
    func incomplete() throws {
        for (batches, name) in [(7, "run.json"), (7, "checkpoint.safetensors"), (2, "run.json")] {
            let run = try RunExamples()
            try run.stop(after: batches)
            AtomicFile.remove(run.folder.path + "/" + name)
            let before = run.temporary.contents
            #expect(throws: RunError.incomplete(run.folder.path, missing: name)) {
                try TrainingRun(
                    RunExamples.configuration(), data: RunExamples.data, folder: run.folder, threads: 1)
            }
            #expect(run.temporary.contents == before)
        }
    }

    @Test("a folder with other files in it can be that of a run; a start that fails leaves them")
    func otherFiles() throws {
        try examples.temporary.write("a note", as: "run/notes.txt")
        let disk = FullDisk(after: 0)
        #expect(throws: FileError.self) { try disk.during { try examples.open() } }
        #expect(examples.temporary.contents == ["run", "run/notes.txt"])
        try examples.finish()
        #expect(try examples.read().isComplete)
    }

    @Test("at a constant rate a finished run is trained longer, and is then what a longer run is")
    func longer() throws {
        let long = try RunExamples()
        var recipe = RunExamples.recipe
        recipe.epochCount = 4
        let whole = try long.finish(RunExamples.configuration(recipe))
        try examples.finish()
        let run = try examples.finish(epochCount: 4)
        #expect(run.weightsDigest == whole.weightsDigest && run.epochs == 4)
        #expect(try examples.read().configuration.recipe.epochCount == 4)
        #expect(try InputFile.read(folder.configurationPath) == InputFile.read(long.folder.configurationPath))
        let error = #expect(throws: RunError.self) { try examples.open(epochCount: 3) }
        #expect(
            error?.description.hasSuffix("found --epochs 3, expected at least the 4 that are begun") == true)
    }

    @Test("under a schedule over the whole run it is not, for its first epochs would be others")
    func cosine() throws {
        var recipe = RunExamples.recipe
        recipe.schedule = .cosine
        try examples.finish(RunExamples.configuration(recipe))
        let before = try InputFile.read(folder.checkpointPath)
        let error = #expect(throws: RunError.self) { try examples.open(epochCount: 4) }
        #expect(error?.category == .usage)
        #expect(error?.description.contains("falls to 0 over the 2 epochs that the run began with") == true)
        #expect(try InputFile.read(folder.checkpointPath) == before)
    }
}

@Suite("Runs that diverge")
struct DivergenceTests {
    let examples: RunExamples
    private var folder: RunFolder { examples.folder }

    init() throws { examples = try RunExamples() }

    /// Adam moves every parameter by up to the rate in each update: at 5000 beyond 65,536 within 14 updates, five an epoch.
    private func configuration(rate: Double) throws -> RunConfiguration {
        var recipe = RunExamples.recipe
        recipe.epochCount = 10
        recipe.learningRate = rate
        return try RunExamples.configuration(recipe)
    }

    @Test("the last state before stays and is measured, and the run is not resumed")
    func keepsLast() throws {
        var states: [String] = []
        var failure: (any Error)?
        do {
            var run = try examples.open(configuration(rate: 5000))
            states = [run.model.weightsDigest]
            do {
                while try run.trainEpoch(afterBatch: { _ in true }) != nil {
                    states.append(run.model.weightsDigest)
                }
            } catch { failure = error }
        }
        let kept = states.count - 1
        #expect((1...8).contains(kept))
        let error = RunError.diverged(folder.path, epoch: kept + 1, kept: kept)
        #expect(failure as? RunError == error)
        #expect(throws: error) { try examples.open() }
        let run = try examples.read()
        #expect(run.divergedEpoch == kept + 1 && run.model.weightsDigest == states.last)
        #expect(run.metrics.count == kept)
    }

    @Test("stopped within the epoch that diverges, the state before it stays too", arguments: [1, 4])
    func stoppedWithin(batch: Int) throws {
        let configuration = try configuration(rate: 1e6)
        let start = try examples.open(configuration).model.weightsDigest
        let error = RunError.diverged(folder.path, epoch: 1, kept: 0)
        #expect(throws: error) { try examples.stop(after: batch) }
        #expect(throws: error) { try examples.open() }
        #expect(try examples.read().model.weightsDigest == start)
    }

    @Test("a recipe whose first parameters are beyond the limit is refused as such, and leaves no folder")
    func initialParameters() throws {
        for change in [\Recipe.angleMean, \.angleDeviation, \.weightGain] {
            var recipe = RunExamples.recipe
            recipe[keyPath: change] = 1e6
            #expect(throws: RunError.initialParameters) {
                try examples.open(RunExamples.configuration(recipe))
            }
        }
        #expect(examples.temporary.contents == [])
    }
}
