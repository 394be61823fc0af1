import CommandParsing

/// `sqsnn device`: the noise of quantum devices.
struct DeviceCommand: CommandGroup {
    static let description = CommandDescription(
        name: "device", summary: "Look at the noise of devices, and make it from a backend's calibration.",
        discussion: """
            A device file (schema sqsnn.device/1) holds the figures of a device's noise: depolarising and durations of \
            gates, T1 and T2, readout errors, of all qubits and gates or of particular ones. A device is named where \
            a command takes --noise, by its name in the catalogue or the path of its file.
            """,
        examples: [
            Example("sqsnn device show eagle", "the device of the catalogue"),
            Example(
                "sqsnn device convert props.json --qubits 4,5 > mine.json", "two qubits of a Qiskit backend"),
        ],
        subcommands: [DeviceShowCommand.self, DeviceConvertCommand.self])
}
