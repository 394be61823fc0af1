import Files
import Runs
import TestSupport
import Testing

struct RecipeFileTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func load(_ text: String) throws -> Recipe {
        try Recipe.load(folder.write(text, as: "mine.json"))
    }

    private func problem(_ text: String) -> String? {
        do {
            _ = try load(text)
            return nil
        } catch {
            return (error as? any DescribedError)?.description.replacing("\(folder.path)/", with: "")
        }
    }

    @Test("every recipe of the catalogue comes back from its file")
    func roundTrip() throws {
        for recipe in Recipe.catalogue {
            let text = String(decoding: try JSONDocument.encode(recipe, .indented), as: UTF8.self)
            #expect(text.contains("\"learning_rate\""))
            #expect(try load(text) == recipe)
        }
    }

    /// Written by release 0.1.0, whose names were in camel case.
    @Test("a recipe of an earlier release is read")
    func oldNames() throws {
        let text = """
            {"angleDeviation": 0.1, "angleMean": 0, "angleRateFactor": 1, "batchSize": 256, "encoding": "rate",
             "epochCount": 16, "hiddenCounts": [1000], "intensityCeiling": 1, "learningRate": 0.001, "loss": "softmax",
             "momentum": 0, "name": "standard", "neuronsPerClass": 10, "optimizer": "adam", "rateFloor": 0.01,
             "regularization": 0, "schedule": "cosine", "stepCount": 5, "surrogate": "straight-through",
             "temperature": 5, "weightGain": 1}
            """
        #expect(try load(text) == .standard)
    }

    @Test("a file with a base changes the fields it has, and the recipe says which")
    func base() throws {
        let recipe = try load(
            #"{"base": "local", "learning_rate": 0.25, "local": {"pass_count": 2}, "gradient_norm_limit": 1}"#
        )
        var expected = Recipe.local
        expected.learningRate = 0.25
        expected.local?.passCount = 2
        expected.gradientNormLimit = 1
        #expect(recipe == expected)
        #expect(
            recipe.title == "local with gradient_norm_limit 1, learning_rate 0.25, local.pass_count 2")
        #expect(Recipe.local.title == "local")
        #expect(try load(#"{"base": "local", "local": null}"#).local == nil)
        #expect(try load(#"{"base": "paper", "name": "mine", "momentum": 0.5}"#).title == "mine")
    }

    @Test("what is not understood is refused by its name")
    func refused() throws {
        #expect(
            problem(#"{"base": "standard", "learnng_rate": 1}"#)?.hasPrefix(
                "mine.json: learnng_rate: there is no such field here; expected one of ") == true)
        #expect(
            problem(#"{"base": "standard", "learnng_rate": 1}"#)?.contains("did you mean 'learning_rate'?")
                == true)
        #expect(
            problem(#"{"base": "standrd"}"#)?.hasPrefix(
                "mine.json: base: found 'standrd', expected one of standard, paper") == true)
        #expect(
            problem(#"{"base": "standard", "schedule": "cosin"}"#)?.hasPrefix(
                "mine.json: schedule: found 'cosin', expected one of constant, cosine (did you mean 'cosine'?)"
            ) == true)
        #expect(
            problem(#"{"base": "standard", "local": {"passCount": 2}}"#)?.contains("local.") == true)
        #expect(problem(#"{"base": "standard", "temperature": 0}"#)?.contains("temperature is 0.0") == true)
    }
}
