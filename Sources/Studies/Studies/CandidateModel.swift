import QuantumCircuits
import Networks
import Neurons

/// A neuron that takes part in the study, and how many of them a network gets.
public struct CandidateModel: Sendable, Hashable {
    /// What the model is called in commands and tables: a circuit, `NAME@M` with M memory qubits; or a control.
    public let name: String
    public var neuron: any NeuronModel { storedNeuron.model }
    private let storedNeuron: AnyNeuronModel

    init(name: String, neuron: any NeuronModel) {
        self.name = name
        storedNeuron = AnyNeuronModel(neuron)
    }

    /// The controls that a claim about quantum memory must beat.
    public static let controlNames = ["last-spike-feedback", "memoryless"]

    /// The models of the study.
    public static let catalogueNames =
        [
            "exchange", "exchange@2", "two-way", "partial-swap", "input-controlled-ry", "memory-controlled",
            "input-controlled",
        ] + controlNames

    /// The model of that name.
    ///
    /// `memoryless` is the circuit `exchange` with its memory put back to |0⟩ at every step.
    ///
    /// - Throws: ``StudyError/unknownModel(_:reason:)``.
    public static func named(_ name: String) throws(StudyError) -> CandidateModel {
        if name == "last-spike-feedback" { return CandidateModel(name: name, neuron: LastSpikeFeedback()) }
        do {
            if name == "memoryless" {
                return CandidateModel(name: name, neuron: MemorylessSQS(try Ansatz.exchange.circuit()))
            }
            let parts = name.split(separator: "@", omittingEmptySubsequences: false)
            let ansatz = try Ansatz.named(String(parts[0]))
            guard parts.count == 1 || parts.count == 2 && (1...6).contains(Int(parts[1]) ?? 0) else {
                throw StudyError.unknownModel(
                    name, reason: "found no number of memory qubits from 1 to 6 after '@'")
            }
            let circuit = try ansatz.circuit(memoryQubits: parts.count == 2 ? Int(parts[1]) : nil)
            return CandidateModel(name: name, neuron: SQS(circuit))
        } catch let error as StudyError {
            throw error
        } catch {
            throw StudyError.unknownModel(name, reason: "\(error)")
        }
    }

    public var isControl: Bool { Self.controlNames.contains(name) }

    /// Trainable numbers of one neuron: input weights, angles, and its weight in the readout.
    func parametersPerNeuron(inputCount: Int) -> Int { inputCount + neuron.parameterCount + 1 }

    /// Trainable numbers of a network with its readout, whose bias is the one number that no neuron has.
    public func parameterCount(neuronCount: Int, inputCount: Int) -> Int {
        neuronCount * parametersPerNeuron(inputCount: inputCount) + 1
    }

    /// Neurons with which a network comes closest to a number of trainable parameters; at least 1.
    public func neuronCount(parameters: Int, inputCount: Int) -> Int {
        let perNeuron = Double(parametersPerNeuron(inputCount: inputCount))
        return max(Int((Double(parameters - 1) / perNeuron).rounded()), 1)
    }
}
