import Files
import Foundation

/// The folder of a study: `study.json` with the settings, `cells/TASK.jsonl` with one line for each trained network.
///
/// Every write is atomic: each file is whole, whatever happens. Several processes may train cells of one study at a time. The settings are those that decide a cell's result, so
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
    /// - Throws: ``StudyError`` for other settings or a malformed file, `FileError` where it cannot be written; a folder that
    ///   was made is then removed.
    public init(path: String, recipe: StudyRecipe) throws {
        self.path = path
        let made = try Folder.make(path + "/cells")
        let lock = try FolderLock(path + "/cells", isWaiting: true)
        defer { withExtendedLifetime(lock) {} }
        let asked = Settings(recipe: recipe)
        guard FileManager.default.fileExists(atPath: settingsPath) else {
            do {
                try AtomicFile.write(JSONDocument.encode(asked, .indented), to: settingsPath)
            } catch {
                lock.remove(made)
                throw error
            }
            return
        }
        let data = Data(try InputFile.read(settingsPath))
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
        guard FileManager.default.fileExists(atPath: file) else { return [] }
        return try InputFile.read(file).split(separator: UInt8(ascii: "\n")).enumerated().map { index, line in
            let result = try decode(CellResult.self, from: Data(line), of: file, line: index + 1)
            if let problem = result.problem {
                throw StudyError.malformed(file, place: "line \(index + 1)", problem: problem)
            }
            return result
        }
    }

    /// Adds a finished cell to those of its task, which another process may have added to meanwhile.
    func add(_ result: CellResult, of cell: StudyCell) throws {
        let lock = try FolderLock(path + "/cells", isWaiting: true)
        try withExtendedLifetime(lock) {
            var kept = try results(of: cell.task)
            if kept.contains(where: { $0.belongs(to: cell) }) { return }
            kept.append(result)
            let lines = try kept.flatMap { try JSONDocument.encode($0) + [UInt8(ascii: "\n")] }
            try AtomicFile.write(lines, to: cellsPath(cell.task.name))
        }
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
        try JSONDocument.differences(found, asked).map { "\($0.field) is \($0.first), not \($0.second)" }
    }
}
