import Compute
import Learning
import LocalLearning

/// What a run came to: the object that `sqsnn train --json` and `sqsnn eval --json` print.
public struct RunSummary: Sendable, Codable {
    /// Single-shot accuracy over several passes, fractions.
    public struct Accuracy: Sendable, Codable {
        public var mean: Double
        /// Sample standard deviation over the passes; nil for one pass, which has none.
        public var standardDeviation: Double?
        /// Passes, each with random numbers of its own.
        public var passes: Int
        /// Accuracy of each pass.
        public var values: [Double]

        init(_ evaluation: Evaluation) {
            mean = evaluation.meanAccuracy
            standardDeviation = evaluation.accuracyDeviation
            passes = evaluation.accuracies.count
            values = evaluation.accuracies
        }

        /// `standard_deviation` is `null` where there is none: a program that looks for it finds it.
        public func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(mean, forKey: .mean)
            try container.encode(standardDeviation, forKey: .standardDeviation)
            try container.encode(passes, forKey: .passes)
            try container.encode(values, forKey: .values)
        }
    }

    /// The data set whose images were classified.
    public var dataset: String
    /// The data set that the network was trained on.
    public var trainedOn: String
    public var model: String
    /// Nil for a model without a circuit.
    public var ansatz: String?
    /// What the noise of the device is called; nil for none.
    public var noise: String?
    public var recipe: String
    /// `surrogate` or `local`.
    public var learning: String
    /// Of the local rule: how gradients were found, and shots of an update of a full batch.
    public var estimator: String?
    public var shotsPerUpdate: Int?
    /// Images of an update.
    public var batch: Int
    /// Backend of the local rule's circuits; nil where they were simulated.
    public var backend: String?
    /// Circuits and shots of the whole training, of the local rule.
    public var ledger: ShotLedger?
    public var seed: UInt64
    /// On test images; nil where others were classified.
    public var testAccuracy: Accuracy?
    /// On training images that were held out; nil where test images were classified.
    public var validationAccuracy: Accuracy?
    /// Spikes of the whole network, without its inputs, for each sample and step.
    public var spikesPerStep: Double
    public var layerSpikesPerStep: [Double]
    /// Epochs done.
    public var epochs: Int
    /// Mean seconds of training of an epoch, without the measurement after it.
    public var secondsPerEpoch: Double
    /// Largest resident memory of the process so far.
    public var peakMemoryBytes: Int
    public var parameters: Int
    public var weightsDigest: String
    public var instructionSet: String
    public var threads: Int
    /// Counts summed over all passes, `[label][prediction]`.
    public var confusion: [[Int]]
    /// Folder of the run.
    public var output: String

    init(
        evaluation: Evaluation, of part: MeasuredImages, configuration: RunConfiguration,
        trainer: any RunTrainer, secondsPerEpoch: Double, ledger: ShotLedger?, output: String,
        dataset: String? = nil
    ) {
        self.dataset = dataset ?? configuration.dataset
        trainedOn = configuration.dataset
        model = configuration.modelKind
        ansatz = configuration.ansatz
        noise = configuration.noise?.name
        recipe = configuration.recipe.name
        learning = configuration.recipe.local == nil ? "surrogate" : "local"
        estimator = configuration.recipe.local?.estimator.rawValue
        shotsPerUpdate = (trainer as? Trainer)?.costOfUpdate?.total.shots
        batch = configuration.recipe.batchSize
        backend = configuration.backend
        self.ledger = ledger
        seed = configuration.seed
        switch part {
        case .test: testAccuracy = Accuracy(evaluation)
        case .validation: validationAccuracy = Accuracy(evaluation)
        }
        spikesPerStep = evaluation.spikesPerStep
        layerSpikesPerStep = evaluation.layerSpikesPerStep
        epochs = trainer.progress.epoch
        self.secondsPerEpoch = secondsPerEpoch
        peakMemoryBytes = ProcessMemory.peakBytes
        parameters = trainer.parameterCount
        weightsDigest = trainer.weightsDigest
        instructionSet = InstructionSet.current.name
        threads = trainer.parallelism.threadCount
        confusion = evaluation.confusion
        self.output = output
    }
}
