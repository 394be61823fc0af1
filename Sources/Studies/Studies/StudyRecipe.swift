import Learning
import Neurons

/// How every cell of a study is trained and judged: the same for all models.
public struct StudyRecipe: Sendable, Hashable, Codable {
    /// Updates of the parameters.
    public var updateCount = 800
    /// Fresh trials of one update.
    public var batchSize = 64
    /// Of Adam, with a cosine schedule down to 0.
    public var learningRate = 0.05
    /// Weights are uniform in ±this/√(channels) at first.
    public var weightGain = 1.5
    /// Standard deviation of the angles at first, radians, and of what other models have in their place; their mean is 0.
    public var angleDeviation = 1.0
    /// Neurons of an `exchange` network; the others get as many as come closest to its number of parameters.
    public var referenceNeuronCount = 16
    /// Trials, none of them seen in training, on which a trained network is judged.
    public var evaluationTrialCount = 4000

    public init() {}

    enum CodingKeys: String, CodingKey {
        case updateCount = "updates"
        case batchSize
        case learningRate
        case weightGain
        case angleDeviation
        case referenceNeuronCount = "reference_neurons"
        case evaluationTrialCount = "evaluation_trials"
    }
}

extension StudyRecipe {
    /// Spreads the first values of parameters that are no angles, which are drawn with deviation 1, as the angles are.
    func spread(_ population: inout Population) {
        guard population.model.parameterGroups.contains(where: { $0.name != ParameterGroup.anglesName })
        else { return }
        for neuron in 0..<population.neuronCount {
            population[parameters: neuron] = population[parameters: neuron].map {
                Float(angleDeviation) * $0
            }
        }
    }

    func plan(_ task: TemporalTask) -> TrainingPlan {
        TrainingPlan(
            stepCount: task.stepCount, batchSize: batchSize, learningRate: learningRate, schedule: .cosine)
    }

    /// The trials of all updates: one epoch, in which none comes twice.
    func samples(of task: TemporalTask) -> TaskSamples {
        TaskSamples(task, count: updateCount * batchSize)
    }

    /// Trainable numbers that every network of a task comes as close to as it can: those of the `exchange` network.
    func parameterTarget(inputCount: Int) -> Int {
        referenceNeuronCount * (inputCount + Self.exchangeAngleCount + 1) + 1
    }

    private static let exchangeAngleCount = 5
}
