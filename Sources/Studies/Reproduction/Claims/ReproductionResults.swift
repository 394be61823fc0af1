import Campaigns
import Files
import Foundation
import Studies

/// What the parts of a reproduction left in its folder.
public struct ReproductionResults: Sendable {
    public let plan: ReproductionPlan
    public let folder: String

    public init(_ plan: ReproductionPlan, folder: String) {
        self.plan = plan
        self.folder = folder
    }

    /// The folder of a part's trainings.
    public func runFolder(_ part: ReproductionPlan.Part) -> String { "\(folder)/runs/\(part.folder)" }

    func part(_ name: String) -> ReproductionPlan.Part? { plan.parts.first { $0.name == name } }

    /// Of a part that is complete.
    func curves(_ name: String) -> CurveStudy.Report? { read(name) }

    /// Of a part that is complete.
    func comparison(_ name: String) -> ComparisonReport? { read(name) }

    private func read<Report: Decodable>(_ name: String) -> Report? {
        guard let part = part(name) else { return nil }
        let path = "\(runFolder(part))/\(part.figure).json"
        return (try? InputFile.read(path, limit: 1 << 28)).flatMap {
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
