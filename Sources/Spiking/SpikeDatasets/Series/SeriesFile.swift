import Files

/// Labelled series of real numbers, as a file has them.
///
/// | name | series |
/// |---|---|
/// | `.ts` | UEA and UCR archives, any number of dimensions |
/// | `.csv` | a line each: the class, then the numbers, one dimension; a first line without a number is passed over |
/// | `.tsv` | the same with tabs, as the UCR archive of 2018 |
/// | `.npy` | an array `[sample][step]` or `[sample][dimension][step]`; classes in `NAME_labels.npy` or `labels.npy` beside it |
/// | `.npz` | the same as arrays `X` (`x`, `data`) and `y` (`labels`) |
///
/// Of all but `.ts`, "not a number" at the end of a series, of all its dimensions, is padding: the series ends there. Anywhere else it is an error.
public struct SeriesFile: Sendable {
    /// One series.
    public struct Series: Sendable, Hashable {
        /// `[dimension][step]`, all of one length of at least 1.
        public var values: [[Double]]
        /// The place of its class in ``SeriesFile/classNames``.
        public var label: Int

        public init(values: [[Double]], label: Int) { (self.values, self.label) = (values, label) }
    }

    /// Where the class stands in a line of a `.csv` or `.tsv` file.
    public enum LabelPosition: Sendable, Hashable { case first, last }

    /// Of `.ts` in the order of its header; else of those that occur, by size where all are numbers, by the alphabet where not. At most 256.
    public let classNames: [String]
    public let series: [Series]
    /// The files that were read.
    let paths: [String]

    /// Bytes of a file at most.
    static let sizeLimit = 1 << 30

    public var dimensionCount: Int { series[0].values.count }

    init(classNames: [String], series: [Series], paths: [String]) {
        (self.classNames, self.series, self.paths) = (classNames, series, paths)
    }

    /// - Parameters:
    ///   - path: a file, whose format its name says.
    ///   - labelPosition: of `.csv` and `.tsv`.
    /// - Throws: ``DatasetError/unreadable(_:)``, ``DatasetError/damaged(path:_:)`` with ``FileFault/series(line:problem:)`` or
    ///   ``FileFault/seriesArray(problem:)``.
    public init(path: String, labelPosition: LabelPosition = .first) throws(DatasetError) {
        if path.hasSuffix(".npz") {
            (classNames, series) = try SeriesArrays.archive(path: path)
            paths = [path]
            return
        }
        if path.hasSuffix(".npy") {
            let labelPath = SeriesArrays.labelPath(of: path)
            (classNames, series) = try SeriesArrays.files(path: path, labelPath: labelPath)
            paths = [path, labelPath]
            return
        }
        let bytes = try DatasetError.reading { () throws(FileError) in
            try InputFile.read(path, limit: Self.sizeLimit)
        }
        do throws(FileFault) {
            switch path {
            case _ where path.hasSuffix(".csv"):
                (classNames, series) = try SeriesTable.read(bytes, separator: ",", labelPosition)
            case _ where path.hasSuffix(".tsv"):
                (classNames, series) = try SeriesTable.read(bytes, separator: "\t", labelPosition)
            default: (classNames, series) = try Self.archive(bytes)
            }
        } catch {
            throw .damaged(path: path, error)
        }
        paths = [path]
    }
}

/// Files of the UEA and UCR archives, `.ts`: lines of a header that begin with `@`, `@data`, then a series a line. Its dimensions stand one after
/// the other with colons between, numbers with commas between, the class at the end.
extension SeriesFile {
    fileprivate static func archive(_ bytes: [UInt8]) throws(FileFault) -> ([String], [Series]) {
        var (classNames, series): ([String]?, [Series]) = (nil, [])
        var isData = false
        for (index, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .enumerated()
        {
            func fault(_ problem: String) -> FileFault { .series(line: index + 1, problem: problem) }
            let text = String(decoding: line, as: UTF8.self).filter { $0 != "\r" }
            guard !text.isEmpty, !text.hasPrefix("#") else { continue }
            if isData {
                guard let classNames else {
                    throw fault("found series, expected @classLabel true and the classes before them")
                }
                let one = try Self.series(text, classNames, fault)
                if let first = series.first, first.values.count != one.values.count {
                    throw fault(
                        "found \(one.values.count) dimensions, expected \(first.values.count) as before")
                }
                series.append(one)
                continue
            }
            let words = text.split(separator: " ").map(String.init)
            switch words.first?.lowercased() {
            case "@data": isData = true
            case "@classlabel" where words.count > 2 && words[1].lowercased() == "true":
                classNames = Array(words[2...])
            case "@timestamps" where words.count > 1 && words[1].lowercased() != "false":
                throw fault("found series with times of their own, expected ones without")
            default: continue
            }
        }
        guard let classNames, !series.isEmpty else {
            throw .series(
                line: 1, problem: "found no series, expected @classLabel, @data and a series a line")
        }
        guard classNames.count <= 256, Set(classNames).count == classNames.count else {
            throw .series(
                line: 1, problem: "found \(classNames.count) classes, expected at most 256, each once")
        }
        return (classNames, series)
    }

    private static func series(
        _ text: String, _ classNames: [String], _ fault: (String) -> FileFault
    ) throws(FileFault) -> Series {
        var parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let name = String(parts.removeLast().filter { $0 != " " })
        guard let label = classNames.firstIndex(of: name) else {
            throw fault("found class '\(name)', expected one of \(classNames.joined(separator: ", "))")
        }
        guard !parts.isEmpty else { throw fault("found no numbers, expected a series before the class") }
        var values: [[Double]] = []
        for part in parts {
            var dimension: [Double] = []
            for word in part.split(separator: ",", omittingEmptySubsequences: false) {
                guard let value = Double(word.filter { $0 != " " }), value.isFinite else {
                    throw fault("found '\(word)', expected a number")
                }
                dimension.append(value)
            }
            values.append(dimension)
            guard dimension.count == values[0].count else {
                throw fault(
                    "found dimensions of \(values[0].count) and \(dimension.count) numbers, expected one length"
                )
            }
        }
        return Series(values: values, label: label)
    }
}
