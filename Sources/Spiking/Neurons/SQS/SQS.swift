import Compute
import DeviceNoise
import QuantumCircuits

/// The stochastic quantum spiking neuron, (4)–(8) of arXiv:2506.21324: a circuit whose input-output qubits are measured
/// once a step, and whose memory qubits never are; on a device with noise or without.
public struct SQS: CircuitNeuron, TracedModel {
    public typealias TraceCase = NeuronTrace.Case

    public static let kind = "sqs"

    /// V(θ), (4).
    public let stepCircuit: Circuit
    /// The noise of the device that the neuron runs on; nil for one without.
    public let noise: NoiseModel?

    public init(_ circuit: Circuit) { self.init(circuit, noise: nil) }

    public init(_ circuit: Circuit, noise: NoiseModel?) {
        stepCircuit = circuit
        self.noise = noise
    }

    /// Memory qubits M_q of a neuron in a network.
    public static let memoryQubitCounts = 0...6

    public var title: String { "\(Self.kind) (\(stepCircuit.name))" }
    public var channelCount: Int { stepCircuit.ioQubits }
    public var circuit: Circuit? { stepCircuit }
    public var parameterGroups: [ParameterGroup] { stepCircuit.parameterGroups }
    public var memoryNames: [String] { stepCircuit.blochNames }

    public func check(neuronCount: Int) throws {
        try stepCircuit.checkMemoryQubits()
        try checkNoise(neuronCount: neuronCount)
    }

    public func reference(_ parameters: [Double]) throws -> any ReferenceDynamics {
        try DensityMatrixReference(
            circuit: stepCircuit, angles: parameters, forgets: false, noise: noise ?? .none)
    }

    public func engineSize(stepCount: Int) -> EngineSize {
        noise.map { NoisySQSEngine.size(stepCircuit, $0, stepCount: stepCount) }
            ?? SQSEngine.size(stepCircuit, stepCount: stepCount)
    }

    public func engine(_ instructionSet: InstructionSet) -> any NeuronEngine {
        if let noise { return NoisySQSEngine(stepCircuit, noise, instructionSet) }
        return SQSEngine(stepCircuit, forgets: false, instructionSet)
    }
}

/// The stochastic quantum spiking neuron with its memory put back to |0…0⟩ at every step: the control without memory.
public struct MemorylessSQS: CircuitNeuron {
    public static let kind = "memoryless"

    public let stepCircuit: Circuit

    public init(_ circuit: Circuit) { stepCircuit = circuit }

    public var title: String { "\(Self.kind) (\(stepCircuit.name))" }
    public var channelCount: Int { stepCircuit.ioQubits }
    public var circuit: Circuit? { stepCircuit }
    public var parameterGroups: [ParameterGroup] { stepCircuit.parameterGroups }

    public func check(neuronCount: Int) throws { try stepCircuit.checkMemoryQubits() }

    public func reference(_ parameters: [Double]) throws -> any ReferenceDynamics {
        try DensityMatrixReference(circuit: stepCircuit, angles: parameters, forgets: true)
    }

    public func engineSize(stepCount: Int) -> EngineSize {
        SQSEngine.size(stepCircuit, stepCount: stepCount)
    }

    public func engine(_ instructionSet: InstructionSet) -> any NeuronEngine {
        SQSEngine(stepCircuit, forgets: true, instructionSet)
    }
}

extension Circuit {
    fileprivate var parameterGroups: [ParameterGroup] {
        parameterCount > 0 ? [.angles(parameterCount)] : []
    }

    /// ⟨X⟩, ⟨Y⟩, ⟨Z⟩ of each memory qubit.
    fileprivate var blochNames: [String] {
        (0..<memoryQubits).flatMap { qubit in ["x", "y", "z"].map { "memory_\(qubit)_\($0)" } }
    }

    fileprivate func checkMemoryQubits() throws {
        let counts = SQS.memoryQubitCounts
        guard counts.contains(memoryQubits) else {
            throw NeuronError.analysis(
                problem: "found \(memoryQubits) memory qubits, expected \(counts.lowerBound) to "
                    + "\(counts.upperBound); choose a smaller circuit")
        }
    }
}
