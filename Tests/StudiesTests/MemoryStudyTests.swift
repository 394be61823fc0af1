import Compute
import Files
import Foundation
import Learning
import TestSupport
import Testing

@testable import Studies

@Suite("The memory study")
struct MemoryStudyTests {
    private static func recipe() -> StudyRecipe {
        var recipe = StudyRecipe()
        recipe.updateCount = 3
        recipe.evaluationTrialCount = 40
        recipe.referenceNeuronCount = 3
        return recipe
    }

    private static func study(models: [String] = ["exchange", "memoryless"], seedCount: Int = 2) throws
        -> MemoryStudy
    {
        MemoryStudy(
            tasks: [.delay(1), .recallOnGo(1)], models: try models.map { try CandidateModel.named($0) },
            spikeBudgets: [nil, 1], seedCount: seedCount, recipe: recipe())
    }

    private static func withFolder(_ body: (String) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "study-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }

    /// All but the time that training took.
    private static func outcomes(_ results: [CellResult]) -> [CellResult] {
        results.map { result in
            var result = result
            result.trainingSeconds = 0
            return result
        }
    }

    @Test("a study that was stopped goes on where it was, to the results of one that was not")
    func resuming() throws {
        try Self.withFolder { path in
            let study = try Self.study()
            #expect(study.cells.count == 16)
            let whole = try study.run(
                in: StudyFolder(path: path + "/whole", recipe: study.recipe),
                parallelism: Parallelism(threadCount: 2)
            ) { _ in true }
            #expect(whole.count == 16)

            let folder = try StudyFolder(path: path + "/stopped", recipe: study.recipe)
            let part = try study.run(in: folder, parallelism: Parallelism(threadCount: 1)) {
                $0.finishedCount < 5
            }
            #expect(part.count == 5)
            #expect(try study.missingCells(in: folder).count == 11)
            let rest = try study.run(
                in: StudyFolder(path: path + "/stopped", recipe: study.recipe),
                parallelism: Parallelism(threadCount: 1)
            ) { _ in true }
            #expect(Self.outcomes(rest) == Self.outcomes(whole))
            // The five were not trained again: their times are the first ones.
            #expect(Array(rest.prefix(5)) == part)
        }
    }

    @Test("seeds and models can be added to a folder, other settings cannot")
    func growing() throws {
        try Self.withFolder { path in
            let recipe = Self.recipe()
            let folder = try StudyFolder(path: path, recipe: recipe)
            _ = try Self.study().run(in: folder, parallelism: Parallelism(threadCount: 1)) { _ in true }
            let larger = try Self.study(models: ["exchange", "memoryless", "two-way"], seedCount: 3)
            #expect(try larger.missingCells(in: folder).count == 36 - 16)

            var other = recipe
            other.updateCount = 4
            #expect(
                throws: StudyError.otherSettings(path, differences: ["recipe.updates is 3, not 4"])
            ) { try StudyFolder(path: path, recipe: other) }
        }
    }

    @Test("a damaged file is refused with its line, and nothing is overwritten")
    func damage() throws {
        try Self.withFolder { path in
            let folder = try StudyFolder(path: path, recipe: Self.recipe())
            let file = path + "/cells/delay-1.jsonl"
            try Data("{\"task\": 3}\n".utf8).write(to: URL(filePath: file))
            #expect(
                throws: StudyError.malformed(
                    file, place: "line 1 task", problem: "found a number, expected a string")
            ) {
                try Self.study().run(in: folder, parallelism: Parallelism(threadCount: 1)) { _ in true }
            }
            #expect(try String(contentsOfFile: file, encoding: .utf8) == "{\"task\": 3}\n")
        }
    }

    @Test("two studies of one folder at once lose no cell of each other")
    func together() async throws {
        let folder = try TemporaryFolder()
        let recipe = Self.recipe()
        let models = ["exchange", "memoryless", "two-way", "last-spike-feedback"]
        try await withThrowingTaskGroup { group in
            for model in models {
                group.addTask {
                    let study = try Self.study(models: [model], seedCount: 3)
                    _ = try study.run(
                        in: StudyFolder(path: folder.path("s"), recipe: recipe),
                        parallelism: Parallelism(threadCount: 1)
                    ) { _ in true }
                }
            }
            try await group.waitForAll()
        }
        let kept = try StudyFolder(path: folder.path("s"), recipe: recipe)
        let study = try Self.study(models: models, seedCount: 3)
        #expect(try study.missingCells(in: kept) == [])
        #expect(try study.tasks.map { try kept.results(of: $0).count } == [24, 24])
        #expect(!folder.contents.contains { $0.hasSuffix(".lock") })
    }

    @Test("the same cell from two processes is kept once")
    func twice() throws {
        let folder = try TemporaryFolder()
        let study = try Self.study(models: ["memoryless"], seedCount: 1)
        let kept = try StudyFolder(path: folder.path, recipe: study.recipe)
        let cell = study.cells[0]
        let result = try cell.result(recipe: study.recipe)
        try kept.add(result, of: cell)
        try kept.add(result, of: cell)
        #expect(try kept.results(of: cell.task) == [result])
    }

    @Test("whichever write of a study fails, its cells are whole and it goes on to the same results")
    func everyWrite() throws {
        let study = try Self.study(models: ["memoryless"], seedCount: 1)
        func run(_ path: String) throws -> [CellResult] {
            let folder = try StudyFolder(path: path, recipe: study.recipe)
            return Self.outcomes(
                try study.run(in: folder, parallelism: Parallelism(threadCount: 1)) { _ in true })
        }
        let temporary = try TemporaryFolder()
        let whole = try run(temporary.path("whole"))
        var failures = 0
        for count in 0..<100 {
            let path = temporary.path("\(count)")
            let disk = FullDisk(after: count)
            let result = Result { try disk.during { try run(path) } }
            guard disk.hasFailed else { break }
            failures += 1
            #expect(throws: FileError.self, "write \(count)") { try result.get() }
            // A study without its settings leaves no folder.
            #expect(FileManager.default.fileExists(atPath: path) == (count > 0))
            #expect(try run(path) == whole, "write \(count)")
        }
        #expect(failures == 1 + study.cells.count)
    }

    @Test("a result that cannot be is refused by line and field")
    func impossible() throws {
        let folder = try TemporaryFolder()
        let study = try Self.study(models: ["memoryless"], seedCount: 1)
        let kept = try StudyFolder(path: folder.path, recipe: study.recipe)
        let cell = study.cells[0]
        var result = try cell.result(recipe: study.recipe)
        result.accuracy = 1.5
        try kept.add(result, of: cell)
        #expect(
            throws: StudyError.malformed(
                folder.path("cells/delay-1.jsonl"), place: "line 1",
                problem: "accuracy: found 1.5, expected 0 to 1")
        ) { try kept.results(of: cell.task) }
    }

    @Test("models have as nearly the same number of parameters as whole neurons allow")
    func parameters() throws {
        let recipe = StudyRecipe()
        for task in TemporalTask.catalogue {
            let inputCount = task.channels.count
            let target = recipe.parameterTarget(inputCount: inputCount)
            let exchange = try CandidateModel.named("exchange")
            #expect(exchange.neuronCount(parameters: target, inputCount: inputCount) == 16)
            #expect(exchange.parameterCount(neuronCount: 16, inputCount: inputCount) == target)
            for name in CandidateModel.catalogueNames {
                let model = try CandidateModel.named(name)
                let count = model.neuronCount(parameters: target, inputCount: inputCount)
                let total = model.parameterCount(neuronCount: count, inputCount: inputCount)
                // Half a neuron: inputs, at most nine angles, and one weight of the readout.
                #expect(2 * abs(total - target) <= inputCount + 10, "\(name)")
                var short = recipe
                short.updateCount = 1
                short.evaluationTrialCount = 10
                let cell = StudyCell(task: task, model: model, seed: 1)
                let result = try cell.result(recipe: short)
                #expect(result.neuronCount == count && result.parameterCount == total)
            }
        }
    }

    @Test("names of models are read, and others refused")
    func models() throws {
        #expect(try CandidateModel.named("exchange@3").neuron.parameterCount == 3 * 3 + 4)
        #expect(try CandidateModel.named("layered-2@2").neuron.parameterCount == 12)
        for name in ["exchange@", "exchange@7", "exchange@1@1", "lif", ""] {
            #expect(throws: StudyError.self) { try CandidateModel.named(name) }
        }
    }

    @Test("intervals are Student's, cut to what a measurement can be")
    func intervals() {
        // t_{0.975} of SciPy 1.14: 9 and 19 and 99 degrees of freedom.
        for (freedom, expected) in [(9, 2.2621572), (19, 2.0930241), (99, 1.9842169), (11, 2.2009852)] {
            #expect(abs(MeanInterval.studentQuantile(freedom) - expected) < 1e-4)
        }
        // By hand: mean 3, s = √2.5, √(s²/5) = 0.70711, t = 2.7764.
        let interval = MeanInterval([1, 2, 3, 4, 5])
        #expect(interval.mean == 3 && abs(interval.high - 3 - 1.96322) < 1e-4)
        #expect(abs(interval.low - 3 + 1.96322) < 1e-4)
        let cut = MeanInterval([0.9, 1], range: 0...1)
        #expect(cut.high == 1 && cut.low > 0.3)
        let single = MeanInterval([0.7], range: 0...1)
        #expect(single.mean == 0.7 && single.low == 0 && single.high == 1)
    }

    @Test("a network above its budget answers only the trials that the budget pays for")
    func charging() {
        func result(_ budget: Double?, spikes: Double) -> CellResult {
            CellResult(
                task: "recall-6", model: "exchange", spikeBudget: budget, seed: 1, stepCount: 8,
                neuronCount: 16, parameterCount: 129, accuracy: 0.9, spikesPerTrial: spikes, loss: 0.2,
                trainingSeconds: 1)
        }
        // A quarter spike a step is 2 a trial: half of the trials at 4 spikes, 0.5 · 0.9 + 0.5 · 0.5.
        #expect(abs(result(0.25, spikes: 4).accuracyWithinBudget - 0.7) < 1e-12)
        #expect(result(0.25, spikes: 1.9).accuracyWithinBudget == 0.9)
        #expect(result(0.25, spikes: 0).accuracyWithinBudget == 0.9)
        #expect(result(nil, spikes: 100).accuracyWithinBudget == 0.9)
    }

    @Test("a model wins above all controls, loses below one of them, and ties otherwise")
    func verdicts() throws {
        func results(_ model: String, _ accuracies: [Double]) -> [CellResult] {
            accuracies.enumerated().map { index, accuracy in
                CellResult(
                    task: "delay-1", model: model, spikeBudget: nil, seed: UInt64(index + 1),
                    stepCount: 11, neuronCount: 4, parameterCount: 33, accuracy: accuracy,
                    spikesPerTrial: 2.5, loss: 0.1,
                    trainingSeconds: 0.5)
            }
        }
        let names = ["exchange", "two-way", "partial-swap", "last-spike-feedback", "memoryless"]
        let study = MemoryStudy(
            tasks: [.delay(1)], models: try names.map { try CandidateModel.named($0) }, spikeBudgets: [nil],
            seedCount: 3, recipe: StudyRecipe())
        let report = StudyReport(
            study,
            results("exchange", [0.98, 0.99, 1]) + results("two-way", [0.7, 0.8, 0.9])
                + results("partial-swap", [0.5, 0.51, 0.52])
                + results("last-spike-feedback", [0.79, 0.8, 0.81])
                + results("memoryless", [0.5, 0.5, 0.5]))
        #expect(report.rows.map(\.verdict) == [.wins, .ties, .loses, nil, nil])
        #expect(report.lines.contains { $0.contains("99.0 ±1.7 +") && $0.contains("51.0 ±2.5 -") })
    }
}
