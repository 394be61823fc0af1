import DeviceNoise
import CommandParsing
import Files
import QuantumCircuits
import Neurons
import Studies
import TrainingOptions

/// The neurons that a command compares: circuits, each with one or several numbers of memory qubits, and controls.
struct NeuronSelection {
    struct Neuron {
        let name: String
        let model: any NeuronModel

        /// The name, with the number of memory qubits where several are compared.
        func label(among neurons: [Neuron]) -> String {
            let isAlone = neurons.allSatisfy { $0.name != name || $0.model.isSame(as: model) }
            return isAlone ? name : "\(name) \(model.memoryQubits)"
        }
    }

    static let options: [ArgumentDescription] = [
        .option(
            name: "io-qubits", value: "N", help: "Input-output qubits, one for each channel.",
            default: "1, or the file's own"),
        .option(
            name: "memory-qubits", value: "M[,M…]", help: "Memory qubits; several are compared.",
            default: "1, or the file's own"),
        .option(
            name: "angles", value: "A,A,…", help: "Angles in radians, for one circuit.",
            default: "random, -pi to pi"),
        NoiseOptions.noise, NoiseOptions.scale,
    ]
    static let positional = ArgumentDescription.positional(
        name: "circuit",
        help:
            "Catalogue name, layered-L, JSON gate list, or a classical twin as in study memory; default: the catalogue.",
        optional: true, repeating: true,
        suggestions: Ansatz.catalogue.map(\.name) + controls)

    /// Models that are named in place of a circuit.
    private static let controls = [
        LastSpikeFeedback.kind, MemorylessSQS.kind, "hidden-states-2", "coherent-states-2",
        "exchange+dephased",
    ]

    /// A classical twin by its name, nil for other names.
    private static func control(_ name: String, ioQubits: Int?) throws -> (any NeuronModel)? {
        if name == MemorylessSQS.kind {
            return MemorylessSQS(try Ansatz.exchange.circuit(ioQubits: ioQubits))
        }
        let prefixes = [LastSpikeFeedback.kind, "hidden-states-", "coherent-states-"]
        guard name.contains("+dephased") || prefixes.contains(where: name.hasPrefix) else { return nil }
        return try CandidateModel.named(name).neuron
    }

    let neurons: [Neuron]
    /// Nil for random ones.
    let angles: [Double]?
    /// Nil for none.
    let noise: NoiseModel?
    /// What the noise is called in reports; nil for none.
    let noiseName: String?

    init(_ arguments: ParsedArguments) throws {
        let given = arguments.positionals("circuit")
        let names = given.isEmpty ? Ansatz.catalogue.map(\.name) : given
        let memoryQubits = try arguments.integers("memory-qubits", in: 0...Circuit.maximumQubitCount)
        let ioQubits = try arguments.integer("io-qubits", in: 0...Circuit.maximumQubitCount)
        neurons = try names.flatMap { name -> [Neuron] in
            if let control = try Self.control(name, ioQubits: ioQubits) {
                return [Neuron(name: name, model: control)]
            }
            let ansatz = try ParsedArguments.ansatz(name)
            return try (memoryQubits?.map(Optional.some) ?? [nil]).map { count in
                let circuit = try ansatz.circuit(ioQubits: ioQubits, memoryQubits: count)
                return Neuron(name: circuit.name, model: SQS(circuit))
            }
        }
        noise = try NoiseOptions.model(arguments)
        let scale = try arguments.number("noise-scale")
        noiseName = arguments.string("noise").map { name in
            scale.map { "\(name) × \(String(printf: "%g", $0))" } ?? name
        }
        angles = try arguments.angles()
        guard let angles else { return }
        guard neurons.count == 1 else {
            throw UsageError.invalidValue(
                argument: "--angles", found: "angles for \(neurons.count) neurons",
                expected: "a single circuit beside it")
        }
        guard angles.count == neurons[0].model.parameterCount else {
            throw UsageError.invalidValue(
                argument: "--angles", found: "\(angles.count) numbers",
                expected: "\(neurons[0].model.parameterCount), one for each angle of '\(neurons[0].name)'")
        }
    }

    var labels: [String] { neurons.map { $0.label(among: neurons) } }

    /// The neuron on the noisy device; the control without qubits has no noise.
    func underNoise(_ model: any NeuronModel) throws -> any NeuronModel {
        guard var parameters = noise?.parameters else { return model }
        // A twin stays one.
        parameters.memoryDephasing = (model as? SQS)?.noise?.parameters.memoryDephasing
        return model.running(on: try NoiseModel(parameters)) ?? model
    }
}

extension ParsedArguments {
    /// Whole numbers separated by commas, each in a range; nil if the option is not given.
    func integers(_ name: String, in range: ClosedRange<Int>) throws -> [Int]? {
        try string(name).map { text in
            try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
                guard let value = Int(part), range.contains(value) else {
                    throw UsageError.invalidValue(
                        argument: "--\(name)", found: String(part),
                        expected:
                            "whole numbers from \(range.lowerBound) to \(range.upperBound) separated by commas"
                    )
                }
                return value
            }
        }
    }
}
