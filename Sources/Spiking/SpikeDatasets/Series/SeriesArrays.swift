import Files
import FoundationEssentials

/// Series as arrays of numpy: numbers in one, classes in another.
enum SeriesArrays {
    typealias Contents = (classNames: [String], series: [SeriesFile.Series])

    /// Names that the arrays of an archive may have.
    private static let (numberNames, labelNames) = (["X", "x", "data"], ["y", "labels"])

    /// - Throws: ``DatasetError/unreadable(_:)``, ``DatasetError/damaged(path:_:)``.
    static func archive(path: String) throws(DatasetError) -> Contents {
        let bytes = try bytes(path)
        do throws(FileFault) {
            let arrays: [String: (header: NPYHeader, elements: ArraySlice<UInt8>)]
            do throws(NPZFile.Fault) {
                arrays = try NPZFile.arrays(of: bytes)
            } catch {
                throw .seriesArray(problem: "byte \(error.offset): \(error.problem)")
            }
            func array(_ names: [String]) throws(FileFault) -> NPYArray {
                guard let found = names.lazy.compactMap({ arrays[$0] }).first,
                    let array = NPYArray(found.header, found.elements)
                else {
                    throw .seriesArray(
                        problem:
                            "found arrays \(arrays.keys.sorted().joined(separator: ", ")), expected one of numbers "
                            + "called \(names.joined(separator: " or "))")
                }
                return array
            }
            return try contents(array(numberNames), array(labelNames))
        } catch {
            throw .damaged(path: path, error)
        }
    }

    /// - Parameters:
    ///   - path: of the numbers.
    ///   - labelPath: of the classes.
    static func files(path: String, labelPath: String) throws(DatasetError) -> Contents {
        func array(_ path: String) throws(DatasetError) -> NPYArray {
            guard let array = NPYArray(contents: try bytes(path)) else {
                throw .damaged(path: path, .seriesArray(problem: "found no array of numbers, expected one"))
            }
            return array
        }
        let (numbers, labels) = (try array(path), try array(labelPath))
        do throws(FileFault) {
            return try contents(numbers, labels)
        } catch {
            throw .damaged(path: path, error)
        }
    }

    /// The file of the classes beside one of numbers: `NAME_labels.npy`, else `labels.npy`.
    static func labelPath(of path: String) -> String {
        let own = "\(path.dropLast(4))_labels.npy"
        return FileManager.default.fileExists(atPath: own) ? own : "\(Folder.above(path))/labels.npy"
    }

    private static func bytes(_ path: String) throws(DatasetError) -> [UInt8] {
        try DatasetError.reading { () throws(FileError) in
            try InputFile.read(path, limit: SeriesFile.sizeLimit)
        }
    }

    private static func contents(_ numbers: NPYArray, _ labels: NPYArray) throws(FileFault) -> Contents {
        let shape = numbers.header.dimensions
        guard shape.count == 2 || shape.count == 3, let count = shape.first, let length = shape.last,
            count > 0, length > 0, !shape.contains(0), labels.header.dimensions == [count]
        else {
            func text(_ dimensions: [Int]) -> String { dimensions.map(String.init).joined(separator: " × ") }
            throw .seriesArray(
                problem:
                    "found numbers of shape \(text(shape)) and classes of \(text(labels.header.dimensions)), expected "
                    + "samples × steps or samples × dimensions × steps, and a class a sample")
        }
        let names = (0..<count).map { "\(labels.number([$0]))" }
        guard let classes = SeriesClasses(names) else {
            throw .seriesArray(
                problem: "found \(Set(names).count) classes, expected at most \(SeriesClasses.limit)")
        }
        let dimensionCount = shape.count == 3 ? shape[1] : 1
        var series: [SeriesFile.Series] = []
        for sample in 0..<count {
            let values = (0..<dimensionCount).map { dimension in
                (0..<length).map { step in
                    numbers.number(shape.count == 3 ? [sample, dimension, step] : [sample, step])
                }
            }
            let lengths = values.map(\.lengthWithoutPadding)
            guard let own = lengths[0], lengths.allSatisfy({ $0 == own }),
                !values.contains(where: { $0.contains(where: \.isInfinite) })
            else {
                throw .seriesArray(
                    problem:
                        "sample \(sample): found what is no number, expected numbers, and padding only at the end "
                        + "of all dimensions")
            }
            series.append(
                SeriesFile.Series(values: values.map { Array($0[..<own]) }, label: classes.labels[sample]))
        }
        return (classes.names, series)
    }
}
