import DeviceNoise
import CommandParsing
import QuantumCircuits

/// `sqsnn device show`: the figures of a device, checked.
struct DeviceShowCommand: Command {
    static let description = CommandDescription(
        name: "show", summary: "Print the noise of a device, and whether it can be true.",
        discussion: """
            Prints the figures of all qubits and gates, and the exceptions of particular ones. Exits with 3 and names every \
            figure that cannot be: T2 above 2 T1, probabilities outside 0 to 1, readout rows that do not add up to 1, Kraus \
            operators that do not keep the trace.
            """,
        examples: [
            Example("sqsnn device show", "The devices of the catalogue."),
            Example("sqsnn device show eagle", "One of them."),
            Example("sqsnn device show eagle --json > mine.json", "A device file to edit."),
        ])
    static let arguments: [ArgumentDescription] = [
        .flag(name: "json", help: "Print the device file, or the list of names."),
        .positional(
            name: "device", help: "Name in the catalogue, or device file; default: list the catalogue.",
            optional: true),
    ]

    private let device: String?
    private let isJSON: Bool

    init(_ arguments: ParsedArguments) throws {
        device = arguments.string("device")
        isJSON = arguments.flag("json")
    }

    func run(_ terminal: Terminal) async throws {
        guard let name = device else {
            if isJSON { return try terminal.writeJSON(["devices": Device.catalogue.map(\.name)]) }
            for device in Device.catalogue {
                terminal.write("\(device.name)  \(device.summary), \(device.date)")
            }
            return
        }
        let device = try Device.load(name)
        if isJSON {
            try terminal.writeJSON(device)
        } else {
            for line in DeviceText.lines(device) { terminal.write(line) }
        }
        _ = try device.noiseModel(path: name)
    }
}
