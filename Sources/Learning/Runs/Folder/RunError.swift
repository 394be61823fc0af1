import Files
import Learning

/// What is wrong with a run, its configuration, or its folder.
public enum RunError: DescribedError, Equatable {
    case exists(String)
    case missing(String)
    /// The folder of a run whose start was cut off.
    case notBegun(String)
    /// A folder with trained work in it, but without one of the files that make it a run.
    case incomplete(String, missing: String)
    case malformed(String, place: String, problem: String)
    case otherConfiguration(String, differences: [String])
    case otherData(String, file: String)
    case checkpoint(String, problem: String)
    /// A checkpoint that is not this run's.
    case otherRun(String)
    case damaged(String, problem: String)
    /// - Parameter kept: epochs that the checkpoint has done.
    case diverged(String, epoch: Int, kept: Int)
    case length(String, problem: String)
    case recipeFile(String, problem: String)
    case unknownRecipe(String, known: [String])
    case outputsOfClasses(found: Int, classes: Int)
    case initialParameters
    case noise(model: String)
    case backend(String, problem: String)
    /// A run of the local rule whose shots are more than can be counted.
    case shots
    /// A model without spikes where a network is wanted.
    case notSpiking(String, model: String)
    /// A number of parameters that no width matches, or a network without one.
    case unmatched(String)
    /// A data set that has no more training images than are to be held out.
    case nothingToTrainOn(dataset: String, images: Int, validation: Int)
    /// A run that is to be measured on images that it did not hold out.
    case nothingHeldOut(String)
    /// A run whose steps are parts of whole recordings, which a stream is not.
    case noStepLength(String, bins: String)

    public var category: ErrorCategory {
        switch self {
        case .exists, .otherConfiguration, .length, .unknownRecipe, .initialParameters, .outputsOfClasses,
            .noise,
            .backend, .shots, .notSpiking, .unmatched, .nothingToTrainOn, .nothingHeldOut,
            .noStepLength:
            .usage
        case .diverged: .failure
        case .missing, .notBegun, .incomplete, .malformed, .otherData, .checkpoint, .otherRun, .damaged,
            .recipeFile:
            .badInput
        }
    }

    public var description: String {
        switch self {
        case .exists(let path):
            "\(path): found a run, expected a new folder; add --resume to go on with it, or choose another --output"
        case .missing(let path): "\(path): not found; expected the folder of a run made by 'sqsnn train'"
        case .notBegun(let path):
            "\(path): found a run whose start was cut off, with nothing trained; begin it again with the command that "
                + "began it, without --resume"
        case .incomplete(let path, let name):
            "\(path): found files of a run, but no \(name); restore it from a copy, or choose another --output"
        case .malformed(let path, let place, let problem):
            "\(path): \(place.isEmpty ? "" : place + ": ")\(problem); restore the file, or train anew"
        case .otherConfiguration(let path, let differences):
            "\(path): the run has other settings (\(differences.joined(separator: "; "))); "
                + "leave these options out, or choose another --output"
        case .otherData(let path, let file):
            "\(path): the contents of \(file) are not those that the run began with; "
                + "point SQSNN_DATA to the same data set"
        case .checkpoint(let path, let problem):
            "\(path): \(problem); it belongs to another run, restore the right one or train anew"
        case .otherRun(let path):
            "\(path): found the checkpoint of another run, or run.json was changed after the run began; restore the two that "
                + "belong together from a copy, or train anew"
        case .damaged(let path, let problem):
            "\(path): \(problem); the file is damaged: restore it from a copy, or train anew"
        case .diverged(let path, let epoch, let kept):
            "\(path): training diverged in epoch \(epoch): a weight, an angle or a moment is not a number or beyond "
                + "±\(Int(Trainer.largestParameter)); the state after epoch \(kept) is kept, and 'sqsnn eval' measures it; "
                + "train anew with a lower learning rate, or a limit on the gradient's norm, in another --output"
        case .length(let path, let problem): "\(path): \(problem)"
        case .recipeFile(let path, let problem):
            "\(path): \(problem); 'sqsnn recipe show standard' prints one as a model"
        case .unknownRecipe(let name, let known):
            "recipe '\(name)': found neither that name nor that file, expected one of "
                + known.joined(separator: ", ") + ", or the path of a JSON file"
                + spellingHint(name, among: known)
        case .outputsOfClasses(let found, let classes):
            "graph: found \(found) output neurons, expected a multiple of the \(classes) classes"
        case .notSpiking(let path, let model):
            "\(path): found model \(model), which has no spikes and no neurons, expected the run of a spiking network"
        case .noise(let model):
            "noise: found model \(model), expected sqs; leave out the noise, or choose that model"
        case .backend(let name, let problem): "backend \(name): \(problem)"
        case .shots:
            "the local rule: found a run of more than \(Int.max) shots, expected fewer; lower the shots, passes, "
                + "perturbations or epochs"
        case .nothingToTrainOn(let dataset, let images, let validation):
            "--validation: found \(validation), expected fewer than the \(images) training images of \(dataset), "
                + "so that some are left to train on"
        case .nothingHeldOut(let path):
            "\(path): found no images held out for validation, expected a run with --validation; measure it on test images"
        case .noStepLength(let path, let bins):
            "\(path): found a run trained with --bins \(bins), steps that are parts of a whole recording; expected a span of time; name "
                + "the length of a step with --every"
        case .unmatched(let problem): "--match-parameters: \(problem)"
        case .initialParameters:
            "recipe: found a weight or an angle beyond ±\(Int(Trainer.largestParameter)) before any training; "
                + "expected a smaller angle_mean, angle_means, angle_deviation or weight_gain"
        }
    }
}
