import EventRecordings
import Files
import Foundation
import TestSupport
import Testing

@testable import SpikeDatasets

/// Series as lines of text and as arrays of numpy.
struct SeriesTableTests {
    private func read(
        _ text: String, as name: String = "a.csv", label: SeriesFile.LabelPosition = .first
    ) throws -> SeriesFile {
        let folder = try TemporaryFolder()
        return try SeriesFile(path: try folder.write(text, as: name), labelPosition: label)
    }

    private func series(_ values: [Double], _ label: Int) -> SeriesFile.Series {
        SeriesFile.Series(values: [values], label: label)
    }

    @Test("a class and numbers a line; classes by size or by the alphabet; a first line of words is a header")
    func lines() throws {
        let numeric = try read("10,1,2.5,-3e2\n\n2, 4 ,5\r\n1.0000e+01,6\n")
        #expect(numeric.classNames == ["2", "10"])
        #expect(numeric.series == [series([1, 2.5, -300], 1), series([4, 5], 0), series([6], 1)])
        let words = try read("class,t0,t1\nup,1,2\ndown,3,4\n")
        #expect(words.classNames == ["down", "up"])
        #expect(words.series == [series([1, 2], 1), series([3, 4], 0)])
        let last = try read("t0,t1,class\n1,2,up\n3,4,down\n", label: .last)
        #expect(last.classNames == words.classNames && last.series == words.series)
    }

    @Test("tabs, and padding at the end, as the UCR archive of 2018 has them")
    func archive() throws {
        let file = try read("1\t0.5\t0.25\tNaN\n-1\t1\t2\t3\n", as: "a.tsv")
        #expect(file.classNames == ["-1", "1"])
        #expect(file.series == [series([0.5, 0.25], 1), series([1, 2, 3], 0)])
    }

    @Test(
        "what is no series is told with its line",
        arguments: [
            ("", "line 1: found no series"), ("a,b,c\n", "line 1: found no series"),
            ("1,2\n1,x\n", "line 2: found 'x', expected a number"),
            ("1,2\nclass,t0,t1\n", "line 2: found 't0', expected a number"),
            ("1\n", "line 1: found '1', expected a class and numbers"),
            ("1,2\n,3\n", "line 2: found no class"), ("1,nan\n", "line 1: found no numbers"),
            ("1,2,nan,3\n", "line 1: found nan between numbers"), ("1,inf\n", "line 1: found 'inf'"),
            (
                (0..<300).map { "c\($0),1\n" }.joined(),
                "found 300 classes, expected at most 256; is the class last in a line?"
            ),
        ])
    func errors(text: String, message: String) {
        let error = #expect(throws: DatasetError.self) { try read(text) }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    /// Files that numpy saved: `Tests/Golden/events/series_files.py`.
    static let files: [String: Data] = {
        let data = try? Golden.data("events/series.json")
        return data.flatMap { try? JSONDecoder().decode([String: Data].self, from: $0) } ?? [:]
    }()

    private func arrays(_ name: String, labels: String? = nil, as file: String) throws -> SeriesFile {
        let folder = try TemporaryFolder()
        let path = try folder.write(Array(try #require(Self.files[name])), as: file)
        if let labels { try folder.write(Array(try #require(Self.files[labels])), as: "labels.npy") }
        return try SeriesFile(path: path)
    }

    @Test("arrays of numpy, of two and of three dimensions, in either order, with padding")
    func numpy() throws {
        #expect(Self.files.count == 8)
        let expected = [
            SeriesFile.Series(values: [[0, 1, 2], [3, 4, 5]], label: 1),
            SeriesFile.Series(values: [[6, 7], [9, 10]], label: 0),
        ]
        for name in ["cube.npy", "cube-column-major.npy", "cube-big-endian.npy"] {
            let file = try arrays(name, labels: "labels.npy", as: "a.npy")
            #expect(file.series == expected && file.classNames == ["3", "7"], "\(name)")
        }
        #expect(try arrays("cube.npz", as: "a.npz").series == expected)
        #expect(
            try arrays("matrix.npz", as: "a.npz").series == [series([0, 1, 2], 1), series([3, 4, 5], 0)])
        func message(_ body: () throws -> SeriesFile) -> String {
            (#expect(throws: DatasetError.self) { try body() })?.description ?? ""
        }
        #expect(message { try arrays("cube.npy", as: "a.npy") }.contains("labels.npy: cannot be read"))
        #expect(
            message { try arrays("bad-hole.npz", as: "a.npz") }.contains(
                "sample 1: found what is no number"))
        #expect(message { try arrays("cube.npy", as: "a.npz") }.contains("no directory of a ZIP archive"))
        #expect(
            message { try arrays("labels.npy", labels: "labels.npy", as: "a.npy") }.contains(
                "found numbers of shape 2 and classes of 2"))
    }

    @Test("a data set of one's own: classes are those of the series to learn from")
    func own() async throws {
        let folder = try TemporaryFolder()
        let train = try folder.write("a,0,1\nb,1,0\nb,0,0\n", as: "train.csv")
        let test = try folder.write("b\t1\t1\n", as: "test.tsv")
        let entry = try CatalogEntry(series: "mine", train: train, test: test)
        #expect(entry.classNames == ["a", "b"] && entry.isTemporal)
        let splits = try await entry.load(
            EventInput(series: .population(2), bins: .span(1000)), stepCount: 2,
            from: DatasetSearchPath(only: folder))
        guard case (.spikes(let learned), .spikes(let judged)) = (splits.train, splits.test) else { return }
        #expect(learned.labels == [0, 1, 1] && judged.labels == [1])
        #expect(splits.note == "3 series to learn from, 1 to judge by")
        let raster = learned.raster([0])
        let inputs = (0..<2).map { raster.activeNeurons(sample: 0, step: $0) }
        #expect(inputs.allSatisfy { $0.count == 1 } && inputs[0] != inputs[1])
        let other = try folder.write("c,1\n", as: "other.csv")
        await #expect(throws: DatasetError.self) {
            try await CatalogEntry(series: "mine", train: train, test: other).load(
                nil, stepCount: 2, from: DatasetSearchPath(only: folder))
        }
    }

    /// A step of time has the mean of its numbers, the last one before where there is none, and 0 after the end.
    @Test("which numbers a step has")
    func steps() {
        func steps(_ length: Int, _ count: Int, _ division: EventBinning.Division = .time) -> [[Int]] {
            SeriesDataset.steps(length: length, stepCount: count, division).map(Array.init)
        }
        #expect(steps(6, 3) == [[0, 1], [2, 3], [4, 5]])
        #expect(steps(5, 3) == [[0, 1], [2, 3], [4]])
        #expect(steps(2, 5) == [[0], [0], [1], [1], [1]])
        #expect(steps(3, 4, .span(1000)) == [[0], [1], [2], []])
        #expect(steps(5, 3, .span(2000)) == [[0, 1], [2, 3], [4]])
        #expect(steps(2, 5, .span(500)) == [[0], [0], [1], [1], []])
        #expect(steps(2, 3, .span(.max)) == [[0, 1], [], []])
    }

    @Test("series as currents: mean 0 and deviation 1 of each dimension over those to learn from")
    func currents() async throws {
        let folder = try TemporaryFolder()
        let train = try folder.write("a,0,2\nb,4,6\na,0,6\n", as: "train.csv")
        let test = try folder.write("b,3,103\n", as: "test.csv")
        let entry = try CatalogEntry(series: "mine", train: train, test: test)
        let input = EventInput(series: .currents, bins: .span(1000))
        let splits = try await entry.load(input, stepCount: 3, from: DatasetSearchPath(only: folder))
        guard case (.series(let learned), .series(let judged)) = (splits.train, splits.test) else {
            Issue.record("series come as they are")
            return
        }
        // Mean 3, variance (9 + 1 + 1 + 9 + 9 + 9) / 6.
        let deviation = (38.0 / 6).squareRoot()
        let numbers = [0, 2, 4, 6, 0, 6].map { Float(($0 - 3) / deviation) }
        #expect(learned.labels == [0, 1, 0] && judged.labels == [1])
        #expect(
            learned.values.values == [
                numbers[0], numbers[1], 0, numbers[2], numbers[3], 0, numbers[4], numbers[5], 0,
            ])
        #expect(judged.values.values == [0, Float(100 / deviation), 0])
        #expect(splits.train.suffix(1).labels == [0] && splits.train.prefix(2).count == 2)
        guard case .series(let last) = splits.train.suffix(1) else { return }
        #expect(last.values.values == [numbers[4], numbers[5], 0])
        #expect(splits.files.map(\.path) == [train, test])
        #expect(splits.files[0].contentDigest != splits.files[1].contentDigest)
        let paths = try learned.writeArrays(to: folder.path, part: "train")
        let array = try #require(NPYArray(contents: InputFile.read(paths[0])))
        #expect(array.header.dimensions == [3, 3, 1] && array.number([1, 1, 0]) == Double(numbers[3]))
        for wrong in [
            EventInput(series: .currents, transforms: try EventPipeline(["polarity=on"])),
            EventInput(series: .currents, bins: .events),
        ] {
            await #expect(throws: DatasetError.self) {
                try await entry.load(wrong, stepCount: 3, from: DatasetSearchPath(only: folder))
            }
        }
        #expect(throws: DatasetError.self) { try entry.sample(0, isTest: false, input) }
    }
}
