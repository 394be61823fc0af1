import Campaigns
import Files
import FoundationEssentials
import Glibc
import Runs

/// What the names of a comparison's folder stand for: `models.json`, so that a name means one thing in a folder for ever.
struct ContenderFile: Codable {
    static let fileName = "models.json"
    static let schema = "sqsnn.compared-models/1"

    struct Model: Codable {
        var name: String
        var group: String?
        var configuration: RunConfiguration
    }

    var schema = ContenderFile.schema
    var models: [Model] = []

    /// Adds models to a folder's, which is made if it is new.
    ///
    /// - Throws: ``ComparisonError``, `CampaignError` for a folder of other work, `FileError`.
    static func claim(_ folder: String, kind: String, _ contenders: [Contender]) throws {
        if CampaignSummary.isCampaign(folder) {
            let found = try CampaignSummary(reading: folder).kind
            guard found == kind else {
                throw CampaignError.otherKind(folder, found: found, expected: kind)
            }
        }
        let made = try Folder.make(folder)
        let lock = try FolderLock(folder, file: ".models", isWaiting: true)
        do {
            let path = "\(folder)/\(fileName)"
            var file = try read(path)
            let before = file.models.count
            for contender in contenders { try file.add(contender, folder) }
            if file.models.count > before {
                try AtomicFile.write(JSONDocument.encode(file, .indented), to: path)
            }
        } catch {
            lock.remove(made)
            throw error
        }
        withExtendedLifetime(lock) {}
    }

    private static func read(_ path: String) throws -> ContenderFile {
        guard FileManager.default.fileExists(atPath: path) else { return ContenderFile() }
        let text = try InputFile.read(path, limit: InputFile.textLimit)
        do throws(JSONDocument.Problem) {
            return try JSONDocument.decode(
                ContenderFile.self, from: text, schema: \.schema, expected: schema)
        } catch {
            throw ComparisonError.damaged(path, problem: error.text)
        }
    }

    private mutating func add(_ contender: Contender, _ folder: String) throws {
        var configuration = contender.configuration
        // Which release began a comparison was not asked for.
        configuration.version = ""
        let known = models.first {
            $0.name == contender.name && $0.group == contender.group
                && $0.configuration.dataset == contender.dataset
        }
        guard let known else {
            models.append(
                Model(name: contender.name, group: contender.group, configuration: configuration))
            return
        }
        let differences = try known.configuration.differences(from: configuration)
        guard differences.isEmpty else {
            throw ComparisonError.otherComparison(
                folder, entry: contender.title, differences: differences)
        }
    }
}
