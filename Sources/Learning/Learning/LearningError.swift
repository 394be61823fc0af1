import Files

/// What stopped a training run or an evaluation.
public enum LearningError: DescribedError, Equatable {
    case recipe(String)
    case recipeFile(String, problem: String)
    case unknownRecipe(String, known: [String])
    case outputs(found: Int, perClass: Int)
    case outputsOfClasses(found: Int, classes: Int)
    case emptyDataset(String)
    case datasetShape(
        name: String, inputs: Int, classes: Int, expectedInputs: Int, expectedClasses: Int)
    case initialParameters
    case diverged(epoch: Int)
    case repetitions(found: Int)
    case noise(model: String)
    case backend(String, problem: String)
    /// A batch that is too large to run.
    case batch(String)
    /// A run of the local rule whose shots are more than can be counted.
    case shots

    public var category: ErrorCategory {
        switch self {
        case .recipe, .unknownRecipe, .initialParameters, .outputs, .outputsOfClasses, .noise, .backend,
            .repetitions, .batch, .shots:
            .usage
        case .recipeFile, .emptyDataset, .datasetShape: .badInput
        case .diverged: .failure
        }
    }

    public var description: String {
        switch self {
        case .recipe(let problem): "recipe: \(problem)"
        case .recipeFile(let path, let problem):
            "\(path): \(problem); 'sqsnn recipe show standard' prints one as a model"
        case .unknownRecipe(let name, let known):
            "recipe '\(name)': found neither that name nor that file, expected one of "
                + known.joined(separator: ", ") + ", or the path of a JSON file"
                + spellingHint(name, among: known)
        case .outputs(let found, let perClass):
            "network: found \(found) output neurons, expected a multiple of \(perClass) neurons a class"
        case .outputsOfClasses(let found, let classes):
            "graph: found \(found) output neurons, expected a multiple of the \(classes) classes"
        case .emptyDataset(let name): "data set \(name): found no samples, expected at least one"
        case .datasetShape(let name, let inputs, let classes, let expectedInputs, let expectedClasses):
            "data set \(name): found \(inputs) inputs and \(classes) classes, expected \(expectedInputs) and "
                + "\(expectedClasses) as the network has; train a network for this data set"
        case .noise(let model):
            "noise: found model \(model), expected sqs; leave out the noise, or choose that model"
        case .repetitions(let found):
            "evaluation: found \(found) passes, expected \(Trainer.evaluationCounts.lowerBound) to "
                + "\(Trainer.evaluationCounts.upperBound)"
        case .backend(let name, let problem): "backend \(name): \(problem)"
        case .batch(let problem): "batch: \(problem)"
        case .shots:
            "the local rule: found a run of more than \(Int.max) shots, expected fewer; lower the shots, passes, "
                + "perturbations or epochs"
        case .initialParameters:
            "recipe: found a weight or an angle beyond ±\(Int(Trainer.largestParameter)) before any training; "
                + "expected a smaller angle_mean, angle_means, angle_deviation or weight_gain"
        case .diverged(let epoch):
            "training: found a weight, an angle or a moment in epoch \(epoch) that is not a number or beyond "
                + "±\(Int(Trainer.largestParameter)); lower the learning rate, or limit the gradient's norm"
        }
    }
}
