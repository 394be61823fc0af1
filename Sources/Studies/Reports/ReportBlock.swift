import Figures
import Files
import FoundationEssentials

/// What stands in a report.
public enum ReportBlock: Sendable {
    case text(String)
    case table(ReportTable)
    case matrix(ReportMatrix)
    case chart(ReportChart)
    case pictures([ReportPicture])
    /// As it is, in letters of one width.
    case code(String)
    /// Blocks that are shown on request.
    case details(String, [ReportBlock])

    var hasChart: Bool {
        switch self {
        case .chart: true
        case .details(_, let blocks): blocks.contains(where: \.hasChart)
        default: false
        }
    }

    var html: String {
        switch self {
        case .text(let text): "<p>\(Markup.escaped(text))</p>"
        case .table(let table): table.html
        case .matrix(let matrix): matrix.html
        case .chart(let chart): chart.html
        case .pictures(let pictures):
            "<div class=\"pictures\">\(pictures.map(\.html).joined(separator: "\n"))</div>"
        case .code(let text): "<pre tabindex=\"0\"><code>\(Self.lines(text))</code></pre>"
        case .details(let heading, let blocks):
            "<details><summary>\(Markup.escaped(heading))</summary>\n"
                + blocks.map(\.html).joined(separator: "\n") + "\n</details>"
        }
    }

    private static func lines(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { Markup.escaped(String($0)) }
            .joined(separator: "\n")
    }
}

/// Rows of cells under a heading each. The first cell of a row names it.
public struct ReportTable: Sendable {
    public let caption: String
    /// Empty for a table of names and values.
    public let headings: [String]
    public let rows: [[String]]

    public init(_ caption: String, headings: [String] = [], rows: [[String]]) {
        self.caption = caption
        self.headings = headings
        self.rows = rows
    }

    /// Rows of a file that are shown.
    public static let rowLimit = 400

    /// The first rows of comma-separated values, the headings before them.
    public init(_ name: String, csv: [UInt8]) {
        let records = CSV.records(String(decoding: csv, as: UTF8.self))
        let rest = records.count - 1 - Self.rowLimit
        self.init(
            rest > 0 ? "\(name), without its last \(rest) rows" : name, headings: records.first ?? [],
            rows: Array(records.dropFirst().prefix(Self.rowLimit)))
    }

    var html: String {
        let head =
            headings.isEmpty
            ? ""
            : "<thead><tr>"
                + headings.map { "<th scope=\"col\">\(Markup.escaped($0))</th>" }.joined() + "</tr></thead>"
        let opening = headings.isEmpty ? "<table class=\"facts\">" : "<table>"
        let body = rows.map { row in
            "<tr>"
                + row.enumerated().map { column, cell in
                    let text = Markup.escaped(cell)
                    if column == 0 { return "<th scope=\"row\">\(text)</th>" }
                    return !headings.isEmpty && Self.isNumber(cell)
                        ? "<td class=\"number\">\(text)</td>" : "<td>\(text)</td>"
                }.joined() + "</tr>"
        }
        return """
            <div class="scroll" tabindex="0" role="region" aria-label="\(Markup.escaped(caption))">\(opening)
            <caption>\(Markup.escaped(caption))</caption>
            \(head)
            <tbody>\(body.joined(separator: "\n"))</tbody>
            </table></div>
            """
    }

    /// Whether a cell stands at the right: numbers, with what belongs to them.
    private static func isNumber(_ cell: String) -> Bool {
        cell.count <= 24 && (cell.first.map { $0.isNumber || "+-−".contains($0) } ?? false)
    }
}

/// Counts of pairs of classes, shaded by their share of the row.
public struct ReportMatrix: Sendable {
    public let caption: String
    public let classNames: [String]
    /// `[label][prediction]`
    public let counts: [[Int]]

    public init(_ caption: String, classNames: [String], counts: [[Int]]) {
        self.caption = caption
        self.classNames = classNames
        self.counts = counts
    }

    var html: String {
        let rows = zip(classNames, counts).map { name, row in
            let total = Double(max(row.reduce(0, +), 1))
            let cells = row.map { count in
                let share = Int((100 * Double(count) / total).rounded())
                return "<td class=\"share\" style=\"--share:\(share)%\">\(count)</td>"
            }
            return "<tr><th scope=\"row\">\(Markup.escaped(name))</th>\(cells.joined())</tr>"
        }
        let head = classNames.map { "<th scope=\"col\">\(Markup.escaped($0))</th>" }
        return """
            <div class="scroll" tabindex="0" role="region" aria-label="\(Markup.escaped(caption))"><table>
            <caption>\(Markup.escaped(caption))</caption>
            <thead><tr><td></td>\(head.joined())</tr></thead>
            <tbody>\(rows.joined(separator: "\n"))</tbody>
            </table></div>
            """
    }
}

/// A picture, which is part of the file.
public struct ReportPicture: Sendable {
    public enum Format: String, Sendable {
        case png = "image/png"
        case svg = "image/svg+xml"
    }

    public let bytes: [UInt8]
    public let format: Format
    /// What it shows, for who does not see it.
    public let alternative: String
    public let caption: String
    /// Whether its pixels are what is shown, and stay sharp where it is enlarged.
    public let isPixelated: Bool

    public init(
        _ bytes: [UInt8], _ format: Format, alternative: String, caption: String, isPixelated: Bool = false
    ) {
        self.bytes = bytes
        self.format = format
        self.alternative = alternative
        self.caption = caption
        self.isPixelated = isPixelated
    }

    var html: String {
        let data = Data(bytes).base64EncodedString()
        let kind = isPixelated ? " class=\"pixels\"" : ""
        return """
            <figure\(kind)><img src="data:\(format.rawValue);base64,\(data)" alt="\(Markup.escaped(alternative))">
            <figcaption>\(Markup.escaped(caption))</figcaption></figure>
            """
    }
}
