import Compute
import EventRecordings
import Files

extension CatalogEntry {
    /// What the input of a network is, of samples over time.
    private struct Reading: Sendable {
        let input: EventInput
        let shape: InputShape
        let stepCount: Int

        /// The spikes of a sample.
        ///
        /// - Parameter random: of the transforms by chance, which are left out where it is nil.
        func spikes(
            _ sample: TemporalPart.Sample, random: RandomStream? = nil, place: Int = 0
        ) throws -> SpikeList {
            var recording = try sample.read()
            let transforms = random == nil ? input.transforms.withoutChance : input.transforms
            try transforms.apply(
                to: &recording, random: random ?? RandomStream(seed: 0, purpose: .augmentation), sample: place)
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
        let (train, test) = (
            try read(parts.train, reading, parallelism), try read(parts.test, reading, parallelism)
        )
        let published = layout.publishedCounts
        let isWhole = (train.spikes.count, test.spikes.count) == published
        let found = "; here are \(train.spikes.count) and \(test.spikes.count) \(layout.noun)"
        return DatasetSplits(
            train: train.spikes, test: test.spikes, files: [train.file, test.file],
            note: note + (isWhole ? "" : found))
    }

    private func read(
        _ part: TemporalPart, _ reading: Reading, _ parallelism: Parallelism
    ) throws -> (spikes: SpikeDataset, file: DatasetFile) {
        let lists = parallelism.map(part.samples.count) { index, _ in
            Result { try reading.spikes(part.samples[index]) }
        }
        var list = SpikeList()
        for read in lists { list.append(try read.get()) }
        let digests = parallelism.map(part.files.count) { index, _ in
            Result { try SHA256Digest.hex(ofFile: part.files[index]) }
        }
        var hasher = SHA256Hasher()
        for (file, digest) in zip(part.files, digests) {
            hasher.update(Array("\(try digest.get())  \(file.dropFirst(part.path.count))\n".utf8))
        }
        let redraw: SpikeDataset.Redraw = { place, random in
            try reading.spikes(part.samples[place], random: random, place: place)
        }
        let spikes = SpikeDataset(
            name: name, shape: reading.shape, stepCount: reading.stepCount, classNames: classNames,
            labels: part.samples.map { UInt8($0.label) }, list,
            redraw: reading.input.transforms.isRandom ? redraw : nil)
        let file = DatasetFile(
            name: part.name, path: part.path, contentDigest: hasher.finalize(),
            verification: .nothingToCompare)
        return (spikes, file)
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
            planeCount: temporal.hasPolarities && transforms.separatesPolarities ? 2 : 1,
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
