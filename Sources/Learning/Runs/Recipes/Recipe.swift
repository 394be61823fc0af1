import Learning
import LocalLearning
import QuantumCircuits
import SpikeTrains
import Networks
import Neurons

/// How intensities become spikes, as a recipe names it.
public enum EncodingKind: String, Sendable, Hashable, Codable, CaseIterable {
    case rate, latency
}

/// Everything that decides how a network is built and trained, but for the data, the seed and the length.
///
/// Two come ready: ``standard``, found by search to be the best for its cost, and ``paper``, the settings of
/// the paper's published program.
public struct Recipe: Sendable, Hashable, Codable {
    public var name: String
    /// Time steps T.
    public var stepCount: Int
    public var epochCount: Int
    public var batchSize: Int
    /// Neurons of each hidden layer.
    public var hiddenCounts: [Int]
    /// Output neurons a class, K.
    public var neuronsPerClass: Int
    public var encoding: EncodingKind
    /// Largest firing probability of an input under rate encoding; brighter ones fire with it.
    public var intensityCeiling: Double
    public var surrogate: Surrogate
    /// `softmax` of the rates or `first-spike` of the first spikes' times, both with ``temperature``, or (S9) with ``rateFloor``.
    public var loss: LossKind
    public var temperature: Double
    public var rateFloor: Double
    /// `adam`, or `sgd` with ``momentum``.
    public var optimizer: OptimizerKind
    public var momentum: Double
    public var learningRate: Double
    /// Factor on the learning rate of the angles.
    public var angleRateFactor: Double
    public var schedule: LearningRateSchedule
    /// Largest Euclidean norm of a batch's gradient; longer ones are scaled down. nil for none.
    public var gradientNormLimit: Double?
    /// λ of the sparsity regulariser (3).
    public var regularization: Double
    /// Weights start uniform in ±`weightGain`/√(inputs).
    public var weightGain: Double
    /// Angles start normal with this mean and standard deviation, radians.
    public var angleMean: Double
    public var angleDeviation: Double
    /// Steps K of truncated backpropagation: no gradient crosses the steps K, 2 K, …; nil for none.
    public var truncation: Int? = nil
    /// What is trained; all parameters if nil.
    public var trained: TrainedParameters? = nil
    /// Means of the angles one by one, radians, in place of ``angleMean``; for circuits with as many angles.
    public var angleMeans: [Double]? = nil
    /// Whether each hidden layer has synapses from all of its neurons to all of them, a step later; not if nil.
    public var recurrent: Bool? = nil
    /// Whether a spike is told what it does to its own neuron's memory (docs/decisions/0027); not if nil.
    public var creditsOwnSpikes: Bool? = nil
    /// Of the sums over synapses; `float32` if nil, as before there was a choice.
    public var precision: SumPrecision? = nil
    /// Parts of a batch whose gradients are found one by one (`TrainingPlan.gradientShards`); one if nil.
    public var gradientShards: Int? = nil
    /// The local rule in place of surrogate gradients; of those, the surrogate, the loss, the regulariser and the truncation
    /// are then without effect.
    public var local: LocalRule? = nil

    public enum LossKind: String, Sendable, Hashable, Codable, CaseIterable {
        case softmax
        case rate = "rate-cross-entropy"
        case firstSpike = "first-spike"
    }

    public enum OptimizerKind: String, Sendable, Hashable, Codable, CaseIterable {
        case adam, sgd
    }

    /// The default: best for its cost in our search.
    public static let standard = Recipe(
        name: "standard", stepCount: 5, epochCount: 16, batchSize: 256, hiddenCounts: [1000],
        neuronsPerClass: 10, encoding: .rate, intensityCeiling: 1, surrogate: .straightThrough,
        loss: .softmax, temperature: 5, rateFloor: 0.01, optimizer: .adam, momentum: 0,
        learningRate: 1e-3, angleRateFactor: 1, schedule: .cosine, gradientNormLimit: nil,
        regularization: 0, weightGain: 1, angleMean: 0, angleDeviation: 0.1)

    /// As the paper's published program: intensity ceiling 0.5, p(1 − p) as surrogate, softmax
    /// cross-entropy of the rates themselves, one output neuron a class, Adam 5e-4, batch 256, 10 epochs.
    public static let paper = Recipe(
        name: "paper", stepCount: 5, epochCount: 10, batchSize: 256, hiddenCounts: [1000],
        neuronsPerClass: 1, encoding: .rate, intensityCeiling: 0.5, surrogate: .bernoulliVariance,
        loss: .softmax, temperature: 1, rateFloor: 0.01, optimizer: .adam, momentum: 0,
        learningRate: 5e-4, angleRateFactor: 1, schedule: .constant, gradientNormLimit: nil,
        regularization: 0, weightGain: 1, angleMean: 0, angleDeviation: 0.1)

    /// The paper's network for USPS, one layer of one neuron a class over 10 steps, by surrogate gradients.
    public static let usps = Recipe(
        name: "usps", stepCount: 10, epochCount: 8, batchSize: 100, hiddenCounts: [],
        neuronsPerClass: 1, encoding: .rate, intensityCeiling: 0.5, surrogate: .straightThrough,
        loss: .rate, temperature: 1, rateFloor: 0.01, optimizer: .adam, momentum: 0,
        learningRate: 0.01, angleRateFactor: 1, schedule: .constant, gradientNormLimit: nil,
        regularization: 0, weightGain: 1, angleMean: 0.3, angleDeviation: 0.1)

    /// The same network by the local rule.
    public static let local: Recipe = {
        var recipe = usps
        recipe.name = "local"
        recipe.local = LocalRule()
        return recipe
    }()

    /// The local rule for ten classes: five neurons a class, which seldom all fall silent, and smaller steps.
    public static let localOfTen: Recipe = {
        var recipe = local
        recipe.name = "local-ten"
        recipe.neuronsPerClass = 5
        recipe.learningRate = 0.001
        return recipe
    }()

    /// The recipes by name.
    public static let catalogue = [standard, paper, usps, local, localOfTen]

    public static let stepCounts = TrainingPlan.stepCounts
    public static let epochCounts = TrainingPlan.epochCounts
    public static let batchSizes = TrainingPlan.batchSizes
    public static let layerSizes = 1...65536
    public static let classSizes = 1...1000
    public static let learningRates = TrainingPlan.learningRates
    public static let temperatures = 1e-6...1e6
    public static let intensityCeilings = 0.0...1.0
    public static let regularizations = 0.0...1e6
    public static let gradientNormLimits = TrainingPlan.gradientNormLimits
    public static let angleMeanRange = -1e6...1e6
    public static let angleDeviations = 0.0...1e6
    public static let angleRateFactors = 0.0...1e6
    public static let weightGains = 0.0...1e6

    public var lossFunction: Loss {
        switch loss {
        case .softmax, .firstSpike: .softmaxCrossEntropy(temperature: temperature)
        case .rate: .rateCrossEntropy(floor: rateFloor)
        }
    }

    var optimizerRule: Optimizer {
        switch optimizer {
        case .adam: .adam()
        case .sgd: .gradientDescent(momentum: momentum)
        }
    }

    var encoder: any SpikeEncoder {
        switch encoding {
        case .rate: RateEncoder(checkedCeiling: intensityCeiling)
        case .latency: LatencyEncoder()
        }
    }

    /// How long and how fast it trains.
    public var plan: TrainingPlan {
        TrainingPlan(
            stepCount: stepCount, epochCount: epochCount, batchSize: batchSize, encoder: encoder,
            optimizer: optimizerRule, learningRate: learningRate, angleRateFactor: angleRateFactor,
            schedule: schedule, gradientNormLimit: gradientNormLimit, trained: trained ?? .all,
            precision: precision ?? .float32, gradientShards: gradientShards ?? 1)
    }

    /// - Parameter isOnBackend: whether a backend runs the circuits of the local rule.
    func rule(isOnBackend: Bool = false) -> any LearningRule {
        if let local { return LocalGradients(local, isOnBackend: isOnBackend) }
        var gradients = SurrogateGradients(
            surrogate: surrogate, regularization: regularization, truncation: truncation)
        gradients.creditsOwnSpikes = creditsOwnSpikes ?? false
        return gradients
    }

    /// Of the local rule the likelihood of the right class's neurons firing at every step, otherwise the loss of the rates or first spikes.
    ///
    /// - Throws: ``LearningError`` for neurons that learn by the times of their spikes, of which rates know nothing.
    func objective(_ classes: RateDecoder, for network: Network) throws -> any Objective {
        if let local { return TargetLikelihood(passCount: local.passCount, classes: classes) }
        let learnsSpikeTimes = network.populations[network.graph.outputIndex].model.learnsSpikeTimes
        if loss == .firstSpike {
            let times = try FirstSpikeDecoder(
                classCount: classes.classCount, neuronsPerClass: classes.neuronsPerClass)
            return FirstSpikeClassification(
                times, temperature: temperature, learnsSpikeTimes: learnsSpikeTimes)
        }
        if learnsSpikeTimes {
            throw LearningError.recipe(
                "loss is \(loss.rawValue), expected first-spike: the output neurons learn by the times of their spikes, "
                    + "which rates do not know")
        }
        return RateClassification(classes, loss: lossFunction)
    }

    /// The graph that this recipe trains: layer after layer.
    func graph(
        inputCount: Int, signal: InputSignal = .spikes, classCount: Int, model: any NeuronModel
    ) throws -> NetworkGraph {
        let counts = hiddenCounts + [classCount * neuronsPerClass]
        return try NetworkGraph(
            inputCount: inputCount, signal: signal, layers: counts.map { (model, $0) },
            isRecurrent: recurrent ?? false)
    }

    /// The network that this recipe trains, with its random initial parameters.
    ///
    /// - Throws: `NetworkError` for layers that cannot be, `MemoryError` where the machine has not the memory for them.
    public func network(inputCount: Int, classCount: Int, model: any NeuronModel, seed: UInt64) throws
        -> Network
    {
        try network(graph(inputCount: inputCount, classCount: classCount, model: model), seed: seed)
    }

    /// The network over a graph, with its random initial parameters.
    func network(_ graph: NetworkGraph, seed: UInt64) throws -> Network {
        var network = try Network(graph)
        try network.initialize(
            seed: seed, weightGain: weightGain, angleMean: angleMean, angleMeans: angleMeans,
            angleDeviation: angleDeviation)
        return network
    }
}
