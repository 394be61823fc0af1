import Diagnostics
import Foundation

extension Recipe {
    /// A recipe by name, or from a JSON file with the fields of a ``Recipe``.
    ///
    /// - Throws: ``LearningError`` for an unknown name, a file that is no recipe, or values out of range.
    public static func load(_ nameOrPath: String) throws -> Recipe {
        if let recipe = catalogue.first(where: { $0.name == nameOrPath }) { return recipe }
        guard let data = FileManager.default.contents(atPath: nameOrPath) else {
            throw LearningError.unknownRecipe(nameOrPath, known: catalogue.map(\.name))
        }
        do throws(JSONDocument.Problem) {
            let recipe = try JSONDocument.decode(Recipe.self, from: data)
            if let problem = recipe.problem { throw JSONDocument.Problem(place: "", problem: problem) }
            return recipe
        } catch {
            let place = error.place.isEmpty ? "" : "\(error.place): "
            throw LearningError.recipeFile(nameOrPath, problem: place + error.problem)
        }
    }

    /// What is wrong with the values, nil if nothing is.
    var problem: String? {
        func outside(_ name: String, _ value: Int, _ range: ClosedRange<Int>) -> String? {
            range.contains(value)
                ? nil : "\(name) is \(value), expected \(range.lowerBound) to \(range.upperBound)"
        }
        func outside(_ name: String, _ value: Double, _ range: ClosedRange<Double>) -> String? {
            range.contains(value)
                ? nil : "\(name) is \(value), expected \(range.lowerBound) to \(range.upperBound)"
        }
        let problems = [
            outside("stepCount", stepCount, Self.stepCounts),
            outside("epochCount", epochCount, Self.epochCounts),
            outside("batchSize", batchSize, Self.batchSizes),
            outside("neuronsPerClass", neuronsPerClass, 1...1000),
            outside("intensityCeiling", intensityCeiling, 0...1),
            outside("temperature", temperature, 1e-6...1e6),
            outside("rateFloor", rateFloor, 1e-9...0.49),
            outside("momentum", momentum, 0...0.9999),
            outside("learningRate", learningRate, 0...1e6),
            outside("angleRateFactor", angleRateFactor, 0...1e6),
            outside("regularization", regularization, 0...1e6),
            outside("weightGain", weightGain, 0...1e6),
            outside("angleMean", angleMean, -1e6...1e6),
            outside("angleDeviation", angleDeviation, 0...1e6),
            truncation.flatMap { outside("truncation", $0, Self.stepCounts) },
            gradientNormLimit.flatMap { outside("gradientNormLimit", $0, 1e-12...1e12) },
            local?.problem.map { "local.\($0)" },
        ]
        let layers = hiddenCounts.map { outside("hiddenCounts", $0, Self.layerSizes) }
        let means = (angleMeans ?? []).map { outside("angleMeans", $0, -1e6...1e6) }
        return (problems + layers + means).compactMap(\.self).first
    }
}
