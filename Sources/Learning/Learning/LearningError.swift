import Files

/// What stopped a training run or an evaluation.
public enum LearningError: DescribedError, Equatable {
    case recipe(String)
    case outputs(found: Int, perClass: Int)
    case outputsOfObjective(found: Int, expected: Int)
    case emptyDataset(String)
    case datasetShape(
        name: String, inputs: Int, classes: Int, expectedInputs: Int, expectedClasses: Int)
    /// Samples that do not fit together, or not the network and what it is trained for.
    case samples(name: String, problem: String)
    case diverged(epoch: Int)
    /// A part of a gradient is too large to be summed over shards, or no number.
    case gradient(limit: Double)
    case repetitions(found: Int)
    /// Images are to be classified by a network that is not read by the rates of classes.
    case noClassRates
    /// A batch that is too large to run.
    case batch(String)

    public var category: ErrorCategory {
        switch self {
        case .recipe, .outputs, .outputsOfObjective, .repetitions, .noClassRates, .batch: .usage
        case .emptyDataset, .datasetShape, .samples: .badInput
        case .diverged, .gradient: .failure
        }
    }

    public var description: String {
        switch self {
        case .recipe(let problem): "recipe: \(problem)"
        case .outputs(let found, let perClass):
            "network: found \(found) output neurons, expected a multiple of \(perClass) neurons a class"
        case .outputsOfObjective(let found, let expected):
            "network: found \(found) output neurons, expected \(expected) as the objective reads"
        case .emptyDataset(let name): "data set \(name): found no samples, expected at least one"
        case .datasetShape(let name, let inputs, let classes, let expectedInputs, let expectedClasses):
            "data set \(name): found \(inputs) inputs and \(classes) classes, expected \(expectedInputs) and "
                + "\(expectedClasses) as the network has; train a network for this data set"
        case .samples(let name, let problem): "samples \(name): \(problem)"
        case .repetitions(let found):
            "evaluation: found \(found) passes, expected \(Trainer.evaluationCounts.lowerBound) to "
                + "\(Trainer.evaluationCounts.upperBound)"
        case .noClassRates:
            "prediction: found outputs that do not stand for classes by their rates; expected an objective with a rate decoder"
        case .batch(let problem): "batch: \(problem)"
        case .gradient(let limit):
            "training: found a gradient beyond ±\(Int(limit)), or no number, which cannot be summed over gradient shards; lower "
                + "the learning rate or the regularisation"
        case .diverged(let epoch):
            "training: found a weight, an angle or a moment in epoch \(epoch) that is not a number or beyond "
                + "±\(Int(Trainer.largestParameter)); lower the learning rate, or limit the gradient's norm"
        }
    }
}
