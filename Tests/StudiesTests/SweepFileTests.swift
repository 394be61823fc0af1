import Files
import TestSupport
import Testing

@testable import Studies

/// Sweeps as files.
struct SweepFileTests {
    private func load(_ text: String) throws -> SweepFile {
        let folder = try TemporaryFolder()
        return try SweepFile.load(folder.write("{\"schema\": \"sqsnn.sweep/1\", \(text)}", as: "sweep.json"))
    }

    @Test("all combinations, the last option changing first, each with the fixed options")
    func grid() throws {
        let file = try load(
            """
            "fixed": {"epochs": 2}, "grid": {"model": ["sqs", "lif"], "hidden": [10, 20]}, "match": 500
            """)
        #expect(
            file.points.map(\.name) == [
                "hidden=10 model=sqs", "hidden=10 model=lif", "hidden=20 model=sqs", "hidden=20 model=lif",
            ])
        #expect(file.entries[1].options == ["epochs": "2", "hidden": "10", "model": "lif"])
        #expect(file.entries.allSatisfy { $0.match == .count(500) })
    }

    @Test("random values are the same each time, in their ranges, for each combination of the grid")
    func free() throws {
        let text = """
            "grid": {"model": ["sqs", "lif"]}, "free": {"learning-rate": {"low": 0.001, "high": 0.1, "scale": "log"}},
            "trials": 3
            """
        let points = try load(text).points
        #expect(try load(text).points == points && points.count == 6 && Set(points).count == 6)
        #expect(
            points.prefix(3).map { $0.values["learning-rate"] }
                == points.suffix(3).map { $0.values["learning-rate"] })
    }

    @Test(
        "what is no sweep is told with its place",
        arguments: [
            ("\"seeds\": 2", "found neither grid nor free"),
            ("\"grid\": {\"hidden\": []}", "grid.hidden: found an empty list"),
            ("\"grid\": {\"hidden\": [1, 1]}", "grid.hidden: found 1 twice"),
            (
                "\"grid\": {\"hidden\": [1]}, \"fixed\": {\"hidden\": 2}",
                "hidden: found in two of fixed, grid and free"
            ),
            ("\"grid\": {\"hidden\": [1]}, \"trials\": 2", "trials: expected beside free"),
            ("\"free\": {\"hidden\": [1, 2]}", "trials: expected beside free"),
        ])
    func refused(text: String, message: String) {
        let error = #expect(throws: ComparisonError.self) { try load(text) }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }
}
