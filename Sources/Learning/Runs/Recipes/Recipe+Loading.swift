import Files
import Learning
import LocalLearning

extension Recipe {
    /// A recipe by name, or from a JSON file with the fields of a ``Recipe``, or with `"base": NAME` and the fields in which it
    /// differs from the recipe of that name.
    ///
    /// - Parameter nameOrPath: `-` for standard input.
    /// - Throws: `FileError`, ``RunError`` for an unknown name, a file that is no recipe, or values out of range.
    public static func load(_ nameOrPath: String) throws -> Recipe {
        if let recipe = named(nameOrPath) { return recipe }
        guard InputFile.isMeant(nameOrPath) else {
            throw RunError.unknownRecipe(nameOrPath, known: catalogue.map(\.name))
        }
        let text = try InputFile.read(nameOrPath, limit: InputFile.textLimit)
        do throws(JSONDocument.Problem) {
            let recipe = try JSONDocument.decode(Recipe.self, from: text, .oldNames) {
                name throws(JSONDocument.Problem) in
                if let base = named(name) { return base }
                let known = catalogue.map(\.name).joined(separator: ", ")
                throw JSONDocument.Problem(
                    place: "base", problem: "found '\(name)', expected one of \(known)")
            }
            if let problem = recipe.problem { throw JSONDocument.Problem(place: "", problem: problem) }
            return recipe
        } catch {
            throw RunError.recipeFile(nameOrPath, problem: error.text)
        }
    }

    /// The recipe of the catalogue that has a name.
    private static func named(_ name: String) -> Recipe? { catalogue.first { $0.name == name } }

    /// In what a recipe that has a name of the catalogue differs from the one there, as `learning_rate 0.002`; empty where it is
    /// that one, or has a name of its own.
    public var changes: [String] {
        guard let base = Self.named(name), let differences = try? JSONDocument.differences(self, base) else {
            return []
        }
        return differences.map { "\($0.field) \($0.first.filter { $0 != "\"" })" }
    }

    /// What a person reads: the name, and what was changed.
    public var title: String { changes.isEmpty ? name : "\(name) with \(changes.joined(separator: ", "))" }

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
            outside("step_count", stepCount, Self.stepCounts),
            outside("epoch_count", epochCount, Self.epochCounts),
            outside("batch_size", batchSize, Self.batchSizes),
            outside("neurons_per_class", neuronsPerClass, Self.classSizes),
            outside("intensity_ceiling", intensityCeiling, Self.intensityCeilings),
            outside("temperature", temperature, Self.temperatures),
            outside("rate_floor", rateFloor, 1e-9...0.49),
            outside("momentum", momentum, 0...0.9999),
            outside("learning_rate", learningRate, Self.learningRates),
            outside("angle_rate_factor", angleRateFactor, Self.angleRateFactors),
            outside("regularization", regularization, Self.regularizations),
            outside("weight_gain", weightGain, Self.weightGains),
            outside("angle_mean", angleMean, Self.angleMeanRange),
            outside("angle_deviation", angleDeviation, Self.angleDeviations),
            truncation.flatMap { outside("truncation", $0, Self.stepCounts) },
            gradientNormLimit.flatMap { outside("gradient_norm_limit", $0, Self.gradientNormLimits) },
            gradientShards.flatMap { outside("gradient_shards", $0, TrainingPlan.shardCounts) },
            local?.problem.map { "local.\($0)" },
            local != nil && precision == .fixed16
                ? "precision is fixed16, expected float32: the local rule knows no other" : nil,
            local != nil && creditsOwnSpikes == true
                ? "credits_own_spikes is true, expected false: the local rule takes no gradients through time"
                : nil,
        ]
        let layers = hiddenCounts.map { outside("hidden_counts", $0, Self.layerSizes) }
        let means = (angleMeans ?? []).map { outside("angle_means", $0, Self.angleMeanRange) }
        return (problems + layers + means).compactMap(\.self).first
    }
}
