import Files

/// Series as lines of text: the class and the numbers, with one sign between.
enum SeriesTable {
    /// - Throws: ``FileFault/series(line:problem:)``.
    static func read(
        _ bytes: [UInt8], separator: Character, _ labelPosition: SeriesFile.LabelPosition
    ) throws(FileFault) -> ([String], [SeriesFile.Series]) {
        var (names, values): ([String], [[Double]]) = ([], [])
        var isHeaderPossible = true
        for (index, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .enumerated()
        {
            let text = String(decoding: line, as: UTF8.self).filter { $0 != "\r" && $0 != "\u{FEFF}" }
            guard !text.allSatisfy(\.isWhitespace) else { continue }
            var words = text.split(separator: separator, omittingEmptySubsequences: false).map { word in
                String(word.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
            }
            func fault(_ problem: String) -> FileFault { .series(line: index + 1, problem: problem) }
            guard words.count > 1 else {
                throw fault("found '\(text.prefix(40))', expected a class and numbers")
            }
            let name = labelPosition == .first ? words.removeFirst() : words.removeLast()
            let isHeader = isHeaderPossible && words.allSatisfy { Double($0) == nil }
            isHeaderPossible = false
            if isHeader { continue }
            guard !name.isEmpty else { throw fault("found no class, expected one") }
            var series: [Double] = []
            for word in words {
                guard let value = Double(word), !value.isInfinite else {
                    throw fault("found '\(word)', expected a number")
                }
                series.append(value)
            }
            guard let length = series.lengthWithoutPadding else {
                throw fault(
                    "found \(series.contains { !$0.isNaN } ? "nan between" : "no") numbers, expected a series"
                )
            }
            names.append(name)
            values.append(Array(series[..<length]))
        }
        guard !names.isEmpty else { throw .series(line: 1, problem: "found no series, expected one a line") }
        guard let classes = SeriesClasses(names) else {
            throw .series(
                line: 1,
                problem: "found \(Set(names).count) classes, expected at most \(SeriesClasses.limit); "
                    + "is the class \(labelPosition == .first ? "last" : "first") in a line?")
        }
        let series = zip(values, classes.labels).map { SeriesFile.Series(values: [$0], label: $1) }
        return (classes.names, series)
    }
}

/// The classes that occur, in an order that does not depend on that of the series.
struct SeriesClasses {
    let names: [String]
    /// Of each series.
    let labels: [Int]

    static let limit = 256

    /// nil where there are more than ``limit``. Classes that are equal as numbers are one class.
    init?(_ texts: [String]) {
        let numbers = texts.map { Double($0) }
        let keys: [String] =
            numbers.contains { $0?.isFinite != true }
            ? texts : numbers.map { $0.map { Int(exactly: $0).map(String.init) ?? "\($0)" } ?? "" }
        let isNumeric = !numbers.contains { $0?.isFinite != true }
        names = Set(keys).sorted { isNumeric ? (Double($0) ?? 0) < (Double($1) ?? 0) : $0 < $1 }
        guard names.count <= Self.limit else { return nil }
        let places = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        labels = keys.map { places[$0] ?? 0 }
    }
}

extension Array<Double> {
    /// Numbers before those at the end that are none; nil where that leaves nothing, or others that are none.
    var lengthWithoutPadding: Int? {
        guard let last = lastIndex(where: { !$0.isNaN }), self[...last].allSatisfy({ !$0.isNaN }) else {
            return nil
        }
        return last + 1
    }
}
