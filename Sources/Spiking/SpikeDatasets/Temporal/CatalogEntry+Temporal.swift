import Compute
import EventRecordings
import Files

extension CatalogEntry {
    /// What the input of a network is, of samples over time.
    private struct Reading: Sendable {
        let input: EventInput
        let shape: InputShape
        let stepCount: Int

        /// The spikes of a sample, and the digest of its file.
        ///
        /// - Parameter random: of the transforms by chance, which are left out where it is nil.
        func spikes(
            _ sample: TemporalPart.Sample, random: RandomStream? = nil, place: Int = 0
        ) throws -> (spikes: SpikeList, fileDigest: String?) {
            let (recording, digest) = try sample.read()
            return (try spikes(recording, random: random, place: place), digest)
        }

        func spikes(
            _ recording: consuming EventRecording, random: RandomStream? = nil, place: Int = 0
        ) throws -> SpikeList {
            let transforms = random == nil ? input.transforms.withoutChance : input.transforms
            try transforms.apply(
                to: &recording, random: random ?? RandomStream(seed: 0, purpose: .augmentation), sample: place
            )
            let binning = EventBinning(
                stepCount: stepCount, division: input.bins, separatesPolarities: shape.planeCount == 2)
            return SpikeList(binning.bins(recording.events, recording.sensor))
        }
    }

    /// Reads all samples, and sorts their events into steps.
    ///
    /// - Parameter stepCount: time steps T.
    /// - Throws: as ``load(_:stepCount:from:)``.
    func readSpikes(
        _ layout: any TemporalLayout, _ input: EventInput, stepCount: Int, from searchPath: DatasetSearchPath,
        parallelism: Parallelism
    ) throws -> DatasetSplits<SpikeDataset> {
        let reading = Reading(input: input, shape: try inputShape(input), stepCount: stepCount)
        let parts = try layout.parts(of: self, at: paths(in: searchPath), input)
        let read = try read(
            [parts.train, parts.test], reading, SpikeCache(searchPath), parallelism)
        func dataset(_ read: SpikeCache.Part, redraw: SpikeDataset.Redraw? = nil) -> SpikeDataset {
            SpikeDataset(
                name: name, shape: reading.shape, stepCount: stepCount, classNames: classNames,
                labels: read.labels, read.spikes, redraw: redraw)
        }
        let redraw: SpikeDataset.Redraw = { place, random in
            try reading.spikes(parts.train.samples[place], random: random, place: place).spikes
        }
        func file(_ part: TemporalPart, _ read: SpikeCache.Part) -> DatasetFile {
            DatasetFile(
                name: part.name, path: part.path, contentDigest: read.digest,
                verification: .nothingToCompare)
        }
        let (train, test) = (
            dataset(read.train, redraw: input.transforms.isRandom ? redraw : nil), dataset(read.test)
        )
        let isWhole = (train.count, test.count) == layout.publishedCounts
        let found = "; here are \(train.count) and \(test.count) \(layout.noun)"
        return DatasetSplits(
            train: train, test: test, files: [file(parts.train, read.train), file(parts.test, read.test)],
            note: note + (isWhole ? "" : found))
    }

    /// Reads files of one's own, each a recording or a sound as the entry's samples are. Transforms by chance are left out.
    ///
    /// - Parameter stepCount: time steps T.
    /// - Returns: a sample a file, in their order, of class 0.
    /// - Throws: ``DatasetError/input(dataset:problem:)`` of images and series; `EventError` and `EventTransformError`.
    public func spikes(
        ofFiles paths: [String], _ input: EventInput, stepCount: Int,
        parallelism: Parallelism = Parallelism(threadCount: 1)
    ) throws -> SpikeDataset {
        guard let temporal = layout.temporal else {
            throw DatasetError.input(dataset: name, problem: "holds images, expected samples over time")
        }
        let reading = Reading(input: input, shape: try inputShape(input), stepCount: stepCount)
        let lists = parallelism.map(paths.count) { index, _ in
            Result { try reading.spikes(temporal.recording(of: self, inFile: paths[index], input)) }
        }
        var spikes = SpikeList()
        for list in lists { spikes.append(try list.get()) }
        return SpikeDataset(
            name: name, shape: reading.shape, stepCount: stepCount, classNames: classNames,
            labels: [UInt8](repeating: 0, count: paths.count), spikes)
    }

    /// The spikes of both parts, from the cache where they are there.
    private func read(
        _ parts: [TemporalPart], _ reading: Reading, _ cache: SpikeCache?, _ parallelism: Parallelism
    ) throws -> SpikeCache.Parts {
        func key(_ digests: [String]) -> String? {
            var input = reading.input
            input.transforms = input.transforms.withoutChance
            return cache?.key(self, digests, input, reading.shape, stepCount: reading.stepCount)
        }
        if let cache, let key = cache.digests(parts).flatMap(key),
            let found = cache.parts(
                key, stepCount: reading.stepCount, inputCount: reading.shape.inputCount,
                classCount: classNames.count)
        {
            return found
        }
        let read = SpikeCache.Parts(
            train: try self.read(parts[0], reading, parallelism),
            test: try self.read(parts[1], reading, parallelism))
        let digests = [read.train.digest, read.test.digest]
        if let cache, let key = key(digests) {
            cache.keep(read, as: key)
            cache.keep(digests: digests, of: parts)
        }
        return read
    }

    private func read(
        _ part: TemporalPart, _ reading: Reading, _ parallelism: Parallelism
    ) throws -> SpikeCache.Part {
        let samples = parallelism.map(part.samples.count) { index, _ in
            Result { try reading.spikes(part.samples[index]) }
        }
        var (list, digests) = (SpikeList(), [String]())
        for sample in samples {
            let (spikes, digest) = try sample.get()
            list.append(spikes)
            if let digest { digests.append(digest) }
        }
        let digest = try TemporalPart.digest(of: part.files, under: part.path, digests)
        return SpikeCache.Part(
            digest: digest, labels: part.samples.map { UInt8($0.label) }, spikes: list)
    }

    /// The inputs that a network is given of the entry.
    ///
    /// - Throws: ``DatasetError/input(dataset:problem:)``, `EventTransformError`.
    public func inputShape(_ input: EventInput?) throws -> InputShape {
        guard let temporal = layout.temporal else {
            guard input == nil else {
                throw DatasetError.input(
                    dataset: name, problem: "holds images, of which no events are binned or transformed")
            }
            return InputShape(planeCount: 1, height: height, width: width)
        }
        let input = input ?? EventInput()
        let transforms = input.transforms
        let sensor = try transforms.sensor(after: temporal.sensor(of: self, input))
        let shape = InputShape(
            planeCount: temporal.hasPolarities(input) && transforms.separatesPolarities ? 2 : 1,
            height: sensor.height, width: sensor.width)
        guard shape.inputCount <= SpikeDataset.inputLimit else {
            throw DatasetError.input(
                dataset: name,
                problem:
                    "found \(shape.inputCount) inputs, expected at most \(SpikeDataset.inputLimit); crop, downsample or "
                    + "merge polarities")
        }
        return shape
    }
}
