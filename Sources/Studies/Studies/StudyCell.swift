import Campaigns
import Compute
import Learning
import Networks
import Neurons

/// One network of a study: what it is trained on, what it is made of, what it may spend, its random numbers, and how it is
/// trained and judged.
public struct StudyCell: Hashable, CampaignCell {
    public let task: TemporalTask
    public let model: CandidateModel
    /// Spikes of the population a step, on average; nil for no limit.
    public let spikeBudget: Double?
    public let seed: UInt64
    public let recipe: StudyRecipe

    public init(
        task: TemporalTask, model: CandidateModel, spikeBudget: Double? = nil, seed: UInt64,
        recipe: StudyRecipe
    ) {
        self.task = task
        self.model = model
        self.spikeBudget = spikeBudget
        self.seed = seed
        self.recipe = recipe
    }

    public var name: String {
        "\(model.name) on \(task.name), size \(recipe.referenceNeuronCount), "
            + "budget \(StudyReport.text(budget: spikeBudget)), seed \(seed)"
    }

    private enum CodingKeys: String, CodingKey {
        case task, model, gates, spikeBudget, seed, recipe, release
    }

    /// Cells of earlier releases, in which the same names of models stood for other training, are others.
    private static let release = 2

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(task.name, forKey: .task)
        try container.encode(model.name, forKey: .model)
        // A file may be another tomorrow.
        try container.encodeIfPresent(model.gatesOfFile, forKey: .gates)
        try container.encode(spikeBudget, forKey: .spikeBudget)
        try container.encode(seed, forKey: .seed)
        try container.encode(recipe, forKey: .recipe)
        try container.encode(Self.release, forKey: .release)
    }

    public func problem(of result: CellResult) -> String? { result.problem }

    /// The network before training, with its read-out.
    ///
    /// The gradient runs along the recorded spikes, and through what they do to the memory where the model is to be told. The trained network
    /// is a function of the cell.
    ///
    /// - Throws: `NetworkError` for a model with more than one channel.
    func trainer() throws -> Trainer {
        let inputCount = task.channels.count
        let neuronCount = model.neuronCount(
            parameters: recipe.parameterTarget(inputCount: inputCount), inputCount: inputCount)
        var network = try Network(
            inputCount: inputCount,
            populations: [Population(model: model.neuron, neuronCount: neuronCount)])
        try network.initialize(
            seed: seed, weightGain: recipe.weightGain, angleDeviation: recipe.angleDeviation)
        network.withPopulation(0) { recipe.spread(&$0) }
        let readout = LinearReadout(
            neuronCount: neuronCount, loss: .logistic,
            random: RandomStream(seed: seed, purpose: .initialization, population: 1))
        var gradients = SurrogateGradients()
        gradients.creditsOwnSpikes = model.creditsOwnSpikes
        let objective: any Objective =
            spikeBudget.map {
                BudgetedReadout(readout, SpikeBudget(spikesPerStep: $0), updateTotal: recipe.updateCount)
            } ?? readout
        return try Trainer(
            network: network, plan: recipe.plan(task), anyObjective: objective, rule: gradients, seed: seed,
            threads: 1)
    }

    /// Trains and judges the network, on the calling thread.
    public func result() throws -> CellResult {
        var trainer = try trainer()
        var curve = LossCurve(updateCount: recipe.updateCount)
        let clock = ContinuousClock()
        let duration = try clock.measure {
            _ = try trainer.trainEpoch(on: recipe.samples(of: task)) { curve.add($0) }
        }
        let evaluation = try TaskScore(trainer, on: task, trialCount: recipe.evaluationTrialCount)
        let neuronCount = trainer.network.outputCount
        return CellResult(
            task: task.name, model: model.name, spikeBudget: spikeBudget, seed: seed,
            size: recipe.referenceNeuronCount, stepCount: task.stepCount, neuronCount: neuronCount,
            parameterCount: model.parameterCount(
                neuronCount: neuronCount, inputCount: task.channels.count),
            accuracy: evaluation.accuracy, spikesPerTrial: evaluation.spikesPerTrial,
            loss: evaluation.loss, trainingLosses: curve.means, trainingSeconds: duration / .seconds(1))
    }
}

/// What came of one cell.
public struct CellResult: Sendable, Hashable, Codable {
    public var task: String
    public var model: String
    /// Spikes of the population a step that training allowed; nil for no limit.
    public var spikeBudget: Double?
    public var seed: UInt64
    /// Neurons that an `exchange` network of as many parameters has.
    public var size: Int
    /// Time steps of a trial.
    public var stepCount: Int
    public var neuronCount: Int
    /// Trainable numbers, readout included.
    public var parameterCount: Int
    /// Share of right answers to new trials, whatever they cost, 0…1.
    public var accuracy: Double
    /// Spikes of the population in a new trial, over all steps.
    public var spikesPerTrial: Double
    /// Cross-entropy of the answers to new trials, nats.
    public var loss: Double
    /// The same in training, price of spikes left out: its mean over each eighth of the updates.
    public var trainingLosses: [Double]
    public var trainingSeconds: Double

    enum CodingKeys: String, CodingKey {
        case task, model, seed, size, accuracy, loss
        case spikeBudget, trainingLosses
        case stepCount = "steps"
        case neuronCount = "neurons"
        case parameterCount = "parameters"
        case spikesPerTrial
        case trainingSeconds
    }

    /// The share of right answers that the budget pays for, 0…1.
    ///
    /// Training holds the budget by a price, which not every network obeys. One that fires S spikes a step on a budget of
    /// B < S may answer only the share B/S of the trials, drawn at random; on the others it is switched off and guesses.
    /// So the budget is exact, and a network that ignores it gains nothing.
    public var accuracyWithinBudget: Double {
        guard let spikeBudget else { return accuracy }
        let affordable = min(spikeBudget * Double(stepCount) / max(spikesPerTrial, 1e-9), 1)
        return 0.5 + (accuracy - 0.5) * affordable
    }

    /// What cannot be in a result, nil if nothing.
    var problem: String? {
        if !(0...1).contains(accuracy) { return "accuracy: found \(accuracy), expected 0 to 1" }
        for (name, count) in [
            ("size", size), ("steps", stepCount), ("neurons", neuronCount), ("parameters", parameterCount),
        ]
        where count < 1 {
            return "\(name): found \(count), expected at least 1"
        }
        for (name, amount) in [("spikes_per_trial", spikesPerTrial), ("training_seconds", trainingSeconds)]
        where !(amount >= 0 && amount.isFinite) {
            return "\(name): found \(amount), expected a number of at least 0"
        }
        return loss.isFinite ? nil : "loss: found \(loss), expected a finite number"
    }
}
