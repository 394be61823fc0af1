import Learning
import Networks
import Testing

@testable import Studies

@Suite("Training on a task")
struct TaskTrainingTests {
    private static func trained(
        _ task: TemporalTask, _ model: String, spikeBudget: Double? = nil, updateCount: Int = 250
    ) throws -> TaskScore {
        var recipe = StudyRecipe()
        recipe.updateCount = updateCount
        let cell = StudyCell(
            task: task, model: try CandidateModel.named(model), spikeBudget: spikeBudget, seed: 1,
            recipe: recipe)
        var trainer = try cell.trainer()
        _ = try trainer.trainEpoch(on: recipe.samples(of: task))
        return try TaskScore(trainer, on: task, trialCount: 1000)
    }

    @Test("exchange learns the one-step delay; last-spike-feedback learns some of it, and latches")
    func learning() throws {
        #expect(try Self.trained(.delay(1), "exchange").accuracy > 0.98)
        let feedback = try Self.trained(.delay(1), "last-spike-feedback+credit").accuracy
        #expect(feedback > 0.6 && feedback < 0.95)
        #expect(try Self.trained(.recall(6), "last-spike-feedback+credit").accuracy > 0.98)
    }

    @Test("within a budget, a population learns with as few spikes as that")
    func budget() throws {
        let free = try Self.trained(.delay(1), "exchange")
        let limited = try Self.trained(.delay(1), "exchange", spikeBudget: 1, updateCount: 500)
        #expect(limited.spikesPerTrial < 1.1 * 7)
        #expect(free.spikesPerTrial > 3 * limited.spikesPerTrial)
        #expect(limited.accuracy > 0.9)
    }

    @Test("the price on spikes rises above the limit, falls below it, and the limit shrinks to the budget")
    func price() {
        var budget = SpikeBudget(spikesPerStep: 1)
        // At first the limit is what the network fires: no excess.
        #expect(budget.slope(spikesPerStep: 8, rowCount: 10, progress: 0) == 0)
        // In the middle it is the budget less a margin of 5 %: excess 1 (kept there), price 0.02 + 1 a spike over 0.95 · 10.
        let slope = budget.slope(spikesPerStep: 8, rowCount: 10, progress: 0.5)
        #expect(abs(slope - 1.02 / 9.5) < 1e-12)
        #expect(budget.slope(spikesPerStep: 0.5, rowCount: 10, progress: 0.6) == 0)
        // Never above the budget: no price at all.
        var generous = SpikeBudget(spikesPerStep: 10)
        #expect(generous.slope(spikesPerStep: 8, rowCount: 10, progress: 1) == 0)
    }

    @Test("the same seed gives the same network, another seed another one")
    func repetition() throws {
        func network(seed: UInt64) throws -> Network {
            var recipe = StudyRecipe()
            recipe.updateCount = 20
            let cell = StudyCell(
                task: .recallOnGo(2), model: try CandidateModel.named("exchange@2"), spikeBudget: 1,
                seed: seed, recipe: recipe)
            var trainer = try cell.trainer()
            _ = try trainer.trainEpoch(on: recipe.samples(of: cell.task))
            return trainer.network
        }
        #expect(try network(seed: 1) == network(seed: 1))
        #expect(try network(seed: 1) != network(seed: 2))
    }

    @Test("a training that was stopped goes on to the same network, price of spikes included")
    func interruption() throws {
        var recipe = StudyRecipe()
        recipe.updateCount = 12
        let cell = StudyCell(
            task: .delay(1), model: try CandidateModel.named("exchange"), spikeBudget: 1, seed: 3,
            recipe: recipe)
        var whole = try cell.trainer()
        _ = try whole.trainEpoch(on: recipe.samples(of: cell.task))
        var stopped = try cell.trainer()
        #expect(try stopped.trainEpoch(on: recipe.samples(of: cell.task)) { $0.batch < 5 } == nil)
        #expect(stopped.progress.batch == 5)
        _ = try stopped.trainEpoch(on: recipe.samples(of: cell.task))
        #expect(stopped.network == whole.network)
        #expect(stopped.objective.trainedValues == whole.objective.trainedValues)
    }
}
