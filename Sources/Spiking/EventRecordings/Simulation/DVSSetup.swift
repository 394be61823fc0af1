import Files

/// A camera before a screen.
public struct DVSSetup: Sendable, Hashable, Codable {
    public var camera: DVSCamera
    public var motion: MovingImage

    public init(camera: DVSCamera = DVSCamera(), motion: MovingImage = MovingImage()) {
        (self.camera, self.motion) = (camera, motion)
    }

    /// As MNIST-DVS was recorded.
    ///
    /// - Parameter scale: 4, 8 or 16, as in the names of its files: pixels of the screen for each of the image.
    public init(scale: Int) {
        self.init()
        motion.scale *= Double(scale) / 4
    }

    /// Scales of MNIST-DVS.
    public static let scales = [4, 8, 16]

    /// A setup from a JSON file: all fields, or `"base": "scale4"` and the fields that differ.
    ///
    /// - Parameter path: `-` for standard input.
    /// - Throws: `FileError`, ``EventError/setup(path:problem:)``.
    public init(reading path: String) throws {
        let text = try InputFile.read(path, limit: InputFile.textLimit)
        do throws(JSONDocument.Problem) {
            self = try JSONDocument.decode(DVSSetup.self, from: text) {
                name throws(JSONDocument.Problem) in
                guard let scale = Self.scales.first(where: { name == "scale\($0)" }) else {
                    throw JSONDocument.Problem(
                        place: "base", problem: "found '\(name)', expected scale4, scale8 or scale16")
                }
                return DVSSetup(scale: scale)
            }
            if let problem { throw JSONDocument.Problem(place: "", problem: problem) }
        } catch {
            throw EventError.setup(path: path, problem: error.text)
        }
    }

    /// What cannot be, nil if all can.
    public var problem: String? { camera.problem ?? motion.problem }
}
