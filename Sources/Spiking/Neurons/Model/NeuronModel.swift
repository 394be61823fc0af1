import Compute
import QuantumCircuits

/// What a neuron of a population is: one folder and one line in ``NeuronModels``.
///
/// A model is a value: what all neurons of a population have in common. What each has of its own are the
/// numbers of its `parameters`. As a `Codable` type it reads and writes the fields that are its own of the object that names
/// it, such as a population of a graph file; the field `model`, its ``kind``, is written by ``AnyNeuronModel``.
public protocol NeuronModel: Sendable, Hashable, Codable {
    /// The word that files name the model by: stable.
    static var kind: String { get }

    /// Fields of the model that a person may set, by default none: options of commands.
    static var settings: [ModelSetting] { get }

    /// What a person reads, as in `sqs (exchange)`.
    var title: String { get }

    /// Channels N: spikes that a neuron gives at each step.
    var channelCount: Int { get }

    /// Currents z that a neuron takes at each step, each by weights of its own: as many as channels, or, where spikes have one
    /// channel, any number of at least 1.
    var currentCount: Int { get }

    /// The trainable numbers of a neuron beside its weights, group by group.
    var parameterGroups: [ParameterGroup] { get }

    /// The circuit of one step, without embedding, measurement and noise; nil where no quantum device can run the neuron.
    var circuit: Circuit? { get }

    /// Shots of a circuit of its own that a neuron takes at each step to estimate what decides its spike: 0 where the spike itself
    /// is the measurement, or nothing is measured; nil where the exact value is taken, for which there is only the simulator.
    var estimationShots: Int? { get }

    /// What ``NeuronEngine/memory(_:lane:)`` tells of a neuron's memory, quantity by quantity.
    var memoryNames: [String] { get }

    /// Whether gradients move the times of the spikes that there are, and make or take none away: by default they do not.
    var learnsSpikeTimes: Bool { get }

    /// Refuses a population that cannot be simulated.
    ///
    /// - Throws: an error that says what is too large, and what to do.
    func check(neuronCount: Int) throws

    /// The neuron computed slowly, straight from the equations: the yardstick of its engine.
    ///
    /// - Parameter parameters: one for each of ``parameterCount``, group after group.
    /// - Throws: ``NeuronError/input(place:problem:)`` and its kin for numbers that do not fit.
    func reference(_ parameters: [Double]) throws -> any ReferenceDynamics

    /// Memory that the engine takes, for windows of so many steps; known without making it.
    func engineSize(stepCount: Int) -> EngineSize

    /// What simulates tiles of such neurons.
    func engine(_ instructionSet: InstructionSet) -> any NeuronEngine
}

extension NeuronModel {
    public static var settings: [ModelSetting] { [] }
    public var title: String { Self.kind }
    public var currentCount: Int { channelCount }
    public var circuit: Circuit? { nil }
    public var estimationShots: Int? { 0 }
    public var memoryNames: [String] { [] }
    public var learnsSpikeTimes: Bool { false }
    public func check(neuronCount: Int) throws {}

    /// Trainable numbers of one neuron.
    public var parameterCount: Int { parameterGroups.reduce(0) { $0 + $1.count } }

    /// The word that files name the model by.
    public var kind: String { Self.kind }

    /// Whether another model is the same.
    public func isSame(as other: any NeuronModel) -> Bool { (other as? Self) == self }
}

/// A neuron that is a circuit, and nothing but.
public protocol CircuitNeuron: NeuronModel {
    init(_ circuit: Circuit)
}

/// A field of a neuron model that a person may set.
public struct ModelSetting: Sendable, Hashable {
    /// As the model's file has it, in snake case.
    public let name: String
    /// As in `B`, or words with bars between.
    public let placeholder: String
    public let help: String
    /// What the model takes where it is left out.
    public let standard: String

    public init(_ name: String, _ placeholder: String, _ help: String, default standard: String) {
        self.name = name
        self.placeholder = placeholder
        self.help = help
        self.standard = standard
    }
}

/// Trainable numbers of a neuron that belong together.
public struct ParameterGroup: Sendable, Hashable {
    /// What files call them: the tensor `populations.N.<name>` of a checkpoint.
    public let name: String
    /// Numbers of one neuron.
    public let count: Int
    /// As in `rad`; empty for a pure number.
    public let unit: String
    /// Where training begins, where the recipe does not say it.
    public let initial: InitialLaw
    /// Where the numbers stay whatever the optimiser does; nil for anywhere.
    public let bounds: ClosedRange<Float>?

    /// How the first values of a group are drawn.
    public enum InitialLaw: Sendable, Hashable {
        /// Normal, with mean and standard deviation.
        case normal(mean: Double, deviation: Double)
        /// All the same.
        case constant(Double)

        package func draw(using random: inout some RandomNumberGenerator) -> Float {
            switch self {
            case .constant(let value): Float(value)
            case .normal(let mean, let deviation):
                Float(mean + deviation * Double.standardNormal(using: &random))
            }
        }
    }

    public init(
        _ name: String, count: Int, unit: String = "", initial: InitialLaw,
        bounds: ClosedRange<Float>? = nil
    ) {
        precondition(count > 0, "a group has numbers")
        self.name = name
        self.count = count
        self.unit = unit
        self.initial = initial
        self.bounds = bounds
    }

    /// Angles θ of a circuit, anywhere; by default drawn as the paper's program draws them.
    public static func angles(_ count: Int) -> ParameterGroup {
        ParameterGroup(
            anglesName, count: count, unit: "rad", initial: .normal(mean: 0, deviation: 0.1))
    }

    /// The name of the group of angles, whose first values a recipe may set.
    public static let anglesName = "angles"
}
