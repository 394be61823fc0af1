import Diagnostics
import Foundation
import SpikeLearning

/// The folder of a study: `study.json` with the settings, `cells/TASK.jsonl` with one line for each trained network.
///
/// Every write is atomic: each file is whole, whatever happens. The settings are those that decide a cell's result, so
/// that cells of different settings never mix; tasks, models, budgets and seeds can be added at any time.
public struct StudyFolder: Sendable, Hashable {
    public let path: String

    struct Settings: Codable, Equatable {
        static let currentSchema = "sqsnn.memory-study/1"

        var schema = Settings.currentSchema
        var recipe: StudyRecipe
    }

    /// Makes the folder, or finds it with the same settings.
    ///
    /// - Throws: ``StudyError`` for other settings or a malformed file, `FileError` where it cannot be written.
    public init(path: String, recipe: StudyRecipe) throws {
        self.path = path
        do {
            try FileManager.default.createDirectory(
                atPath: path + "/cells", withIntermediateDirectories: true)
        } catch {
            throw StudyError.notWritable(path, reason: error.localizedDescription)
        }
        let asked = Settings(recipe: recipe)
        guard let data = FileManager.default.contents(atPath: settingsPath) else {
            try AtomicFile.write(JSONDocument.encode(asked, .indented), to: settingsPath)
            return
        }
        let found = try decode(Settings.self, from: data, of: settingsPath)
        guard found == asked else {
            throw StudyError.otherSettings(path, differences: try Self.differences(found, asked))
        }
    }

    private var settingsPath: String { path + "/study.json" }

    private func cellsPath(_ task: String) -> String { "\(path)/cells/\(task).jsonl" }

    /// The finished cells of a task, in the order in which they were finished.
    ///
    /// - Throws: ``StudyError/malformed(_:place:problem:)``.
    public func results(of task: TemporalTask) throws -> [CellResult] {
        let file = cellsPath(task.name)
        guard let data = FileManager.default.contents(atPath: file) else { return [] }
        return try data.split(separator: UInt8(ascii: "\n")).enumerated().map { index, line in
            try decode(CellResult.self, from: Data(line), of: file, line: index + 1)
        }
    }

    /// Writes the finished cells of a task.
    func write(_ results: [CellResult], of task: TemporalTask) throws {
        let lines = try results.flatMap { try JSONDocument.encode($0) + [UInt8(ascii: "\n")] }
        try AtomicFile.write(lines, to: cellsPath(task.name))
    }

    private func decode<Value: Decodable>(
        _ type: Value.Type, from data: Data, of file: String, line: Int? = nil
    ) throws(StudyError) -> Value {
        do throws(JSONDocument.Problem) {
            return try JSONDocument.decode(type, from: data, .oldNames)
        } catch {
            let places = [line.map { "line \($0)" } ?? "", error.place].filter { !$0.isEmpty }
            throw .malformed(file, place: places.joined(separator: " "), problem: error.problem)
        }
    }

    private static func differences(_ found: Settings, _ asked: Settings) throws -> [String] {
        let (found, asked) = (try JSONDocument.fields(of: found), try JSONDocument.fields(of: asked))
        return Set(found.keys).union(asked.keys).sorted().compactMap { key in
            let (left, right) = (found[key] ?? "none", asked[key] ?? "none")
            return left == right ? nil : "\(key) is \(left), not \(right)"
        }
    }
}
