import ErrorMitigation
import CommandParsing
import Compute
import Files
import QuantumCircuits

/// `sqsnn neuron circuit`: draws a circuit, or prints its unitary or OpenQASM 3.
struct NeuronCircuitCommand: Command {
    static let description = CommandDescription(
        name: "circuit", summary: "Draw a neuron's circuit, print its unitary or OpenQASM 3.",
        discussion: """
            Qubit 0 is the first input-output qubit and the most significant bit of the unitary's indices; the \
            memory qubits come after. The JSON of a circuit is a gate list that can be edited and given back as \
            CIRCUIT to every command that takes a circuit.
            """,
        examples: [
            Example("sqsnn neuron circuit", "Draws the default circuit."),
            Example(
                "sqsnn neuron circuit two-way --angles 0.1,0.2,0.3,0.4 --unitary", "Prints its unitary."),
            Example(
                "sqsnn neuron circuit --angles 1,2,3,4,5 --openqasm --currents 0.3,0.8",
                "Prints a program of two steps for a quantum computer."),
            Example("sqsnn neuron circuit layered-2 --json > mine.json", "Writes a gate list to edit."),
        ])
    static let arguments: [ArgumentDescription] =
        ParsedArguments.circuitOptions + [
            .option(name: "angles", value: "A,B,…", help: "Values of the trainable angles, in radians."),
            .option(
                name: "fold", value: "S",
                help: "Fold the circuit to S times its noise, as 'sqsnn neuron mitigate'."),
            .option(
                name: "folding", value: "global|all|random", help: "What --fold folds.", default: "global"),
            .option(name: "seed", value: "SEED", help: "Seed of random folding.", default: "0"),
            .flag(name: "unitary", help: "Print the matrix; needs --angles."),
            .flag(name: "openqasm", help: "Print OpenQASM 3; angles and currents not given become inputs."),
            .option(
                name: "currents", value: "Z,Z,…",
                help: "Currents for --openqasm: steps separated by commas, channels of a step by colons."),
            .flag(
                name: "json",
                help: "Print one JSON object: the gate list, and the unitary or program if asked."),
            .positional(
                name: "circuit", help: "Catalogue name, layered-L, or JSON gate list; default: exchange.",
                optional: true),
        ]

    private let circuit: Circuit
    private let angles: [Double]?
    private let currents: [[Double]]?
    /// What --fold could not do.
    private let note: String?
    private let isUnitary: Bool
    private let isOpenQASM: Bool
    private let isJSON: Bool

    init(_ arguments: ParsedArguments) throws {
        let unfolded = try arguments.circuit(arguments.string("circuit", default: Ansatz.exchange.name))
        if let scale = try arguments.number("fold", in: 1...UnitaryFolding.maximumScale) {
            let folding = try arguments.choice("folding", of: UnitaryFolding.self) ?? .global
            let seed = UInt64(try arguments.integer("seed", in: 0...Int.max) ?? 0)
            var generator = RandomStream(seed: seed, purpose: .analysis).generator()
            circuit = try folding.folded(unfolded, scale: scale, using: &generator)
            let reached = UnitaryFolding.factor(of: circuit, from: unfolded)
            note =
                reached == scale
                ? nil
                : "note: the circuit's \(unfolded.gates.count) gates are folded to \(String(printf: "%.4g", reached)) times "
                    + "its noise, the nearest to \(String(printf: "%.4g", scale)) that '\(folding.rawValue)' reaches"
        } else if let option = ["folding", "seed"].first(where: arguments.isGiven) {
            throw UsageError.invalidValue(
                argument: "--\(option)", found: "no --fold", expected: "--fold S beside it")
        } else {
            circuit = unfolded
            note = nil
        }
        angles = try arguments.angles()
        currents = try arguments.currents("currents", channels: circuit.ioQubits)
        isUnitary = arguments.flag("unitary")
        isOpenQASM = arguments.flag("openqasm")
        isJSON = arguments.flag("json")
        if let angles, angles.count != circuit.parameterCount {
            throw UsageError.invalidValue(
                argument: "--angles", found: "\(angles.count) numbers",
                expected: "\(circuit.parameterCount), one for each angle of '\(circuit.name)'")
        }
        if isUnitary, angles == nil, circuit.parameterCount > 0 {
            throw UsageError.invalidValue(
                argument: "--unitary", found: "no --angles", expected: "--angles A,B,… beside it")
        }
        if isUnitary, isOpenQASM {
            throw UsageError.invalidValue(
                argument: "--openqasm", found: "--unitary beside it", expected: "one of the two")
        }
        if currents != nil, !isOpenQASM {
            throw UsageError.invalidValue(
                argument: "--currents", found: "no --openqasm", expected: "--openqasm beside it")
        }
    }

    func run(_ terminal: Terminal) async throws {
        if let note { terminal.writeError(note) }
        let unitary = isUnitary ? try circuit.unitary(angles: angles ?? []) : nil
        let program =
            isOpenQASM
            ? try circuit.openQASM(angles: angles, inputs: currents.map { .currents($0) } ?? .steps(1)) : nil
        if isJSON {
            try terminal.writeJSON(Output(circuit, unitary: unitary, program: program))
        } else if let unitary {
            terminal.writeText("\(unitary)")
        } else if let program {
            terminal.writeText(String(program.dropLast()))
        } else {
            terminal.writeText(
                try circuit.drawing(angles: angles, width: terminal.isInteractive ? terminal.width : .max))
        }
    }

    /// A gate list with what else was asked for.
    private struct Output: Encodable {
        let name: String
        let ioQubits: Int
        let memoryQubits: Int
        let parameterCount: Int
        let isRealGauge: Bool
        let gates: [Gate]
        /// Rows of pairs of real and imaginary part.
        let unitary: [[[Double]]]?
        let openQASM: String?

        enum CodingKeys: String, CodingKey {
            case name, gates, unitary
            case ioQubits
            case memoryQubits
            case parameterCount
            case isRealGauge
            case openQASM = "openqasm"
        }

        init(_ circuit: Circuit, unitary: ComplexMatrix?, program: String?) {
            name = circuit.name
            ioQubits = circuit.ioQubits
            memoryQubits = circuit.memoryQubits
            parameterCount = circuit.parameterCount
            isRealGauge = circuit.isRealGauge
            gates = circuit.gates
            self.unitary = unitary.map { matrix in
                (0..<matrix.rowCount).map { row in
                    (0..<matrix.columnCount).map { [matrix[row, $0].real, matrix[row, $0].imaginary] }
                }
            }
            openQASM = program
        }
    }
}
