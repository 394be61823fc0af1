import Files
import Foundation
import TestSupport
import Testing

@testable import Reports

/// Pages as text. What a browser makes of them: `Tests/CommandLineTests/ReportCommandTests.swift`.
struct ReportPageTests {
    private static let hostile = "<script>alert(1)</script>\"'&"

    @Test("text of a user is text everywhere, and no element or end of a script")
    func escaped() throws {
        let text = Self.hostile
        let page = ReportPage(
            title: text, summary: text,
            sections: [
                .init(
                    text,
                    [
                        .text(text), .code(text),
                        .table(ReportTable(text, headings: [text], rows: [[text, text]])),
                        .matrix(ReportMatrix(text, classNames: [text], counts: [[1]])),
                        .pictures([ReportPicture([1], .png, alternative: text, caption: text)]),
                        .details(text, [.text(text)]),
                    ])
            ])
        let html = try page.html()
        #expect(!html.contains("<script>alert"))
        #expect(!html.contains("\"'&\""))
        let chart = ReportChart(
            text, xLabel: text, yLabel: text, x: [1], curves: [.init("</script>" + text, [2])])
        #expect(!chart.html.contains("<script>alert"))
        // Of its own two ends, of the numbers' element, no more.
        #expect(chart.html.components(separatedBy: "</script>").count == 2)
    }

    @Test("pictures are part of the page, which names no address but that of its namespace")
    func selfContained() throws {
        let picture = ReportPicture(Array("<svg/>".utf8), .svg, alternative: "a", caption: "b")
        let page = ReportPage(title: "t", summary: "s", sections: [.init("h", [.pictures([picture])])])
        let html = try page.html()
        #expect(html.contains("src=\"data:image/svg+xml;base64,PHN2Zy8+\""))
        #expect(!html.contains("http://") && !html.contains("https://"))
        // Nothing to draw: no program.
        #expect(!html.contains("<script"))
    }

    @Test("a page with curves needs their library, and says how to get it")
    func library() throws {
        let error = #expect(throws: ReportError.self) { try ChartLibrary(folder: "/nowhere") }
        #expect(error?.description.contains("apt-get install libjs-dygraphs") == true)
    }

    @Test("what is no number leaves a gap in a curve, and its table")
    func gaps() {
        let chart = ReportChart(
            "c", xLabel: "x", yLabel: "y", x: [1, 2, 3],
            curves: [.init("a", [0.5, .nan, nil]), .init("b", [1, 2, 3])])
        #expect(chart.html.contains("\"rows\":[[1,0.5,1],[2,null,2],[3,null,3]]"))
    }

    @Test("fields of CSV: quotes, commas and ends of lines inside of them")
    func records() {
        let rows = [["a", "b,\"c\"", ""], ["1", "two\nlines", "3"]]
        let text = rows.map(CSV.row).joined(separator: "\n") + "\n"
        #expect(CSV.records(text) == rows)
        #expect(CSV.records("a,b\r\n1,2") == [["a", "b"], ["1", "2"]])
        #expect(CSV.records("").isEmpty)
    }

    @Test("a folder without a campaign is refused")
    func folder() throws {
        let folder = try TemporaryFolder()
        #expect(throws: ReportError.nothingToReport(folder.path)) { try FolderReport(folder.path) }
    }
}
