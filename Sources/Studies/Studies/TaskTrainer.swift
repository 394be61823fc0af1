import Compute
import Learning
import SpikeTrains
import Networks
import Neurons

/// One population, trained on one task by straight-through gradients through time.
///
/// The gradient runs along the recorded spikes; for `last-spike-feedback` it also runs through the neuron's own spikes
/// (``OwnSpikeCredit``), which are all the memory it has.
///
/// Every trial of training is new. All random numbers come from the seed: the trained network is a function of task,
/// model, budget, recipe and seed.
public struct TaskTrainer: Sendable {
    public let task: TemporalTask
    public let recipe: StudyRecipe
    public let seed: UInt64
    public private(set) var network: Network
    private var readout: LogisticReadout
    private var budget: SpikeBudget?

    /// How a network does on new trials.
    public struct Evaluation: Sendable, Hashable {
        /// Share of right answers, 0…1.
        public let accuracy: Double
        /// Spikes of the population in a trial, over all steps.
        public let spikesPerTrial: Double
        /// Cross-entropy, nats an answer.
        public let loss: Double
    }

    /// Where trials and measurements of training and of evaluation come from, so that they never share a number.
    private enum Phase: Int {
        case training = 0
        case evaluation = 1
    }

    /// - Parameters:
    ///   - spikeBudget: spikes of the population a step, on average; nil for no limit.
    /// - Throws: `NetworkError` for a model with more than one channel.
    public init(
        task: TemporalTask, model: CandidateModel, spikeBudget: Double? = nil, recipe: StudyRecipe,
        seed: UInt64
    ) throws {
        let inputCount = task.channels.count
        let neuronCount = model.neuronCount(
            parameters: recipe.parameterTarget(inputCount: inputCount), inputCount: inputCount)
        var network = try Network(
            inputCount: inputCount,
            populations: [Population(model: model.neuron, neuronCount: neuronCount)])
        try network.initialize(
            seed: seed, weightGain: recipe.weightGain, angleDeviation: recipe.angleDeviation)
        let readout = LogisticReadout(
            neuronCount: neuronCount,
            random: RandomStream(seed: seed, purpose: .initialization, population: 1))
        self.init(task: task, network: network, readout: readout, recipe: recipe, seed: seed)
        budget = spikeBudget.map(SpikeBudget.init)
    }

    init(
        task: TemporalTask, network: Network, readout: LogisticReadout, recipe: StudyRecipe, seed: UInt64
    ) {
        self.task = task
        self.network = network
        self.readout = readout
        self.recipe = recipe
        self.seed = seed
    }

    /// Does all updates.
    public mutating func train() {
        let simulator = simulator()
        var state = OptimizerState(.adam(), network: network)
        for update in 0..<recipe.updateCount { train(update: update, simulator, &state) }
    }

    private func simulator() -> NetworkSimulator {
        NetworkSimulator(network, stepCount: task.stepCount, parallelism: Parallelism(threadCount: 1))
    }

    private mutating func train(
        update: Int, _ simulator: NetworkSimulator, _ state: inout OptimizerState
    ) {
        let indices = update * recipe.batchSize..<(update + 1) * recipe.batchSize
        let trials = run(indices, phase: .training, simulator)
        let raster = simulator.outputRaster
        var errors = [Float](repeating: 0, count: raster.rowCount * raster.neuronCount)
        readout.reverse(
            raster, answers: trials.answers, targetSteps: task.targetSteps, errors: &errors)
        if let slope = budget?.slope(
            spikesPerStep: Double(raster.spikeCount) / Double(raster.rowCount), rowCount: raster.rowCount,
            progress: Double(update) / Double(recipe.updateCount)), slope != 0
        {
            for index in errors.indices { errors[index] += Float(slope) }
        }
        OwnSpikeCredit(network)?.add(to: &errors, input: trials.input)
        let rate =
            recipe.learningRate
            * LearningRateSchedule.cosine.factor(update: update, of: recipe.updateCount)
        state.updateCount += 1
        let receiver = ParameterUpdate(
            &network, &state, optimizer: .adam(), learningRate: rate, angleRateFactor: 1, gradientScale: 1,
            kernels: InstructionSet.current.kernels)
        withExtendedLifetime(state) {
            _ = simulator.reverse(
                network, outputErrors: .perStep(errors), surrogate: .straightThrough, regularization: 0,
                receiver: receiver)
        }
        readout.update(rate: rate)
    }

    /// Judges the network by trials that training never sees.
    public func evaluate() -> Evaluation {
        let simulator = simulator()
        let batchSize = 500
        var (rightCount, answerCount, spikeCount, loss) = (0, 0, 0, 0.0)
        for first in stride(from: 0, to: recipe.evaluationTrialCount, by: batchSize) {
            let indices = first..<min(first + batchSize, recipe.evaluationTrialCount)
            let trials = run(indices, phase: .evaluation, simulator)
            let raster = simulator.outputRaster
            let response = readout.respond(
                to: raster, answers: trials.answers, targetSteps: task.targetSteps)
            rightCount += response.rightCount
            answerCount += trials.answers.count
            spikeCount += raster.spikeCount
            loss += response.loss * Double(trials.answers.count)
        }
        return Evaluation(
            accuracy: Double(rightCount) / Double(answerCount),
            spikesPerTrial: Double(spikeCount) / Double(recipe.evaluationTrialCount),
            loss: loss / Double(answerCount))
    }

    private func run(_ indices: Range<Int>, phase: Phase, _ simulator: NetworkSimulator)
        -> TemporalTask.Trials
    {
        let random = RandomStream(seed: seed, purpose: .encoding, epoch: phase.rawValue)
        let trials = task.trials(indices, random: random)
        simulator.compile(network)
        simulator.run(
            network, input: trials.input, sampleIndices: Array(indices), seed: seed, epoch: phase.rawValue)
        return trials
    }
}
