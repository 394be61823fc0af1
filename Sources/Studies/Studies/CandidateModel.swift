import DeviceNoise
import Networks
import Neurons
import QuantumCircuits

/// A neuron that takes part in the study, and how many of them a network gets.
public struct CandidateModel: Sendable, Hashable {
    /// What the model is called in commands and tables: a circuit, `NAME@M` with M memory qubits, or the path of its gate list; or a control.
    public let name: String
    public var neuron: any NeuronModel { storedNeuron.model }
    private let storedNeuron: AnyNeuronModel
    /// Whether a spike is told what it does to its own neuron's memory.
    public let creditsOwnSpikes: Bool
    /// Whether nothing of its memory is quantum: the controls that a claim about quantum memory must beat.
    public let isControl: Bool

    /// The models of the study: with two memory qubits credit and dephasing take ten times as long, and are left to be asked for.
    public static let catalogueNames =
        ["exchange", "exchange+credit", "exchange@2"]
        + [
            "exchange+dephased", "hidden-bit", "hidden-states-2", "coherent-states-2", "hidden-states-4",
            "last-spike-feedback", "last-spike-feedback-4",
        ].flatMap { [$0, $0 + creditSuffix] } + ["memoryless"]

    private static let creditSuffix = "+credit"

    /// The model of that name.
    ///
    /// `memoryless` is the circuit `exchange` with its memory put back to |0⟩ at every step; `hidden-bit` is `HiddenBit`, `hidden-states-K` and `coherent-states-K` are
    /// `HiddenStates` that measure their input before or with the outcome; `+dephased` dephases all memory qubits after every step in the
    /// computational basis, `+dephased-D` in the one that is turned by D degrees from Z to Y, in whose plane the memories of real circuits
    /// lie, `+dephased-x` in that of X, at right angles to the plane, and `+dephased-best` in whichever `bases` does best in a search. What has a `/`
    /// or ends in `.json` is the path of a gate list.
    ///
    /// - Throws: ``StudyError/unknownModel(_:reason:)``.
    public static func named(_ name: String) throws(StudyError) -> CandidateModel {
        var words = name.split(separator: "+", omittingEmptySubsequences: false).map(String.init)
        let isCredited = words.count > 1 && words.last == String(creditSuffix.dropFirst())
        if isCredited { words.removeLast() }
        do {
            let dephasing = words.count > 1 ? try dephasing(words.removeLast(), name) : nil
            guard words.count == 1 else {
                throw StudyError.unknownModel(name, reason: "found more after '+' than there is")
            }
            let neuron = try neuron(words[0], name)
            guard let quantum = neuron as? SQS else {
                guard dephasing == nil else {
                    throw StudyError.unknownModel(name, reason: "found nothing to be dephased")
                }
                return CandidateModel(name, neuron, isCredited: isCredited, isControl: true)
            }
            var noise = NoiseParameters()
            noise.memoryDephasing = dephasing
            // Credit wants the density matrix.
            return CandidateModel(
                name,
                dephasing == nil && !isCredited
                    ? quantum : SQS(quantum.stepCircuit, noise: try NoiseModel(noise)),
                isCredited: isCredited, isControl: dephasing != nil)
        } catch let error as StudyError {
            throw error
        } catch {
            throw StudyError.unknownModel(name, reason: "\(error)")
        }
    }

    private init(_ name: String, _ neuron: any NeuronModel, isCredited: Bool, isControl: Bool) {
        self.name = name
        storedNeuron = AnyNeuronModel(neuron)
        creditsOwnSpikes = isCredited
        self.isControl = isControl
    }

    private static func neuron(_ base: String, _ name: String) throws -> any NeuronModel {
        /// The number behind a word.
        func number(_ word: String) throws -> Int? {
            guard base.hasPrefix(word + "-") else { return nil }
            guard let number = Int(base.dropFirst(word.count + 1)) else {
                throw StudyError.unknownModel(name, reason: "found no number behind '\(word)-'")
            }
            return number
        }
        if base == "memoryless" { return MemorylessSQS(try Ansatz.exchange.circuit()) }
        if base == HiddenBit.kind { return HiddenBit() }
        if base == LastSpikeFeedback.kind { return LastSpikeFeedback() }
        if let history = try number(LastSpikeFeedback.kind) { return try LastSpikeFeedback(history: history) }
        if let count = try number("hidden-states") { return try HiddenStates(stateCount: count) }
        if let count = try number("coherent-states") {
            return try HiddenStates(stateCount: count, embedding: .coherent)
        }
        if isPath(base) { return SQS(try Ansatz.load(base).circuit()) }
        let parts = base.split(separator: "@", omittingEmptySubsequences: false)
        let ansatz = try Ansatz.named(String(parts.first ?? ""))
        guard parts.count == 1 || parts.count == 2 && (1...6).contains(Int(parts[1]) ?? 0) else {
            throw StudyError.unknownModel(
                name, reason: "found no number of memory qubits from 1 to 6 after '@'")
        }
        return SQS(try ansatz.circuit(memoryQubits: parts.count == 2 ? Int(parts[1]) : nil))
    }

    /// Degrees from Z to Y of the bases that ``variants`` have; the opposite of one is the same.
    static let bases = [0, 30, 60, 90, 120, 150]

    /// The models that a search is to choose from: of `+dephased-best` one for each basis.
    ///
    /// - Throws: ``StudyError/unknownModel(_:reason:)``.
    public var variants: [CandidateModel] {
        get throws(StudyError) {
            let best = "+dephased-best"
            guard name.contains(best) else { return [self] }
            var models: [CandidateModel] = []
            for degrees in Self.bases {
                // The computational basis is that of the twin without a basis.
                let word = degrees == 0 ? "+dephased" : "+dephased-\(degrees)"
                models.append(try .named(name.replacing(best, with: word, maxReplacements: 1)))
            }
            return models
        }
    }

    private static func dephasing(_ word: String, _ name: String) throws -> MemoryDephasing {
        if word == "dephased" || word == "dephased-best" { return MemoryDephasing(strength: 1) }
        if word == "dephased-x" { return MemoryDephasing(strength: 1, polar: .pi / 2) }
        guard word.hasPrefix("dephased-"), let degrees = Double(word.dropFirst(9)), degrees.isFinite else {
            throw StudyError.unknownModel(name, reason: "found '+\(word)'")
        }
        return MemoryDephasing(strength: 1, polar: degrees * .pi / 180, azimuth: .pi / 2)
    }

    private static func isPath(_ base: some StringProtocol) -> Bool {
        base.contains("/") || base.hasSuffix(".json")
    }

    /// The gates of a file; nil where the name says all.
    var gatesOfFile: [Gate]? {
        guard let base = name.split(separator: "+").first, Self.isPath(base) else { return nil }
        return (neuron as? SQS)?.stepCircuit.gates
    }

    /// Trainable numbers of one neuron: input weights, its own parameters, and its weight in the readout.
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
