import Compute
import EventRecordings
import Files
import Foundation

extension CatalogEntry {
    /// Reads all recordings, and sorts their events into steps.
    ///
    /// - Parameters:
    ///   - input: how events become spikes.
    ///   - stepCount: time steps T.
    ///   - parallelism: without effect on the result.
    /// - Throws: ``DatasetError/filesNotFound(dataset:lookedIn:findings:remedies:)``, ``DatasetError/input(dataset:problem:)``,
    ///   `EventError`, `EventTransformError`.
    func readRecordings(
        _ folders: RecordingFolders, _ input: EventInput, stepCount: Int, from searchPath: DatasetSearchPath,
        parallelism: Parallelism
    ) throws -> DatasetSplits<SpikeDataset> {
        let shape = try self.inputShape(input)
        let paths = try paths(in: searchPath)
        func part(_ name: String) throws -> (spikes: SpikeDataset, file: DatasetFile) {
            let path = paths[name, default: name]
            let recordings = try labelledRecordings(in: path)
            let read = parallelism.map(recordings.count) { index, _ in
                Result {
                    try readRecording(recordings[index].path, folders.format, input, stepCount: stepCount)
                }
            }
            var list = SpikeList()
            var hasher = SHA256Hasher()
            for (recording, result) in zip(recordings, read) {
                let (spikes, digest) = try result.get()
                list.append(spikes)
                let line = Array("\(digest)  \(recording.path.dropFirst(path.count + 1))\n".utf8)
                hasher.update(line)
            }
            let spikes = SpikeDataset(
                name: self.name, shape: shape, stepCount: stepCount, classNames: classNames,
                labels: recordings.map { UInt8($0.label) }, list)
            return (
                spikes,
                DatasetFile(
                    name: name, path: path, contentDigest: hasher.finalize(), verification: .nothingToCompare)
            )
        }
        let (train, test) = (try part(folders.train), try part(folders.test))
        let isWhole = (train.spikes.count, test.spikes.count) == (folders.trainCount, folders.testCount)
        let found = "; here are \(train.spikes.count) and \(test.spikes.count) of them"
        return DatasetSplits(
            train: train.spikes, test: test.spikes, files: [train.file, test.file],
            note: note + (isWhole ? "" : found))
    }

    /// The recordings of a part: the first one of each class, the second of each, and so on, so that any number from the front or from
    /// the back has of each class its share.
    private func labelledRecordings(in path: String) throws(EventError) -> [(path: String, label: Int)] {
        var recordings: [(path: String, rank: Int, label: Int)] = []
        for (label, name) in classNames.enumerated() {
            let folder = "\(path)/\(name)"
            let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            let own = files.filter { !$0.hasPrefix(".") && EventFormat.isNameOfRecording($0) }.sorted {
                $0.compare($1, options: [.numeric]) == .orderedAscending
            }
            recordings += own.enumerated().map { ("\(folder)/\($0.element)", $0.offset, label) }
        }
        guard !recordings.isEmpty else { throw .noRecordings(path: path) }
        return recordings.sorted { ($0.rank, $0.label) < ($1.rank, $1.label) }.map { ($0.path, $0.label) }
    }

    private func readRecording(
        _ path: String, _ format: EventFormat, _ input: EventInput, stepCount: Int
    ) throws -> (spikes: SpikeList, digest: String) {
        let sensor = EventSensor(width: width, height: height)
        var recording = try EventRecording(reading: path, format: format, sensor: sensor)
        // Nothing is by chance here: `inputShape` refuses such transforms.
        try input.transforms.apply(
            to: &recording, random: RandomStream(seed: 0, purpose: .augmentation))
        let binning = EventBinning(
            stepCount: stepCount, division: input.bins,
            separatesPolarities: input.transforms.separatesPolarities)
        var spikes = SpikeList()
        spikes.append(binning.bins(recording.events, recording.sensor))
        return (spikes, SHA256Digest.hex(of: try InputFile.read(path)))
    }

    /// The inputs that a network is given of the entry.
    ///
    /// - Throws: ``DatasetError/input(dataset:problem:)``, `EventTransformError`.
    public func inputShape(_ input: EventInput?) throws -> InputShape {
        guard case .recordings = layout else {
            guard input == nil else {
                throw DatasetError.input(
                    dataset: name, problem: "holds images, of which no events are binned or transformed")
            }
            return InputShape(planeCount: 1, height: height, width: width)
        }
        let input = input ?? EventInput()
        if input.transforms.isRandom {
            throw DatasetError.input(
                dataset: name,
                problem: "transforms by chance (\(input.transforms.texts.joined(separator: ", "))) would be "
                    + "the same in every epoch; leave them out")
        }
        let shape = try input.shape(EventSensor(width: width, height: height))
        guard shape.inputCount <= SpikeDataset.inputLimit else {
            throw DatasetError.input(
                dataset: name,
                problem: "found \(shape.inputCount) inputs, expected at most \(SpikeDataset.inputLimit); "
                    + "crop, downsample or merge polarities")
        }
        return shape
    }
}
