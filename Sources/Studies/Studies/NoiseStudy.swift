import Campaigns
import Compute
import DeviceNoise
import Files
import Runs
import Neurons
import SpikeDatasets

/// What noise costs: one network trained and measured under a device's noise at several strengths, and one that was
/// trained without noise and is measured at the same strengths.
///
/// Each network is a run in a folder of its own, and each of its measurements a cell of a campaign: a study that was interrupted
/// goes on where it stopped.
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
        precondition(configuration.validationCount == nil, "a noise study measures on test images")
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
    ///   - isInterrupted: asked while other processes are waited for.
    ///   - train: brings one run to its end; `false` where it was stopped.
    /// - Returns: nil if it was stopped.
    /// - Throws: `RunError` where a folder holds a run with other settings, `CampaignError` where a network failed, or the folder is
    ///   another's; `FileError`.
    public func run(
        data: DatasetSplits<LabelledDataset>, threads: Int, repetitions: Int,
        isInterrupted: @escaping @Sendable () -> Bool = { false },
        train: @escaping @Sendable (inout TrainingRun) throws -> Bool
    ) throws -> Report? {
        try trainedNoises.forEach(checkFolder)
        func measure(_ cells: [NoiseCell]) throws -> [NoiseCell.Result]? {
            let campaign = Campaign(kind: "noise-study", cells: cells)
            let outcome = try campaign.run(
                in: path, parallelism: Parallelism(threadCount: 1), onProgress: { _ in !isInterrupted() },
                work: { try result(of: $0, data: data, threads: threads, train: train) })
            if let error = outcome.error { throw error }
            let results = outcome.results.compactMap(\.self)
            return results.count == cells.count ? results : nil
        }
        func cell(trained noise: RunConfiguration.DeviceNoise?, measured: RunConfiguration.DeviceNoise?)
            -> NoiseCell
        {
            var configuration = configuration(noise)
            configuration.version = ""
            configuration.datasetDigests = data.digests
            return NoiseCell(
                configuration: configuration, measuredUnder: measured, repetitions: repetitions)
        }
        // Networks first: the second measurement is of the one without noise, which must be trained for it.
        guard let own = try measure(trainedNoises.map { cell(trained: $0, measured: $0) }),
            let moved = try measure(noises.map { cell(trained: nil, measured: $0) })
        else { return nil }
        let points = zip(zip(scales, own.suffix(scales.count)), moved).map { point, transferred in
            let (scale, trained) = point
            return Point(
                scale: scale, trained: trained.accuracy, transferred: transferred.accuracy,
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

    private func configuration(_ noise: RunConfiguration.DeviceNoise?) -> RunConfiguration {
        var configuration = configuration
        configuration.noise = noise
        return configuration
    }

    /// Sees to it that a folder holds no other run than that of this study.
    private func checkFolder(_ noise: RunConfiguration.DeviceNoise?) throws {
        let folder = folder(noise)
        guard folder.holdsRun else { return }
        let stored = try folder.configuration()
        var asked = configuration(noise)
        // What a run learns of its data when it begins, and which release began it, was not asked for.
        asked.datasetDigests = stored.datasetDigests
        asked.version = stored.version
        let differences = try stored.differences(from: asked)
        guard differences.isEmpty else {
            throw RunError.otherConfiguration(folder.path, differences: differences)
        }
    }

    /// Brings a run to its end, and measures it; nil where it was stopped.
    private func result(
        of cell: NoiseCell, data: DatasetSplits<LabelledDataset>, threads: Int,
        train: (inout TrainingRun) throws -> Bool
    ) throws -> NoiseCell.Result? {
        let noise = cell.configuration.noise
        let folder = folder(noise)
        var run: TrainingRun
        // One that is complete is only looked at, for another process may do so too.
        if folder.holdsRun,
            case let finished = try TrainingRun(reading: folder, data: data, threads: threads),
            finished.isComplete
        {
            run = finished
        } else {
            run =
                try folder.holdsRun
                ? TrainingRun(resuming: folder, data: data, threads: threads)
                : TrainingRun(configuration(noise), data: data, folder: folder, threads: threads)
            guard try train(&run) else { return nil }
        }
        let summary =
            try noise == cell.measuredUnder
            ? run.summarize(repetitions: cell.repetitions)
            : run.evaluate(repetitions: cell.repetitions, under: cell.measuredUnder)
        guard let accuracy = summary.testAccuracy else {
            preconditionFailure("a noise study holds no images out")
        }
        return NoiseCell.Result(
            accuracy: accuracy, spikesPerStep: summary.spikesPerStep,
            secondsPerEpoch: summary.secondsPerEpoch)
    }
}

/// One measurement of one network.
struct NoiseCell: CampaignCell {
    /// Of the training.
    let configuration: RunConfiguration
    let measuredUnder: RunConfiguration.DeviceNoise?
    let repetitions: Int

    var name: String {
        "trained under \(configuration.noise?.name ?? "no noise"), measured under \(measuredUnder?.name ?? "none")"
    }

    struct Result: Sendable, Codable {
        var accuracy: RunSummary.Accuracy
        var spikesPerStep: Double
        var secondsPerEpoch: Double
    }
}
