import Files

/// Series of the UEA and UCR archives, `.ts`: lines of a header that begin with `@`, `@data`, then a series a line. Its dimensions stand one after the
/// other with colons between, numbers with commas between, the class at the end.
struct SeriesFile: Sendable {
    struct Series: Sendable, Hashable {
        /// `[dimension][time]`, all of one length.
        var values: [[Double]]
        var label: Int
    }

    let classNames: [String]
    let series: [Series]

    /// Bytes of a file at most.
    static let sizeLimit = 1 << 30

    /// - Throws: ``DatasetError/unreadable(_:)``, ``DatasetError/damaged(path:_:)`` with ``FileFault/series(line:problem:)``.
    init(path: String) throws(DatasetError) {
        let bytes = try DatasetError.reading { () throws(FileError) in
            try InputFile.read(path, limit: Self.sizeLimit)
        }
        do throws(FileFault) {
            try self.init(bytes)
        } catch {
            throw .damaged(path: path, error)
        }
    }

    private init(_ bytes: [UInt8]) throws(FileFault) {
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
        (self.classNames, self.series) = (classNames, series)
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
