import LocalLearning
import Networks
import Testing

@testable import Learning
@testable import Runs

struct PrecisionTests {
    private static func recipe(_ precision: SumPrecision?) -> Recipe {
        var recipe = SyntheticImages.recipe
        recipe.precision = precision
        return recipe
    }

    /// Two epochs, 70 neurons, 60 images. The digests are those of the first version that had both: a change of one is a change of
    /// arithmetic, which CHANGELOG tells.
    @Test(
        "training comes to the weights that it came to",
        arguments: [(SumPrecision.float32, "66de8f82d5abdac3"), (.fixed16, "4920c3ecf1b5e8a3")], [1, 3])
    func digests(precision: (sums: SumPrecision, digest: String), threads: Int) throws {
        var trainer = try SyntheticImages.trainer(Self.recipe(precision.sums), threads: threads)
        for _ in 0..<2 { _ = try trainer.trainEpoch(on: SyntheticImages.make(60)) }
        #expect(trainer.weightsDigest.prefix(16) == precision.digest)
    }

    @Test("a recipe that names no precision is trained in single precision, as before there was a choice")
    func unnamed() throws {
        #expect(Self.recipe(nil).plan.precision == .float32)
        #expect(Self.recipe(.fixed16).plan.precision == .fixed16)
        #expect(Recipe.standard.plan.precision == .float32)
    }

    @Test("a network trained in one precision runs in the other")
    func running() throws {
        let images = SyntheticImages.make(120)
        var trainer = try SyntheticImages.trainer(Self.recipe(.float32))
        for _ in 0..<4 { _ = try trainer.trainEpoch(on: images) }
        let own = try trainer.evaluate(on: images)
        #expect(try trainer.running(in: nil).evaluate(on: images) == own)
        let fixed = try trainer.running(in: .fixed16).evaluate(on: images)
        // Other roundings flip few spikes, but some.
        #expect(fixed.layerSpikesPerStep != own.layerSpikesPerStep)
        #expect(abs(fixed.spikesPerStep - own.spikesPerStep) < 0.02 * own.spikesPerStep)
        #expect(abs(fixed.meanAccuracy - own.meanAccuracy) < 0.05)
    }

    @Test("the local rule refuses fixed point by name")
    func localRule() {
        var recipe = Recipe.local
        recipe.precision = .fixed16
        #expect(recipe.problem == "precision is fixed16, expected float32: the local rule knows no other")
        recipe.precision = .float32
        #expect(recipe.problem == nil)
    }
}
