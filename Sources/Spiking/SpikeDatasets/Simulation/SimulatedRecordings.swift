import Compute
import EventRecordings
import Files
import FoundationEssentials
import Glibc

/// Recordings that a simulated camera makes of a set of images, in a folder as the data set ``dataset`` has it: `Train/3/…`, `Test/3/…`.
public struct SimulatedRecordings: Sendable, Hashable, Codable {
    public static let currentSchema = "sqsnn.simulated-recordings/1"
    /// What the catalogue calls recordings with the settings that are usual here.
    public static let dataset = "mnist-dvs-simulated"
    /// As many as MNIST-DVS has.
    public static let usualCounts = (train: 9000, test: 1000)
    /// What the folder says of itself.
    public static let fileName = "simulation.json"

    public var schema = SimulatedRecordings.currentSchema
    /// The images.
    public let images: String
    /// SHA-256 of the files' uncompressed contents, by file name.
    public let imagesDigests: [String: String]
    /// Recordings made of each part, of each class as nearly as possible as many.
    public let trainCount: Int
    public let testCount: Int
    public let seed: UInt64
    public let setup: DVSSetup

    /// - Throws: ``DatasetError/input(dataset:problem:)`` for settings that cannot be, and for more recordings than images.
    public init(
        of images: DatasetSplits<ImageDataset>, trainCount: Int, testCount: Int, seed: UInt64,
        setup: DVSSetup = DVSSetup()
    ) throws(DatasetError) {
        (self.images, imagesDigests) = (images.train.name, images.digests)
        (self.trainCount, self.testCount, self.seed, self.setup) = (trainCount, testCount, seed, setup)
        if let problem = setup.problem { throw .input(dataset: self.images, problem: problem) }
        for (part, count, found) in [
            ("train", trainCount, images.train.count), ("test", testCount, images.test.count),
        ] where !(1...found).contains(count) {
            throw .input(
                dataset: self.images,
                problem: "\(part): found \(count) recordings, expected 1 to the \(found) images there are")
        }
    }

    /// Recordings in all.
    public var count: Int { trainCount + testCount }

    /// Makes the recordings that the folder does not hold yet.
    ///
    /// - Parameters:
    ///   - images: those of the simulation.
    ///   - folder: made where it is not there.
    ///   - parallelism: without effect on the result.
    ///   - isInterrupted: asked before every recording.
    ///   - onProgress: called for each recording that is there, from any thread.
    /// - Returns: whether all are there.
    /// - Throws: ``DatasetError/input(dataset:problem:)`` where the folder holds another simulation, `FileError`, `EventError`.
    public func write(
        to folder: String, of images: DatasetSplits<ImageDataset>, parallelism: Parallelism,
        isInterrupted: @escaping @Sendable () -> Bool = { false },
        onProgress: @escaping @Sendable () -> Void = {}
    ) throws -> Bool {
        _ = try Folder.make(folder)
        let lock = try FolderLock(folder)
        defer { withExtendedLifetime(lock) {} }
        try claim(folder)
        let simulator = DVSSimulator(setup, seed: seed)
        let tasks =
            tasks(images.train, trainCount, "\(folder)/Train")
            + tasks(images.test, testCount, "\(folder)/Test")
        for path in Set(tasks.map(\.folder)) { _ = try Folder.make(path) }
        let results = parallelism.map(tasks.count) { index, _ in
            Result {
                let task = tasks[index]
                if !FileManager.default.fileExists(atPath: task.path) {
                    guard !isInterrupted() else { return false }
                    try task.write(simulator)
                }
                onProgress()
                return true
            }
        }
        return try results.allSatisfy { try $0.get() }
    }

    /// Says in the folder what is simulated, or sees that it is the same.
    private func claim(_ folder: String) throws {
        let path = "\(folder)/\(Self.fileName)"
        guard FileManager.default.fileExists(atPath: path) else {
            return try AtomicFile.write(JSONDocument.encode(self), to: path)
        }
        let other = try JSONDocument.decode(SimulatedRecordings.self, from: InputFile.read(path))
        guard other == self else {
            throw DatasetError.input(
                dataset: images,
                problem: "\(folder) holds another simulation: "
                    + (try JSONDocument.differenceTexts(other, self)).joined(separator: ", ")
                    + "; choose another folder")
        }
    }

    private func tasks(_ images: ImageDataset, _ count: Int, _ folder: String) -> [SimulationTask] {
        Array(images.labels.indices).interleaved { Int(images.labels[$0]) }.prefix(count).map { index in
            SimulationTask(
                folder: "\(folder)/\(images.classNames[Int(images.labels[index])])", images: images,
                index: index,
                // Both parts count from 0.
                address: folder.hasSuffix("Test") ? index + 1 << 24 : index)
        }
    }
}

/// A recording that is to be made.
private struct SimulationTask {
    let folder: String
    let images: ImageDataset
    let index: Int
    /// Of its random numbers.
    let address: Int

    var path: String { "\(folder)/\(String(printf: "%05ld", index)).aedat" }

    func write(_ simulator: DVSSimulator) throws {
        let recording = simulator.recording(
            of: try images.image(at: index), width: images.width, height: images.height, sample: address)
        var writer = EventFileWriter(.aedat2, path: path)
        try writer.write(recording.events)
        try writer.finish()
    }
}
