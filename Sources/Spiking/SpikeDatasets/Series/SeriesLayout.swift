import EventRecordings

/// Series of real numbers, however they lie on disk.
protocol SeriesLayout: TemporalLayout {
    /// Numbers of a step.
    var dimensionCount: Int { get }
    /// Whether all dimensions are of one kind, and have one range and one scale.
    var hasOneScale: Bool { get }

    /// The series of both parts.
    ///
    /// - Throws: ``DatasetError/unreadable(_:)``, ``DatasetError/damaged(path:_:)``.
    func series(
        of entry: CatalogEntry, at paths: [String: String]
    ) throws(DatasetError) -> (train: SeriesPart, test: SeriesPart)
}

/// The series of one part of a data set.
struct SeriesPart {
    /// As ``DatasetFile/name``.
    let name: String
    /// The file, or the folder of the files.
    let path: String
    let contents: SeriesFile
}

extension SeriesLayout {
    var noun: String { "series" }
    var hasImages: Bool { false }

    func hasPolarities(_ input: EventInput) -> Bool {
        if case .delta = encoding(input) { true } else { false }
    }

    private func encoding(_ input: EventInput) -> SeriesEncoding {
        input.series ?? .population(SeriesEncoding.usualPopulation)
    }

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

    func parts(
        of entry: CatalogEntry, at paths: [String: String], _ input: EventInput
    ) throws -> (train: TemporalPart, test: TemporalPart) {
        let (train, test) = try series(of: entry, at: paths)
        // Of what is to judge by nothing is known beforehand.
        let ranges = train.contents.ofDimensions(asOne: hasOneScale) { numbers in
            (numbers.min() ?? 0)...(numbers.max() ?? 0)
        }
        let encoding = encoding(input)
        let sensor = encoding.sensor(dimensionCount: dimensionCount)
        func part(_ part: SeriesPart) -> TemporalPart {
            let samples = part.contents.series.interleaved(by: \.label).map { series in
                TemporalPart.Sample(label: series.label) {
                    (EventRecording(events: encoding.events(series, ranges), sensor: sensor), nil)
                }
            }
            return TemporalPart(
                name: part.name, path: part.path, samples: samples, files: part.contents.paths)
        }
        return (part(train), part(test))
    }
}

extension SeriesFile {
    /// Something of all numbers of each dimension, or, where they are as one, of those of all, for each.
    func ofDimensions<Result>(asOne: Bool, _ body: ([Double]) -> Result) -> [Result] {
        if asOne {
            let numbers = series.flatMap { $0.values.flatMap(\.self) }
            return [Result](repeating: body(numbers), count: dimensionCount)
        }
        return (0..<dimensionCount).map { dimension in body(series.flatMap { $0.values[dimension] }) }
    }
}
