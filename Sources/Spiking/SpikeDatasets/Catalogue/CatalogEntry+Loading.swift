import Compute
import Files
import FoundationEssentials
import Glibc

extension CatalogEntry {
    /// Reads the images and labels, and checks every file against its digest.
    ///
    /// The parts are read at the same time. Fashion-MNIST, 55 MB from gzip, takes about 0.4 s on two cores.
    ///
    /// - Parameter searchPath: the folders to look in.
    /// - Throws: ``DatasetError/filesNotFound(dataset:lookedIn:findings:remedies:)``,
    ///   ``DatasetError/unreadable(_:)``, ``DatasetError/damaged(path:_:)``, ``DatasetError/input(dataset:problem:)`` for recordings.
    public func loadImages(
        from searchPath: DatasetSearchPath = DatasetSearchPath()
    ) async throws -> DatasetSplits<ImageDataset> {
        let paths = try paths(in: searchPath)
        switch layout {
        case .trainAndTest(let trainPair, let testPair):
            async let train = read(trainPair, at: paths)
            async let test = read(testPair, at: paths)
            return try await DatasetSplits(
                train: train.images, test: test.images, files: train.files + test.files, note: note)
        case .divided(let pair, let division):
            let whole = try read(pair, at: paths)
            let parts = try whole.images.divided(division)
            return DatasetSplits(train: parts.train, test: parts.test, files: whole.files, note: note)
        case .singleFile(let images):
            return try read(images, at: paths)
        case .temporal:
            throw DatasetError.input(
                dataset: name, problem: "holds samples over time, expected images; take another data set")
        }
    }

    /// Reads the samples as a network is trained on them: images, spikes or numbers over time.
    ///
    /// - Parameters:
    ///   - input: how samples over time become spikes; nil of images, and for what ``EventInput`` says by itself.
    ///   - stepCount: time steps T of samples over time; of images encoders make as many as they are asked for.
    /// - Throws: as ``loadImages(from:)``; of samples over time ``DatasetError/input(dataset:problem:)``, `EventError`
    ///   and `EventTransformError`.
    public func load(
        _ input: EventInput?, stepCount: Int, from searchPath: DatasetSearchPath = DatasetSearchPath()
    ) async throws -> DatasetSplits<LabelledDataset> {
        guard let temporal = layout.temporal else {
            // Images have no input of this kind.
            _ = try inputShape(input)
            return try await loadImages(from: searchPath).labelled
        }
        let input = input ?? EventInput()
        if input.signal == .values, let layout = temporal as? any SeriesLayout {
            // Says what does not go with it.
            _ = try inputShape(input)
            let series = try readSeries(layout, input, stepCount: stepCount, from: searchPath)
            return DatasetSplits(
                train: .series(series.train), test: .series(series.test), files: series.files,
                note: series.note)
        }
        let spikes = try readSpikes(
            temporal, input, stepCount: stepCount, from: searchPath,
            parallelism: Parallelism(threadCount: ProcessInfo.processInfo.activeProcessorCount))
        return DatasetSplits(
            train: .spikes(spikes.train), test: .spikes(spikes.test), files: spikes.files, note: spikes.note)
    }

    /// The path of each file, by its name in the catalogue.
    ///
    /// - Throws: ``DatasetError/filesNotFound(dataset:lookedIn:findings:remedies:)``.
    public func paths(in searchPath: DatasetSearchPath) throws(DatasetError) -> [String: String] {
        if let own = layout.temporal?.ownPaths { return own }
        switch searchPath.locate(fileNames, folderNames: folderNames) {
        case .found(let paths):
            return paths
        case .missing(let findings):
            throw .filesNotFound(
                dataset: name, lookedIn: searchPath.folders, findings: findings,
                remedies: remedies(in: searchPath))
        }
    }

    /// The folder that holds all of its files; `nil` if none does.
    public func folder(in searchPath: DatasetSearchPath = DatasetSearchPath()) -> String? {
        (try? paths(in: searchPath))?.values.first.map(Folder.above)
    }

    private func remedies(in searchPath: DatasetSearchPath) -> [String] {
        var remedies: [String] = []
        if let substitute, let entry = try? DatasetCatalog.entry(named: substitute),
            (try? entry.paths(in: searchPath)) != nil
        {
            remedies.append("use \(substitute), whose files are here")
        }
        if let debianPackage { remedies.append("run apt-get install \(debianPackage)") }
        switch origin {
        case .address:
            remedies.append("run sqsnn data fetch \(name)")
        case .byHand(let files):
            remedies.append("get \(files), and put it into \(searchPath.userFolder)/\(folderNames[0])")
        }
        remedies.append("name the folder that holds \(folderNames[0])/ in SQSNN_DATA")
        return remedies
    }

    /// Both files of a part, checked.
    func read(
        _ pair: ImagePair, at paths: [String: String]
    ) throws(DatasetError) -> (images: ImageDataset, files: [DatasetFile]) {
        func file(_ file: CatalogFile, _ dimensions: [Int]) throws(DatasetError) -> IDXFile {
            try IDXFile(path: paths[file.name, default: file.name], dimensions: dimensions)
        }
        let labels = try file(pair.labels, [pair.count])
        let images = try file(pair.images, [pair.count, height, width])
        if let position = labels.elements.firstIndex(where: { Int($0) >= classNames.count }) {
            let label = Int(labels.elements[position])
            throw .damaged(
                path: labels.path,
                .labelOutOfRange(label: label, position: position, classCount: classNames.count))
        }
        let set = try ImageDataset(
            name: name, width: width, height: height, classNames: classNames, pixels: images.elements,
            labels: labels.elements)
        return (set, [try record(images, pair.images), try record(labels, pair.labels)])
    }

    private func record(_ file: IDXFile, _ expected: CatalogFile) throws(DatasetError) -> DatasetFile {
        do throws(FileFault) {
            return DatasetFile(
                name: expected.name, path: file.path, contentDigest: file.digests.content,
                verification: try file.digests.verify(expected.digest))
        } catch {
            throw .damaged(path: file.path, error)
        }
    }
}

extension ImageDataset {
    func divided(
        _ division: StratifiedDivision
    ) throws(DatasetError) -> (train: ImageDataset, test: ImageDataset) {
        try stratifiedSplit(
            trainCount: division.trainCount, testCount: division.testCount, seed: division.seed)
    }
}
