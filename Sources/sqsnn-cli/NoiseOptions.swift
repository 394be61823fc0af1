import CommandParsing
import QuantumCircuits
import SpikeLearning

/// The options that put a network on a noisy device.
enum NoiseOptions {
    static let noise = ArgumentDescription.option(
        name: "noise", value: "NAME|FILE", help: "Noise of a device: eagle, or a device file.",
        default: "none")
    static let scale = ArgumentDescription.option(
        name: "noise-scale", value: "F", help: "That noise F times as strong.", default: "1")

    /// The noise that was asked for; nil for none.
    static func noise(_ arguments: ParsedArguments) throws -> RunConfiguration.DeviceNoise? {
        guard let name = arguments.string("noise") else {
            try refuseScale(arguments)
            return nil
        }
        let scale = try arguments.number("noise-scale", in: 0...NoiseModel.maximumScale)
        return try RunConfiguration.DeviceNoise(loading: name, scale: scale ?? 1)
    }

    /// - Throws: `UsageError` where a scale is given and nothing to scale.
    static func refuseScale(_ arguments: ParsedArguments) throws {
        guard arguments.isGiven("noise-scale") else { return }
        throw UsageError.invalidValue(
            argument: "--noise-scale", found: "no --noise", expected: "a device whose noise to scale")
    }
}
