import CommandParsing
import QuantumCircuits

/// The options that put a neuron on a noisy device.
extension ParsedArguments {
    static let noiseOptions: [ArgumentDescription] = [
        .option(
            name: "noise", value: "NAME|FILE", help: "Noise of a device: eagle, or a device file.",
            default: "none, or the file's own"),
        .option(name: "noise-scale", value: "F", help: "That noise F times as strong.", default: "1"),
    ]

    /// The noise of the device asked for; nil where none is.
    func noise() throws -> NoiseModel? {
        let scale = try number("noise-scale", in: 0...NoiseModel.maximumScale)
        guard let device = string("noise") else {
            if scale != nil { throw UsageError.unexpectedArgument("--noise-scale without --noise") }
            return nil
        }
        return try NoiseModel.load(device).scaled(by: scale ?? 1)
    }
}
