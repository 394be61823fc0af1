import CommandParsing
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
        let ansatz = try Ansatz.load(nameOrPath)
        let counts = 0...Circuit.maximumQubitCount
        return try ansatz.circuit(
            ioQubits: integer("io-qubits", in: counts), memoryQubits: integer("memory-qubits", in: counts))
    }

    /// Values separated by commas, each named once; nil if the option is not given.
    ///
    /// - Parameter read: makes a value from a word.
    /// - Throws: `UsageError` where two words name one value, which would be counted twice.
    func list<Value: Hashable>(_ name: String, _ read: (String) throws -> Value) throws -> [Value]? {
        guard let text = string(name) else { return nil }
        var values: [Value] = []
        for word in text.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
            let value = try read(word)
            guard !values.contains(value) else {
                throw UsageError.invalidValue(
                    argument: "--\(name)", found: text,
                    expected: "every value once, and \(word) is there twice")
            }
            values.append(value)
        }
        return values
    }

    /// Different numbers separated by commas; nil if the option is not given.
    func differentNumbers(_ name: String) throws -> [Double]? {
        try list(name) {
            try finiteNumber($0[...], option: name, expected: "numbers separated by commas")
        }
    }

    /// Numbers separated by commas; nil if the option is not given.
    func numbers(_ name: String) throws -> [Double]? {
        try string(name).map { text in
            try text.split(separator: ",", omittingEmptySubsequences: false).map {
                try finiteNumber($0, option: name, expected: "numbers separated by commas")
            }
        }
    }

    /// Steps separated by commas, the channels of a step by colons; nil if the option is not given.
    func currents(_ name: String, channels: Int) throws -> [[Double]]? {
        try string(name).map { text in
            try text.split(separator: ",", omittingEmptySubsequences: false).map { step in
                let expected = "steps separated by commas, with \(channels) numbers each separated by colons"
                let values = try step.split(separator: ":", omittingEmptySubsequences: false).map {
                    try finiteNumber($0, option: name, expected: expected)
                }
                guard values.count == channels else {
                    throw UsageError.invalidValue(
                        argument: "--\(name)", found: String(step), expected: expected)
                }
                return values
            }
        }
    }

    private func finiteNumber(_ text: Substring, option: String, expected: String) throws -> Double {
        guard let value = Double(text), value.isFinite else {
            throw UsageError.invalidValue(argument: "--\(option)", found: String(text), expected: expected)
        }
        return value
    }
}
