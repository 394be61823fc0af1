import CommandParsing
import Neurons
import QuantumCircuits

/// The options that choose a circuit and its numbers.
extension ParsedArguments {
    static let circuitOptions: [ArgumentDescription] = [
        .option(
            name: "io-qubits", value: "N", help: "Input-output qubits, one for each channel.",
            default: "1, or the file's own"),
        .option(
            name: "memory-qubits", value: "M", help: "Memory qubits.", default: "1, or the file's own"),
    ]

    /// The circuit of a catalogue name or gate-list file, with the numbers of qubits asked for.
    func circuit(_ nameOrPath: String) throws -> Circuit {
        let ansatz = try Self.ansatz(nameOrPath)
        let counts = 0...Circuit.maximumQubitCount
        return try ansatz.circuit(
            ioQubits: integer("io-qubits", in: counts), memoryQubits: integer("memory-qubits", in: counts))
    }

    /// The circuit of a catalogue name or gate-list file; that a word is the name of a model is said.
    static func ansatz(_ nameOrPath: String) throws -> Ansatz {
        guard let model = try? NeuronModels.type(of: nameOrPath) else { return try Ansatz.load(nameOrPath) }
        throw UsageError.invalidValue(
            argument: "CIRCUIT", found: nameOrPath,
            expected: "a circuit, not a model of neurons"
                + (model is any CircuitNeuron.Type ? "" : ", and this one has none")
                + "; name one of the catalogue, such as exchange, or a gate list")
    }

    /// Different numbers separated by commas; nil if the option is not given.
    func differentNumbers(
        _ name: String, in range: ClosedRange<Double> = Self.finiteNumbers
    ) throws -> [Double]? {
        try list(name) {
            try number(
                $0[...], option: name, in: range, expected: "numbers\(Self.words(range)) separated by commas")
        }
    }

    /// Numbers separated by commas, each in a range; nil if the option is not given.
    func numbers(
        _ name: String, in range: ClosedRange<Double> = Self.finiteNumbers
    ) throws -> [Double]? {
        try string(name).map { text in
            try text.split(separator: ",", omittingEmptySubsequences: false).map {
                try number(
                    $0, option: name, in: range, expected: "numbers\(Self.words(range)) separated by commas")
            }
        }
    }

    /// The values of trainable angles; nil if the option is not given.
    func angles() throws -> [Double]? { try numbers("angles", in: Circuit.angleRange) }

    /// Steps separated by commas, the channels of a step by colons; nil if the option is not given.
    func currents(_ name: String, channels: Int) throws -> [[Double]]? {
        try string(name).map { text in
            try text.split(separator: ",", omittingEmptySubsequences: false).map { step in
                let expected =
                    "steps separated by commas, with \(channels) numbers\(Self.words(Circuit.currentRange)) each separated by colons"
                let values = try step.split(separator: ":", omittingEmptySubsequences: false).map {
                    try number($0, option: name, in: Circuit.currentRange, expected: expected)
                }
                guard values.count == channels else {
                    throw UsageError.invalidValue(
                        argument: "--\(name)", found: String(step), expected: expected)
                }
                return values
            }
        }
    }

    static let finiteNumbers = -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude

    private static func words(_ range: ClosedRange<Double>) -> String {
        range == finiteNumbers ? "" : " from \(Int(range.lowerBound)) to \(Int(range.upperBound))"
    }

    private func number(
        _ text: Substring, option: String, in range: ClosedRange<Double>, expected: String
    ) throws -> Double {
        guard let value = Double(text), range.contains(value) else {
            throw UsageError.invalidValue(argument: "--\(option)", found: String(text), expected: expected)
        }
        return value
    }
}
