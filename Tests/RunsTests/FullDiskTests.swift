import Files
import TestSupport
import Testing

@testable import Runs

/// The n-th write of a run fails, for every n there is: its start, its epochs, its stop within one, its end.
struct FullDiskTests {
    /// Begins or goes on, stops once within an epoch, and trains to the end.
    private func train(_ examples: RunExamples, epochCount: Int? = nil) throws -> String {
        if !examples.folder.holdsRun { try examples.stop(after: 2) }
        return try examples.finish(epochCount: epochCount).weightsDigest
    }

    @Test("whichever write fails, the folder is whole and the run goes on to the same weights")
    func everyWrite() throws {
        let whole = try train(RunExamples())
        var failures = 0
        for count in 0..<100 {
            let examples = try RunExamples()
            let disk = FullDisk(after: count)
            let result = Result { try disk.during { try train(examples) } }
            guard disk.hasFailed else { break }
            failures += 1
            let error = #expect(throws: FileError.self, "write \(count)") { try result.get() }
            #expect(error?.description.contains("No space left on device") == true)
            let content = examples.folder.content
            // A start that failed leaves nothing at all.
            #expect(content == .run || examples.temporary.contents == [], "write \(count)")
            #expect(AtomicFile.partials(in: examples.folder.path) == [], "write \(count)")
            if content == .run { #expect(try !examples.read().model.weightsDigest.isEmpty) }
            #expect(try train(examples) == whole, "write \(count)")
        }
        // Two of the start, two of the stop (its metrics are empty: one), four of two epochs, one of the summary.
        #expect(failures == 8)
    }

    @Test("whichever write fails while a run is made longer, it goes on to the weights of a longer run")
    func everyWriteOfLonger() throws {
        var recipe = RunExamples.recipe
        recipe.epochCount = 3
        let whole = try RunExamples().finish(RunExamples.configuration(recipe)).weightsDigest
        var failures = 0
        for count in 0..<100 {
            let examples = try RunExamples()
            try examples.finish()
            let disk = FullDisk(after: count)
            let result = Result { try disk.during { try train(examples, epochCount: 3) } }
            guard disk.hasFailed else { break }
            failures += 1
            #expect(throws: FileError.self, "write \(count)") { try result.get() }
            #expect(try train(examples, epochCount: 3) == whole, "write \(count)")
        }
        #expect(failures == 5)
    }

    @Test(
        "a full disk when a run diverges leaves the state before it, and the next try says that it diverged")
    func divergence() throws {
        let examples = try RunExamples()
        var recipe = RunExamples.recipe
        recipe.learningRate = 1e6
        let start: String
        do {
            var run = try examples.open(RunExamples.configuration(recipe))
            start = run.model.weightsDigest
            let disk = FullDisk(after: 0)
            #expect(throws: FileError.self) { try disk.during { try run.trainEpoch { _ in true } } }
        }
        #expect(try examples.read().model.weightsDigest == start)
        let error = RunError.diverged(examples.folder.path, epoch: 1, kept: 0)
        #expect(throws: error) { try examples.finish() }
        #expect(throws: error) { try examples.open() }
    }
}
