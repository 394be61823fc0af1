import Campaigns
import Files
import FoundationEssentials
import Studies

/// What the parts of a reproduction left in its folder.
public struct ReproductionResults: Sendable {
    public let plan: ReproductionPlan
    public let folder: String
    /// Looked at, one after another, for a part that is not complete here.
    private let others: [ReproductionResults]

    public init(_ plan: ReproductionPlan, folder: String, others: [ReproductionResults] = []) {
        self.plan = plan
        self.folder = folder
        self.others = others
    }

    /// The folder of a part's trainings.
    public func runFolder(_ part: ReproductionPlan.Part) -> String { "\(folder)/runs/\(part.folder)" }

    private func part(_ name: String) -> ReproductionPlan.Part? { plan.parts.first { $0.name == name } }

    /// Those that have a part, itself where none has.
    func having(_ name: String) -> ReproductionResults {
        ([self] + others).first { results in
            results.reportPath(name).map { FileManager.default.fileExists(atPath: $0) } ?? false
        } ?? self
    }

    private func reportPath(_ name: String) -> String? {
        part(name).map { "\(runFolder($0))/\($0.figure).json" }
    }

    /// Of a part that is complete.
    func curves(_ name: String) -> CurveStudy.Report? { having(name).read(name) }

    /// Of a part that is complete.
    func comparison(_ name: String) -> ComparisonReport? { having(name).read(name) }

    private func read<Report: Decodable>(_ name: String) -> Report? {
        reportPath(name).flatMap { try? InputFile.read($0, limit: 1 << 28) }.flatMap {
            try? JSONDocument.decode(Report.self, from: $0)
        }
    }

    /// Of the trainings of a part, on one thread.
    func seconds(_ name: String) -> Double? {
        part(name).flatMap { try? CampaignSummary(reading: runFolder($0)).seconds }
    }

    /// The call that made a part.
    func call(_ name: String) -> String { part(name)?.call(output: folder) ?? "" }
}
