import EventRecordings

/// Two files of series.
struct SeriesFiles: TemporalLayout {
    let train: String
    let test: String
    let trainCount: Int
    let testCount: Int
    let dimensionCount: Int
    /// Whether the names are paths, of files of a user's own.
    var isOwn = false
    var labelPosition = SeriesFile.LabelPosition.first

    var ownPaths: [String: String]? { isOwn ? [train: train, test: test] : nil }
    var fileNames: [String] { [train, test] }
    var publishedCounts: (train: Int, test: Int) { (trainCount, testCount) }
    var noun: String { "series" }
    var hasImages: Bool { false }

    func hasPolarities(_ input: EventInput) -> Bool {
        if case .delta = encoding(input) { true } else { false }
    }

    private func encoding(_ input: EventInput) -> SeriesEncoding {
        input.series ?? .population(Self.usualPopulation)
    }
    /// Inputs of a dimension, where nothing is said.
    static let usualPopulation = 8

    func sensor(of entry: CatalogEntry, _ input: EventInput) throws(DatasetError) -> EventSensor {
        try entry.refuse(sound: input.sound)
        let encoding = encoding(input)
        if let problem = encoding.problem { throw .input(dataset: entry.name, problem: "series: \(problem)") }
        if encoding == .currents, !input.transforms.transforms.isEmpty || input.bins == .events {
            throw .input(
                dataset: entry.name,
                problem: "series: currents are no events; found transforms or bins of events, expected none")
        }
        return encoding.sensor(dimensionCount: dimensionCount)
    }

    /// Their ranges are those of the whole set.
    func recording(of entry: CatalogEntry, inFile path: String, _ input: EventInput) throws -> EventRecording
    {
        throw DatasetError.input(
            dataset: entry.name,
            problem:
                "series are scaled by those to learn from; found \(path), expected a recording or a sound")
    }

    typealias Contents = (path: String, contents: SeriesFile)

    /// Both files.
    ///
    /// - Throws: as ``SeriesFile/init(path:labelPosition:)``, and for other classes or dimensions than the entry's.
    func files(
        of entry: CatalogEntry, at paths: [String: String]
    ) throws(DatasetError) -> (train: Contents, test: Contents) {
        func file(_ name: String) throws(DatasetError) -> Contents {
            let path = paths[name, default: name]
            var contents = try SeriesFile(path: path, labelPosition: labelPosition)
            if isOwn { contents = contents.named(as: entry.classNames) ?? contents }
            guard contents.classNames == entry.classNames, contents.dimensionCount == dimensionCount else {
                throw .damaged(
                    path: path,
                    .series(
                        line: 1,
                        problem: "found \(contents.dimensionCount) dimensions of classes "
                            + "\(contents.classNames.joined(separator: ", ")), expected \(dimensionCount) of "
                            + entry.classNames.joined(separator: ", ")))
            }
            return (path, contents)
        }
        return (try file(train), try file(test))
    }

    func parts(
        of entry: CatalogEntry, at paths: [String: String], _ input: EventInput
    ) throws -> (train: TemporalPart, test: TemporalPart) {
        let (train, test) = try files(of: entry, at: paths)
        // Of what is to judge by nothing is known beforehand.
        let ranges = (0..<dimensionCount).map { dimension in
            let values = train.contents.series.flatMap { $0.values[dimension] }
            return (values.min() ?? 0)...(values.max() ?? 0)
        }
        let encoding = encoding(input)
        let sensor = encoding.sensor(dimensionCount: dimensionCount)
        func part(_ name: String, _ file: Contents) -> TemporalPart {
            let samples = file.contents.series.interleaved(by: \.label).map { series in
                TemporalPart.Sample(label: series.label) {
                    (EventRecording(events: encoding.events(series, ranges), sensor: sensor), nil)
                }
            }
            return TemporalPart(name: name, path: file.path, samples: samples, files: file.contents.paths)
        }
        return (part(self.train, train), part(self.test, test))
    }
}

extension SeriesFile {
    /// The same series with the classes of others, of which only some may occur here; nil where one is none of them.
    func named(as names: [String]) -> SeriesFile? {
        let places = classNames.map { names.firstIndex(of: $0) }
        guard !places.contains(nil) else { return nil }
        return SeriesFile(
            classNames: names,
            series: series.map { Series(values: $0.values, label: places[$0.label] ?? 0) }, paths: paths)
    }
}

extension CatalogEntry {
    /// The series of both parts, as their files have them.
    ///
    /// - Throws: ``DatasetError/input(dataset:problem:)`` for a data set of something else; as
    ///   ``SeriesFile/init(path:labelPosition:)``.
    public func loadSeries(
        from searchPath: DatasetSearchPath = DatasetSearchPath()
    ) throws(DatasetError) -> (train: SeriesFile, test: SeriesFile) {
        guard let layout = layout.temporal as? SeriesFiles else {
            throw .input(
                dataset: name,
                problem: "holds no series, expected a data set of them, such as japanese-vowels")
        }
        let (train, test) = try layout.files(of: self, at: paths(in: searchPath))
        return (train.contents, test.contents)
    }

    /// A data set of one's own: series in two files, which ``load(_:stepCount:from:)`` reads.
    ///
    /// The classes are those of the series to learn from. Files may be of different formats.
    ///
    /// - Parameters:
    ///   - name: of the data set.
    ///   - train: path of the series to learn from, as ``SeriesFile`` reads them.
    ///   - test: path of the series to judge by.
    ///   - labelPosition: where the class stands in lines of `.csv` and `.tsv`.
    /// - Throws: as ``SeriesFile/init(path:labelPosition:)``.
    public init(
        series name: String, train: String, test: String, labelPosition: SeriesFile.LabelPosition = .first
    ) throws(DatasetError) {
        let file = try SeriesFile(path: train, labelPosition: labelPosition)
        let judged = try SeriesFile(path: test, labelPosition: labelPosition)
        self.init(
            name: name, summary: "\(file.series.count + judged.series.count) series of one's own",
            licence: "one's own", source: "\(train), \(test)", classNames: file.classNames,
            width: file.dimensionCount, height: SeriesFiles.usualPopulation,
            note: "\(file.series.count) series to learn from, \(judged.series.count) to judge by",
            origin: .byHand(train), folderNames: [], debianPackage: nil, substitute: nil,
            layout: .temporal(
                SeriesFiles(
                    train: train, test: test, trainCount: file.series.count, testCount: judged.series.count,
                    dimensionCount: file.dimensionCount, isOwn: true, labelPosition: labelPosition)))
    }
}

extension DatasetCatalog {
    static let japaneseVowels = CatalogEntry(
        name: "japanese-vowels",
        summary: "640 series of 12 coefficients of two spoken vowels, 7 to 29 steps, 9 speakers as classes",
        licence: "CC BY 4.0",
        source: "Kudo, Toyama, Shimbo 1999, https://archive.ics.uci.edu/dataset/128/japanese+vowels",
        classNames: (1...9).map(String.init),
        width: 12, height: 8,
        note: "the published split, 270 series to learn from, 370 to judge by",
        origin: .byHand(
            "JapaneseVowels_TRAIN.ts and JapaneseVowels_TEST.ts of the UEA archive (the PyPI package aeon has them)"
        ),
        folderNames: ["japanese-vowels", "JapaneseVowels"],
        debianPackage: nil,
        substitute: nil,
        layout: .temporal(
            SeriesFiles(
                train: "JapaneseVowels_TRAIN.ts", test: "JapaneseVowels_TEST.ts", trainCount: 270,
                testCount: 370,
                dimensionCount: 12)))
}
