/// Two files of series.
struct SeriesFiles: SeriesLayout {
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
    var hasOneScale: Bool { false }

    /// Both files.
    ///
    /// - Throws: as ``SeriesFile/init(path:labelPosition:)``, and for other classes or dimensions than the entry's.
    func series(
        of entry: CatalogEntry, at paths: [String: String]
    ) throws(DatasetError) -> (train: SeriesPart, test: SeriesPart) {
        func part(_ name: String) throws(DatasetError) -> SeriesPart {
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
            return SeriesPart(name: name, path: path, contents: contents)
        }
        return (try part(train), try part(test))
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
        guard let layout = layout.temporal as? any SeriesLayout else {
            throw .input(
                dataset: name,
                problem: "holds no series, expected a data set of them, such as japanese-vowels")
        }
        let (train, test) = try layout.series(of: self, at: paths(in: searchPath))
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
            width: file.dimensionCount, height: SeriesEncoding.usualPopulation,
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
