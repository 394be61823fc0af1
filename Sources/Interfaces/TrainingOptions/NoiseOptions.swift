import DeviceNoise
import CommandParsing
import QuantumCircuits
import Runs

/// The options that put a neuron or a network on a noisy device.
package enum NoiseOptions {
    package static let noise = ArgumentDescription.option(
        name: "noise", value: "NAME|FILE", help: "Noise of a device: eagle, or a device file.",
        default: "none", suggestions: Device.catalogue.map(\.name))
    /// For commands whose file can have noise of its own.
    package static let noiseOfFile = ArgumentDescription.option(
        name: "noise", value: "NAME|FILE", help: "Noise of a device: eagle, or a device file.",
        default: "none, or the file's own", suggestions: Device.catalogue.map(\.name))
    package static let scale = ArgumentDescription.option(
        name: "noise-scale", value: "F", help: "That noise F times as strong.", default: "1")

    /// The noise that was asked for; nil for none.
    package static func model(_ arguments: ParsedArguments) throws -> NoiseModel? {
        guard let name = arguments.string("noise") else {
            try refuseScale(arguments)
            return nil
        }
        let scale = try arguments.number("noise-scale", in: 0...NoiseModel.maximumScale)
        return try NoiseModel.load(name).scaled(by: scale ?? 1)
    }

    /// The same with its name, as a run keeps it.
    package static func noise(_ arguments: ParsedArguments) throws -> RunConfiguration.DeviceNoise? {
        guard let name = arguments.string("noise") else {
            try refuseScale(arguments)
            return nil
        }
        let scale = try arguments.number("noise-scale", in: 0...NoiseModel.maximumScale)
        return try RunConfiguration.DeviceNoise(loading: name, scale: scale ?? 1)
    }

    /// - Throws: `UsageError` where a scale is given and nothing to scale.
    package static func refuseScale(_ arguments: ParsedArguments) throws {
        guard arguments.isGiven("noise-scale") else { return }
        throw UsageError.invalidValue(
            argument: "--noise-scale", found: "no --noise", expected: "a device whose noise to scale")
    }
}
