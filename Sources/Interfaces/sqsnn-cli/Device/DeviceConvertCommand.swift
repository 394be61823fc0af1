import DeviceNoise
import CommandParsing
import Files
import QuantumCircuits

/// `sqsnn device convert`: a device file from the properties of a Qiskit backend.
struct DeviceConvertCommand: Command {
    static let description = CommandDescription(
        name: "convert", summary: "Make a device file from a Qiskit backend's properties.",
        discussion: """
            PROPERTIES is the JSON of BackendProperties.to_dict(), such as props_brisbane.json in Qiskit IBM Runtime. Each gate of the neuron \
            counts as one gate of the backend: that of its name, else the calibrated one (sx or x; ecr, cx or cz). Gate errors \
            become depolarising probabilities beside relaxation as in Qiskit Aer's NoiseModel.from_backend: \
            p = d (F_relax - F) / (d F_relax - 1), with F = 1 - gate_error and d = 2 or 4. What the backend does not say, or what cannot be, is \
            noted on standard error with what was taken instead.
            """,
        examples: [
            Example(
                "sqsnn device convert props.json --qubits 4,5 > mine.json",
                "Qubit 4 as input-output qubit, 5 as memory."),
            Example(
                "sqsnn device convert props.json --median --name typical",
                "Medians, for neurons of any size."),
        ])
    static let arguments: [ArgumentDescription] = [
        .option(
            name: "qubits", value: "Q,Q,…",
            help: "The backend's qubits that stand for the neuron's, input-output qubits first."),
        .flag(name: "median", help: "Medians over all qubits and gates instead."),
        .option(name: "name", value: "NAME", help: "What to call the device.", default: "the backend's name"),
        .positional(name: "properties", help: "JSON file of a backend's properties; - for standard input."),
    ]

    private let path: String
    private let name: String?
    private let selection: DeviceConversion.Selection

    init(_ arguments: ParsedArguments) throws {
        path = try arguments.positional("properties")
        name = arguments.string("name")
        switch (arguments.string("qubits"), arguments.flag("median")) {
        case (let list?, false):
            selection = .qubits(
                try list.split(separator: ",", omittingEmptySubsequences: false).map { word in
                    guard let qubit = Int(word), qubit >= 0 else {
                        throw UsageError.invalidValue(
                            argument: "--qubits", found: list, expected: "qubit numbers separated by commas")
                    }
                    return qubit
                })
        case (nil, true): selection = .median
        case (.some, true):
            throw UsageError.invalidValue(
                argument: "--median", found: "--qubits beside it", expected: "one of the two")
        case (nil, false): throw UsageError.missingArgument("--qubits or --median")
        }
    }

    func run(_ terminal: Terminal) async throws {
        let data = try InputFile.read(path, limit: InputFile.textLimit)
        let conversion = try DeviceConversion(
            name: name, properties: data, path: path, selection: selection)
        for note in conversion.notes { terminal.writeError("note: \(note)") }
        try terminal.writeJSON(conversion.device)
    }
}
