import Compute
import EventRecordings
import Files
import SpikeTrains

/// Labelled series of real numbers in steps, which a network is given in place of spikes.
public struct SeriesDataset: Sendable {
    /// The catalogue name of the data set it comes from.
    public let name: String
    /// One name a class, in the order of the labels.
    public let classNames: [String]
    /// The class of each sample, `0 ..< classCount`.
    public let labels: [UInt8]
    /// Of all samples.
    public let values: ValueSeries
    /// Numbers of a dimension of each sample, as read.
    private let lengths: [Int]

    public var count: Int { labels.count }
    public var stepCount: Int { values.stepCount }
    public var inputCount: Int { values.inputCount }
    public var classCount: Int { classNames.count }

    /// What became of the series, as a line.
    public var account: String {
        let (least, greatest) = (lengths.min() ?? 0, lengths.max() ?? 0)
        return
            "\(least) to \(greatest) numbers of \(inputCount) dimensions in \(stepCount) steps, mean 0 and "
            + "deviation 1 over the series to learn from"
    }

    /// The samples at some positions, in the order given.
    public func subset(_ indices: [Int]) -> SeriesDataset {
        SeriesDataset(
            name: name, classNames: classNames, labels: indices.map { labels[$0] },
            values: values.gathered(indices), lengths: indices.map { lengths[$0] })
    }

    /// Writes the set as NumPy arrays: `PART-values.npy`, `[sample][step][input]` of 32-bit floating-point numbers, and `PART-labels.npy`, a
    /// byte a sample.
    ///
    /// - Returns: the paths.
    /// - Throws: `FileError`.
    public func writeArrays(to folder: String, part: String) throws(FileError) -> [String] {
        var numbers: [UInt8] = []
        for value in values.values { numbers.append(littleEndian: value.bitPattern) }
        let files = [
            ("values", NPYHeader.bytes(type: "'<f4'", [count, stepCount, inputCount]) + numbers),
            ("labels", NPYHeader.bytes(type: "'|u1'", [count]) + labels),
        ]
        let paths = files.map { "\(folder)/\(part)-\($0.0).npy" }
        for (path, file) in zip(paths, files) { try AtomicFile.write(file.1, to: path) }
        return paths
    }
}

extension SeriesDataset {
    /// How the numbers of each dimension are made comparable.
    struct Scale {
        private let dimensions: [(mean: Double, deviation: Double)]

        /// - Parameters:
        ///   - file: of the series to learn from: of those to judge by nothing is known beforehand.
        ///   - isOne: whether all dimensions have the same.
        init(_ file: SeriesFile, isOne: Bool) {
            dimensions = file.ofDimensions(asOne: isOne) { numbers in
                let mean = numbers.reduce(0, +) / Double(numbers.count)
                let variance = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(numbers.count)
                return (mean, variance > 0 ? variance.squareRoot() : 1)
            }
        }

        func callAsFunction(_ number: Double, dimension: Int) -> Float {
            let (mean, deviation) = dimensions[dimension]
            let range = ValueSeries.range
            return min(max(Float((number - mean) / deviation), range.lowerBound), range.upperBound)
        }
    }

    /// - Parameter division: what a step is; not one of events.
    init(
        name: String, _ file: SeriesFile, _ scale: Scale, stepCount: Int, _ division: EventBinning.Division
    ) throws(SpikeTrainError) {
        let series = file.series.interleaved(by: \.label)
        var values: [Float] = []
        values.reserveCapacity(series.count * stepCount * file.dimensionCount)
        for one in series {
            let steps = Self.steps(length: one.values[0].count, stepCount: stepCount, division)
            for numbers in steps {
                for dimension in 0..<file.dimensionCount {
                    let sum = numbers.reduce(0) { $0 + one.values[dimension][$1] }
                    values.append(
                        numbers.isEmpty ? 0 : scale(sum / Double(numbers.count), dimension: dimension))
                }
            }
        }
        self.init(
            name: name, classNames: file.classNames, labels: series.map { UInt8($0.label) },
            values: try ValueSeries(
                values, sampleCount: series.count, stepCount: stepCount, inputCount: file.dimensionCount),
            lengths: series.map { $0.values[0].count })
    }

    /// The numbers whose mean each step has: those within its time, the last one before where there are none, and none after the end.
    static func steps(length: Int, stepCount: Int, _ division: EventBinning.Division) -> [Range<Int>] {
        // A step takes `span` of `unit` numbers.
        let (span, unit) =
            switch division {
            case .span(let span): (Int(min(span, Int64(length) * 1000)), 1000)
            case .time, .events: (length, stepCount)
            }
        return (0..<stepCount).map { step in
            let (begin, end) = (step * span, (step + 1) * span)
            let first = min(begin.dividedRoundingUp(by: unit), length)
            let last = min(end.dividedRoundingUp(by: unit), length)
            if first < last { return first..<last }
            let before = begin / unit
            return before < length ? before..<before + 1 : 0..<0
        }
    }
}

extension CatalogEntry {
    /// Reads series as the numbers that they are.
    ///
    /// - Throws: as ``load(_:stepCount:from:)``.
    func readSeries(
        _ layout: any SeriesLayout, _ input: EventInput, stepCount: Int, from searchPath: DatasetSearchPath
    ) throws -> DatasetSplits<SeriesDataset> {
        let (train, test) = try layout.series(of: self, at: paths(in: searchPath))
        let scale = SeriesDataset.Scale(train.contents, isOne: layout.hasOneScale)
        func dataset(_ part: SeriesPart) throws -> SeriesDataset {
            try SeriesDataset(name: name, part.contents, scale, stepCount: stepCount, input.bins)
        }
        let files = try [train, test].map { part in
            DatasetFile(
                name: part.name, path: part.path,
                contentDigest: try TemporalPart.digest(of: part.contents.paths, under: part.path),
                verification: .nothingToCompare)
        }
        return DatasetSplits(train: try dataset(train), test: try dataset(test), files: files, note: note)
    }
}
