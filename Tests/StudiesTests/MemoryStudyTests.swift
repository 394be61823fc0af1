import Campaigns
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

    /// All but the time that training took.
    private static func outcomes(_ outcome: Campaign<StudyCell>.Outcome) -> [CellResult?] {
        outcome.results.map { result in
            var result = result
            result?.trainingSeconds = 0
            return result
        }
    }

    private static let single = Parallelism(threadCount: 1)

    @Test("a study that was stopped goes on where it was, to the results of one that was not")
    func resuming() throws {
        let folder = try TemporaryFolder()
        let study = try Self.study()
        #expect(study.campaign.cells.count == 16)
        let whole = try study.run(in: folder.path("whole"), parallelism: Parallelism(threadCount: 2))
        #expect(whole.results.compactMap(\.self).count == 16)

        let stopped = folder.path("stopped")
        let part = try study.run(in: stopped, parallelism: Self.single) { $0.finishedCount < 5 }
        #expect(part.results.compactMap(\.self).count == 5)
        #expect(try study.campaign.finishedCount(in: stopped) == 5)
        let rest = try study.run(in: stopped, parallelism: Self.single)
        #expect(Self.outcomes(rest) == Self.outcomes(whole))
        // The five were not trained again: their times are the first ones.
        #expect(Array(rest.results.prefix(5)) == Array(part.results.prefix(5)))
    }

    @Test("a gate list is a model by its path, and another cell once its gates are others")
    func gateLists() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("mine.json")
        func cells(_ gates: String, _ names: [String]) throws -> [StudyCell] {
            try folder.write(
                "{\"io_qubits\": 1, \"memory_qubits\": 1, \"gates\": [\(gates)]}", as: "mine.json")
            return try Self.study(models: names).campaign.cells
        }
        let gate = "{\"gate\": \"crx\", \"qubits\": [1, 0], \"parameter\": 0}"
        let first = try cells(gate, [path, path + "+dephased+credit"])
        #expect(first.first?.model.neuron.kind == "sqs" && first.first?.model.isControl == false)
        #expect(first.last?.model.isControl == true && first.last?.model.creditsOwnSpikes == true)
        let second = try cells(gate + "," + gate, [path])
        let texts = try Set((first + second).map { try JSONDocument.encode($0) })
        #expect(texts.count == first.count + second.count)
        #expect(throws: StudyError.self) { try CandidateModel.named("none/of/this.json") }
    }

    @Test("seeds, models and settings can be added to a folder, and do not mix")
    func growing() throws {
        let folder = try TemporaryFolder()
        _ = try Self.study().run(in: folder.path, parallelism: Self.single)
        let larger = try Self.study(models: ["exchange", "memoryless", "two-way"], seedCount: 3)
        #expect(try larger.campaign.finishedCount(in: folder.path) == 16)

        var other = Self.recipe()
        other.updateCount = 4
        let longer = MemoryStudy(
            tasks: [.delay(1)], models: [try .named("exchange")], spikeBudgets: [nil], seedCount: 1,
            recipe: other)
        #expect(try longer.campaign.finishedCount(in: folder.path) == 0)
    }

    @Test("a result that cannot be is told by its field")
    func impossible() throws {
        let cell = try Self.study(seedCount: 1).campaign.cells[0]
        var result = try cell.result()
        #expect(cell.problem(of: result) == nil)
        result.accuracy = 1.5
        #expect(cell.problem(of: result) == "accuracy: found 1.5, expected 0 to 1")
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
                // Half a neuron: inputs, its own numbers, and one weight of the readout.
                #expect(2 * abs(total - target) <= inputCount + 1 + model.neuron.parameterCount, "\(name)")
                var short = recipe
                short.updateCount = 1
                short.evaluationTrialCount = 10
                let result = try StudyCell(task: task, model: model, seed: 1, recipe: short).result()
                #expect(result.neuronCount == count && result.parameterCount == total)
            }
        }
    }

    @Test("names of models are read, and others refused")
    func models() throws {
        #expect(try CandidateModel.named("exchange@3").neuron.parameterCount == 3 * 3 + 4)
        #expect(try CandidateModel.named("layered-2@2").neuron.parameterCount == 12)
        #expect(try CandidateModel.named("hidden-states-4").neuron.parameterCount == 56)
        #expect(try CandidateModel.named("last-spike-feedback-4+credit").creditsOwnSpikes)
        #expect(try CandidateModel.named("exchange@2+dephased-45+credit").isControl)
        #expect(try !CandidateModel.named("exchange+credit").isControl)
        for name in [
            "exchange@", "exchange@7", "exchange@1@1", "lif", "", "memoryless+dephased", "exchange+deph",
            "exchange+credit+credit", "hidden-states-", "hidden-states-99", "exchange+dephased-",
        ] {
            #expect(throws: StudyError.self) { try CandidateModel.named(name) }
        }
    }

    @Test("intervals are Student's, cut to what a measurement can be")
    func intervals() {
        // t_{0.975} of SciPy 1.14: 9 and 19 and 99 degrees of freedom.
        for (freedom, expected) in [(9, 2.2621572), (19, 2.0930241), (99, 1.9842169), (11, 2.2009852)] {
            #expect(abs(StudentLaw.quantile(tail: 0.05, freedom: freedom) - expected) < 1e-7)
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

    @Test("a search gives every model the same trials, and takes the best of each")
    func search() throws {
        let models = try ["exchange", "hidden-states-2"].map { try CandidateModel.named($0) }
        let search = try MemorySearch(models: models, trialCount: 3, recipe: Self.recipe())
        let cells = search.campaign.cells
        #expect(search.recipes[0] == Self.recipe() && Set(search.recipes).count == 3)
        #expect(cells.count == 2 * 3 * MemorySearch.tasks.count * MemorySearch.seeds.count)
        for recipe in search.recipes {
            #expect((0.01...0.2).contains(recipe.learningRate) && (0.3...3).contains(recipe.angleDeviation))
        }
        var results = try cells.map { Optional(try $0.result()) }
        for index in cells.indices {
            let isBest = cells[index].recipe == search.recipes[cells[index].model == models[0] ? 1 : 2]
            results[index]?.accuracy = isBest ? 0.9 : 0.6
        }
        let chosen = try #require(search.chosen(results))
        #expect(chosen.models == models)
        #expect(chosen.recipes == ["exchange": search.recipes[1], "hidden-states-2": search.recipes[2]])
        results[0] = nil
        #expect(search.chosen(results) == nil)
    }

    @Test("the basis that hurts least is searched, of a model that asks for it")
    func bases() throws {
        let models = try ["exchange+dephased-best", "memoryless"].map { try CandidateModel.named($0) }
        #expect(throws: StudyError.self) {
            try MemorySearch(models: models, trialCount: 0, recipe: Self.recipe())
        }
        let search = try MemorySearch(models: models, trialCount: 1, recipe: Self.recipe())
        #expect(search.models.count == 7)
        var results = try search.campaign.cells.map { Optional(try $0.result()) }
        for (index, cell) in search.campaign.cells.enumerated() {
            results[index]?.accuracy = cell.model.name == "exchange+dephased-60" ? 0.8 : 0.7
        }
        let chosen = try #require(search.chosen(results))
        #expect(chosen.models.map(\.name) == ["exchange+dephased-60", "memoryless"])
    }

    @Test("the losses of a training are its eighths, and spread reaches what is no angle")
    func losses() throws {
        var recipe = Self.recipe()
        recipe.updateCount = 16
        let cell = StudyCell(
            task: .delay(1), model: try .named("hidden-states-2+credit"), seed: 1, recipe: recipe)
        #expect(try cell.result().trainingLosses.count == 8)
        recipe.angleDeviation = 0
        let still = StudyCell(task: .delay(1), model: cell.model, seed: 1, recipe: recipe)
        #expect(try still.trainer().network.populations[0][parameters: 0].allSatisfy { $0 == 0 })
    }

    @Test("a network above its budget answers only the trials that the budget pays for")
    func charging() {
        func result(_ budget: Double?, spikes: Double) -> CellResult {
            CellResult(
                task: "recall-6", model: "exchange", spikeBudget: budget, seed: 1, size: 16, stepCount: 8,
                neuronCount: 16, parameterCount: 129, accuracy: 0.9, spikesPerTrial: spikes, loss: 0.2,
                trainingLosses: [], trainingSeconds: 1)
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
                    task: "delay-1", model: model, spikeBudget: nil, seed: UInt64(index + 1), size: 16,
                    stepCount: 11, neuronCount: 4, parameterCount: 33, accuracy: accuracy,
                    spikesPerTrial: 2.5, loss: 0.1, trainingLosses: [0.3, 0.2], trainingSeconds: 0.5)
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
        #expect(report.comparisons.count == 6)
        // Differences 0.48, 0.49, 0.50: s/√3 = 0.0057735, and t with 2 degrees of freedom and a tail of 0.05/6 is 10.886.
        let difference = try #require(
            report.comparisons.first { $0.model == "exchange" && $0.control == "memoryless" }
        ).difference
        #expect(abs(difference.mean - 0.49) < 1e-12 && abs(difference.high - 0.49 - 0.06285) < 1e-4)
        #expect(report.lines.contains { $0.contains("memoryless") && $0.contains("1 / 0 / 0") })
    }
}
