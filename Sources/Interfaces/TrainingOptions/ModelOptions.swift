import Baselines
import CommandParsing
import Files
import Neurons
import QuantumCircuits

/// The options that choose a model and its settings.
package enum ModelOptions {
    /// Of neurons alone.
    package static let ofNeurons = arguments(
        NeuronModels.kinds, help: "Neuron of all layers", settings: neuronSettings)
    /// Of everything that can be trained.
    package static let ofAll = arguments(
        NeuronModels.kinds + [QNN.kind],
        help: "Neuron of all layers, or a model without spikes (\(QNN.kind))",
        settings: neuronSettings + ofQNN)

    private static func arguments(_ kinds: [String], help: String, settings: [ArgumentDescription])
        -> [ArgumentDescription]
    {
        [
            .option(
                name: "model", value: "KIND", help: "\(help): \(kinds.joined(separator: ", ")).",
                default: "sqs",
                suggestions: kinds),
            .option(
                name: "ansatz", value: "NAME|FILE",
                help: "Circuit of the neuron: catalogue name or JSON gate list.", default: "exchange",
                suggestions: Ansatz.catalogue.map(\.name)),
            .option(
                name: "memory-qubits", value: "M", help: "Memory qubits of each neuron, 0 to 6.",
                default: "1, or the file's own"),
        ] + settings
    }

    /// Names of all options here.
    package static let names = ofAll.map(\.name)

    /// Of a QNN alone.
    package static let ofQNN: [ArgumentDescription] = QNN.settings.map { setting in
        .option(
            name: option(setting), value: setting.placeholder, help: "Of model \(QNN.kind): \(setting.help)",
            default: setting.standard)
    }

    /// Every setting once, with what it is in each model that has it.
    private static let neuronSettings: [ArgumentDescription] = {
        var uses: [(setting: ModelSetting, help: [String], standards: [String])] = []
        for type in NeuronModels.all {
            for setting in type.settings {
                let help = "Of model \(type.kind): \(setting.help)"
                let standard = "\(setting.standard) (\(type.kind))"
                if let index = uses.firstIndex(where: { $0.setting.name == setting.name }) {
                    uses[index].help.append(help)
                    uses[index].standards.append(standard)
                } else {
                    uses.append((setting, [help], [standard]))
                }
            }
        }
        return uses.map { setting, help, standards in
            .option(
                name: option(setting), value: setting.placeholder, help: help.joined(separator: " "),
                default: standards.count == 1 ? setting.standard : standards.joined(separator: ", "))
        }
    }()

    private static func option(_ setting: ModelSetting) -> String {
        setting.name.split(separator: "_").joined(separator: "-")
    }

    /// A neuron with what was asked for in place of its own.
    ///
    /// - Throws: `UsageError` for an unknown model, options that the model does not have, and values that it does not take.
    package static func neuron(_ arguments: ParsedArguments, over base: any NeuronModel) throws
        -> any NeuronModel
    {
        let kind = arguments.string("model") ?? base.kind
        guard let type = try? NeuronModels.type(of: kind) else {
            throw UsageError.invalidValue(
                argument: "--model", found: kind,
                expected: "one of " + NeuronModels.kinds.joined(separator: ", ")
                    + spellingHint(kind, among: NeuronModels.kinds))
        }
        try refuseSettings(neuronSettings, beside: kind, with: type.settings, arguments)
        guard let circuitNeuron = type as? any CircuitNeuron.Type else {
            for name in ["ansatz", "memory-qubits"] where arguments.isGiven(name) {
                throw UsageError.contradiction("--\(name) beside model \(kind), which has no circuit")
            }
            return try model(type, arguments, over: base.kind == kind ? base : nil)
        }
        guard arguments.isGiven("ansatz") || arguments.isGiven("memory-qubits") || base.circuit == nil else {
            return base.kind == kind ? base : base.circuit.map { circuitNeuron.init($0) } ?? base
        }
        let ansatz = try Ansatz.load(
            arguments.string("ansatz", default: base.circuit?.name ?? Ansatz.exchange.name))
        return circuitNeuron.init(
            try ansatz.circuit(
                ioQubits: nil, memoryQubits: arguments.integer("memory-qubits", in: SQS.memoryQubitCounts)))
    }

    /// The QNN that was asked for, or that of `base`, with what was asked for in place of its own; nil where a neuron model is.
    ///
    /// - Throws: `UsageError` for options that it does not have, and values that it does not take.
    package static func qnn(_ arguments: ParsedArguments, over base: QNN?) throws -> QNN? {
        let kind = arguments.string("model")
        guard kind == QNN.kind || (kind == nil && base != nil) else {
            try refuseSettings(ofQNN, beside: kind ?? "sqs", with: [], arguments)
            return nil
        }
        try refuseSettings(neuronSettings, beside: QNN.kind, with: QNN.settings, arguments)
        for name in ["ansatz", "memory-qubits"] where arguments.isGiven(name) {
            throw UsageError.contradiction("--\(name) beside model \(QNN.kind), which has no neurons")
        }
        let fields = try base.map { try JSONDocument.fields(of: $0) } ?? [:]
        return try decoded(QNN.self, QNN.kind, fields, QNN.settings, arguments)
    }

    /// The QNN that the options of ``ofQNN`` describe.
    package static func qnn(_ arguments: ParsedArguments) throws -> QNN {
        try decoded(QNN.self, QNN.kind, [:], QNN.settings, arguments)
    }

    private static func refuseSettings(
        _ arguments: [ArgumentDescription], beside kind: String, with own: [ModelSetting],
        _ given: ParsedArguments
    ) throws(UsageError) {
        let own = own.map(option)
        for name in arguments.map(\.name) where given.isGiven(name) && !own.contains(name) {
            throw UsageError.contradiction("--\(name) beside model \(kind), which has no such setting")
        }
    }

    /// A model made of its own fields: those of `base`, and those given.
    private static func model(
        _ type: any NeuronModel.Type, _ arguments: ParsedArguments, over base: (any NeuronModel)?
    ) throws -> any NeuronModel {
        let fields = try base.map { try JSONDocument.fields(of: $0) } ?? [:]
        return try decoded(type, type.kind, fields, type.settings, arguments)
    }

    /// A model from its fields, those that were given in place of its own.
    private static func decoded<Model: Decodable>(
        _ type: Model.Type, _ kind: String, _ own: [String: String], _ settings: [ModelSetting],
        _ arguments: ParsedArguments
    ) throws -> Model {
        var fields = own
        for setting in settings {
            guard let text = arguments.string(option(setting)) else { continue }
            let isLiteral = Double(text) != nil || ["true", "false"].contains(text)
            fields[setting.name] =
                isLiteral ? text : String(decoding: try JSONDocument.encode(text), as: UTF8.self)
        }
        let object = "{" + fields.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",") + "}"
        do throws(JSONDocument.Problem) {
            return try JSONDocument.decode(type, from: Array(object.utf8))
        } catch {
            throw UsageError.contradiction("model \(kind): \(error.text)")
        }
    }
}
