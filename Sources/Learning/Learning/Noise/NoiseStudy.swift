import DeviceNoise
import Files
import QuantumCircuits
import SpikeDatasets

/// What noise costs: one network trained and measured under a device's noise at several strengths, and one that was
/// trained without noise and is measured at the same strengths.
///
/// Each network is a run in a folder of its own, so that a study that was interrupted goes on where it stopped.
public struct NoiseStudy: Sendable {
    /// The training without noise.
    public let configuration: RunConfiguration
    /// A device of the catalogue, or the path of a device file.
    public let device: String
    /// Factors on the device's noise, ascending; 0 is no noise.
    public let scales: [Double]
    /// The study's folder.
    public let path: String
    private let noises: [RunConfiguration.DeviceNoise?]

    /// - Throws: `NoiseError` for a device that there is not, and factors out of range.
    public init(
        _ configuration: RunConfiguration, device: String, scales: [Double], path: String
    ) throws {
        precondition(configuration.noise == nil, "the base of a noise study has no noise")
        self.configuration = configuration
        self.device = device
        self.scales = scales
        self.path = path
        noises = try scales.map { scale in
            scale == 0 ? nil : try RunConfiguration.DeviceNoise(loading: device, scale: scale)
        }
    }

    /// Accuracies at one strength of the noise.
    public struct Point: Sendable, Codable {
        public var scale: Double
        /// Of the network trained under this noise.
        public var trained: RunSummary.Accuracy
        /// Of the network trained without.
        public var transferred: RunSummary.Accuracy
        /// Of the network trained under this noise: spikes of all neurons in a step, and mean seconds of an epoch.
        public var spikesPerStep: Double
        public var secondsPerEpoch: Double
    }

    /// What came of the study: the object that `sqsnn study noise --json` prints, and that its folder keeps.
    public struct Report: Sendable, Codable {
        public var schema = "sqsnn.noise-study/1"
        public var device: String
        public var dataset: String
        public var trainingLimit: Int?
        public var ansatz: String
        public var memoryQubits: Int
        public var epochs: Int
        public var points: [Point]
    }

    /// The strengths at which a network is trained: those asked for, and none.
    private var trainedNoises: [RunConfiguration.DeviceNoise?] {
        noises.contains { $0 == nil } ? noises : [nil] + noises
    }

    private func folder(_ noise: RunConfiguration.DeviceNoise?) -> RunFolder {
        let name = noise.map { PathComponent.safe($0.name.replacing(" × ", with: "-")) } ?? "noiseless"
        return RunFolder(path: "\(path)/\(name)")
    }

    /// Begins or goes on with the trainings, and measures.
    ///
    /// - Parameters:
    ///   - repetitions: single-shot passes over the test images in each measurement.
    ///   - train: brings one run to its end; `false` where it was stopped.
    /// - Returns: nil if it was stopped.
    /// - Throws: ``RunError`` where a folder holds a run with other settings, `FileError` where another process writes in the
    ///   study's folder.
    public func run(
        data: DatasetSplits<ImageDataset>, threads: Int, repetitions: Int,
        train: (inout TrainingRun) throws -> Bool
    ) throws -> Report? {
        let made = try Folder.make(path)
        let lock = try FolderLock(path)
        // If nothing came of it.
        defer { lock.remove(made) }
        var runs: [TrainingRun] = []
        for noise in trainedNoises {
            var run = try open(noise, data: data, threads: threads)
            guard try train(&run) else { return nil }
            runs.append(run)
        }
        let noiseless = runs.first { $0.configuration.noise == nil }
        let points = try zip(scales, noises).compactMap { scale, noise -> Point? in
            guard let run = runs.first(where: { $0.configuration.noise == noise }), let noiseless else {
                return nil
            }
            let trained = try run.summarize(repetitions: repetitions)
            let transferred = try noiseless.evaluate(repetitions: repetitions, under: noise)
            return Point(
                scale: scale, trained: trained.testAccuracy, transferred: transferred.testAccuracy,
                spikesPerStep: trained.spikesPerStep, secondsPerEpoch: trained.secondsPerEpoch)
        }
        let report = Report(
            device: try Device.load(device).name, dataset: configuration.dataset,
            trainingLimit: configuration.trainingLimit, ansatz: configuration.ansatz ?? "",
            memoryQubits: configuration.neuron.model.memoryQubits, epochs: configuration.recipe.epochCount,
            points: points)
        try folder(nil).write(report, to: path + "/study.json")
        return report
    }

    private func open(
        _ noise: RunConfiguration.DeviceNoise?, data: DatasetSplits<ImageDataset>, threads: Int
    ) throws -> TrainingRun {
        var asked = configuration
        asked.noise = noise
        let folder = folder(noise)
        guard folder.holdsRun else {
            return try TrainingRun(asked, data: data, folder: folder, threads: threads)
        }
        let stored = try folder.configuration()
        // What a run learns of its data when it begins, and which release began it, was not asked for.
        asked.datasetDigests = stored.datasetDigests
        asked.version = stored.version
        let differences = try stored.differences(from: asked)
        guard differences.isEmpty else {
            throw RunError.otherConfiguration(folder.path, differences: differences)
        }
        return try TrainingRun(resuming: folder, data: data, threads: threads)
    }
}
