import Campaigns
import Files
import FoundationEssentials
import Glibc

/// The folder of a search: its campaign, a copy of its space, and what came of it.
struct SearchFolder {
    static let spaceName = "search.json"
    static let tableName = "trials.csv"

    let path: String

    private var spacePath: String { "\(path)/\(Self.spaceName)" }

    /// Makes the folder that of a search, or sees to it that it is that already.
    ///
    /// - Throws: ``SearchError`` for the folder of another search, `CampaignError` for that of another campaign, `FileError`.
    func claim(for space: SearchSpace) throws {
        let made = try Folder.make(path)
        // Of several processes, one at a time looks and writes.
        let lock = try FolderLock(path, isWaiting: true)
        do {
            guard FileManager.default.fileExists(atPath: spacePath) else {
                if CampaignSummary.isCampaign(path) {
                    let found = try CampaignSummary(reading: path).kind
                    guard found == Search.campaignKind else {
                        throw CampaignError.otherKind(path, found: found, expected: Search.campaignKind)
                    }
                    throw SearchError.noSpace(path)
                }
                return try write(space, as: Self.spaceName)
            }
            let differences = try JSONDocument.differenceTexts(try stored(), space)
            guard differences.isEmpty else {
                throw SearchError.otherSearch(path, differences: differences)
            }
        } catch {
            lock.remove(made)
            throw error
        }
    }

    private func stored() throws -> SearchSpace {
        let text = try InputFile.read(spacePath, limit: InputFile.textLimit)
        do throws(JSONDocument.Problem) {
            return try JSONDocument.decode(SearchSpace.self, from: text)
        } catch {
            throw SearchError.damaged(spacePath, problem: error.text)
        }
    }

    private func write(_ value: some Encodable, as name: String) throws {
        try AtomicFile.write(JSONDocument.encode(value, .indented), to: "\(path)/\(name)")
    }

    /// Writes what came of a search: report, table, and the recipe of the best trial of each subject.
    func write(_ standings: [SearchStanding], of search: Search) throws -> SearchReport {
        let report = SearchReport(search, standings)
        for standing in standings {
            guard let best = standing.best(of: search.space) else { continue }
            var recipe = best.configuration.recipe
            // Not a name of the catalogue, in whose recipe it would be looked for.
            recipe.name = "\(standing.subject.name) of a search"
            try AtomicFile.write(
                JSONDocument.encode(recipe, .indented),
                to: "\(path)/\(Self.recipeName(of: standing.subject.name))")
        }
        try AtomicFile.write(
            Array((report.table.joined(separator: "\n") + "\n").utf8), to: "\(path)/\(Self.tableName)")
        try write(report, as: "report.json")
        return report
    }

    /// The file with the best recipe of a subject, as in `lif-on-mnist.recipe.json`.
    static func recipeName(of subject: String) -> String {
        PathComponent.safe(subject.replacing(" ", with: "-")) + ".recipe.json"
    }
}
