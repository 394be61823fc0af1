import Campaigns
import Files

/// What stands in the folder of a campaign: how far it is, its figures, its tables.
public struct FolderReport: Sendable {
    private let folder: String
    private let summary: CampaignSummary
    private let names: [String]

    /// Bytes of a picture in lines, above which its pixels are taken.
    private static let vectorLimit = 400_000

    /// - Throws: ``ReportError/nothingToReport(_:)``, `CampaignError`, `FileError`.
    public init(_ folder: String) throws {
        guard CampaignSummary.isCampaign(folder) else { throw ReportError.nothingToReport(folder) }
        self.folder = folder
        summary = try CampaignSummary(reading: folder)
        names = Folder.names(in: folder)
    }

    public func page() throws -> ReportPage {
        ReportPage(
            title: "\(summary.kind): \(folder)",
            summary: "\(summary.done) trainings done, \(summary.waiting + summary.running.count) to do, "
                + "\(summary.failed.count) failed; \(timeText(summary.seconds)) of one thread",
            sections: try sections(""))
    }

    /// The same as parts of a page about more.
    ///
    /// - Parameter prefix: before each heading.
    public func sections(_ prefix: String) throws -> [ReportPage.Section] {
        var sections: [ReportPage.Section] = []
        let pictures = try pictures()
        if !pictures.isEmpty { sections.append(.init(prefix + "Figures", [.pictures(pictures)])) }
        let tables = try tables()
        if !tables.isEmpty { sections.append(.init(prefix + "Numbers", tables)) }
        if !summary.failed.isEmpty {
            let rows = summary.failed.map { [$0.cell, $0.reason] }
            sections.append(
                .init(
                    prefix + "What failed",
                    [
                        .table(
                            ReportTable(
                                "Trainings that failed", headings: ["training", "reason"], rows: rows))
                    ]
                ))
        }
        return sections
    }

    /// Each figure once: drawn in lines, or in pixels where it has too many lines.
    private func pictures() throws -> [ReportPicture] {
        try names.filter { $0.hasSuffix(".svg") }.map { name in
            let base = String(name.dropLast(4))
            var (file, format) = (name, ReportPicture.Format.svg)
            var bytes = try InputFile.read("\(folder)/\(name)", limit: 1 << 26)
            if bytes.count > Self.vectorLimit, names.contains("\(base).png") {
                (file, format) = ("\(base).png", .png)
                bytes = try InputFile.read("\(folder)/\(file)", limit: 1 << 26)
            }
            return ReportPicture(
                bytes, format, alternative: "Figure \(base); its numbers are in the tables below",
                caption: "\(folder)/\(file)")
        }
    }

    private func tables() throws -> [ReportBlock] {
        try names.filter { $0.hasSuffix(".csv") }.map { name in
            let text = try InputFile.read("\(folder)/\(name)", limit: 1 << 26)
            let table = ReportTable(name, csv: text)
            return .details(name, [.table(table)])
        }
    }
}
