import EventRecordings

/// Two `.ts` files.
struct SeriesFiles: TemporalLayout {
    let train: String
    let test: String
    let trainCount: Int
    let testCount: Int
    let dimensionCount: Int

    var fileNames: [String] { [train, test] }
    var publishedCounts: (train: Int, test: Int) { (trainCount, testCount) }
    var noun: String { "series" }

    private func encoding(_ input: EventInput) -> SeriesEncoding { input.series ?? .population(8) }

    func sensor(of entry: CatalogEntry, _ input: EventInput) throws(DatasetError) -> EventSensor {
        try entry.refuse(sound: input.sound)
        let encoding = encoding(input)
        if let problem = encoding.problem { throw .input(dataset: entry.name, problem: "series: \(problem)") }
        return encoding.sensor(dimensionCount: dimensionCount)
    }

    func parts(
        of entry: CatalogEntry, at paths: [String: String], _ input: EventInput
    ) throws -> (train: TemporalPart, test: TemporalPart) {
        func file(_ name: String) throws(DatasetError) -> (path: String, contents: SeriesFile) {
            let path = paths[name, default: name]
            let contents = try SeriesFile(path: path)
            guard contents.classNames == entry.classNames, contents.series[0].values.count == dimensionCount
            else {
                throw .damaged(
                    path: path,
                    .series(
                        line: 1,
                        problem: "found \(contents.series[0].values.count) dimensions of classes "
                            + "\(contents.classNames.joined(separator: ", ")), expected \(dimensionCount) of "
                            + entry.classNames.joined(separator: ", ")))
            }
            return (path, contents)
        }
        let (train, test) = (try file(train), try file(test))
        // Of what is to judge by nothing is known beforehand.
        let ranges = (0..<dimensionCount).map { dimension in
            let values = train.contents.series.flatMap { $0.values[dimension] }
            return (values.min() ?? 0)...(values.max() ?? 0)
        }
        let encoding = encoding(input)
        let sensor = encoding.sensor(dimensionCount: dimensionCount)
        func part(_ name: String, _ file: (path: String, contents: SeriesFile)) -> TemporalPart {
            let samples = file.contents.series.interleaved(by: \.label).map { series in
                TemporalPart.Sample(label: series.label) {
                    EventRecording(events: encoding.events(series, ranges), sensor: sensor)
                }
            }
            return TemporalPart(name: name, path: file.path, samples: samples, files: [file.path])
        }
        return (part(self.train, train), part(self.test, test))
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
