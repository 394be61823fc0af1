import QuantumCircuits
import Files

extension Device {
    /// The device of the catalogue that has this name, or the one in a file. A name of the catalogue wins over a file.
    ///
    /// The figures are not checked yet: ``NoiseParameters/problems`` says what is wrong with them,
    /// ``noiseModel(path:)`` refuses them.
    /// - Throws: `FileError`, ``NoiseError/unknownDevice(_:)`` or ``NoiseError/file(path:problems:)``.
    public static func load(_ nameOrPath: String) throws -> Device {
        if let known = catalogue.first(where: { $0.name == nameOrPath }) { return known }
        guard InputFile.isMeant(nameOrPath) else { throw NoiseError.unknownDevice(nameOrPath) }
        let text = try InputFile.read(nameOrPath, limit: InputFile.textLimit)
        do throws(JSONDocument.Problem) {
            return try JSONDocument.decode(Device.self, from: text)
        } catch {
            throw NoiseError.file(
                path: nameOrPath, problems: [.init(place: error.place, problem: error.problem)])
        }
    }

    /// The noise of the device, checked.
    ///
    /// - Parameter path: where it came from, for messages.
    /// - Throws: ``NoiseError/file(path:problems:)`` with every figure that cannot be.
    public func noiseModel(path: String) throws(NoiseError) -> NoiseModel {
        let problems = noise.problems
        guard problems.isEmpty else {
            throw .file(
                path: path, problems: problems.map { .init(place: "noise." + $0.place, problem: $0.problem) })
        }
        return NoiseModel(checked: noise)
    }
}

extension NoiseModel {
    /// The noise of a device of the catalogue, or in a device file: what `--noise` takes.
    public static func load(_ nameOrPath: String) throws -> NoiseModel {
        try Device.load(nameOrPath).noiseModel(path: nameOrPath)
    }
}
