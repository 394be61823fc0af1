import Figures

/// A report as one HTML file that asks nothing of a network: text, tables, pictures and curves under headings.
///
/// All text is escaped where it is written; pictures and the program that draws curves are part of the file.
public struct ReportPage: Sendable {
    /// Part of a page under a heading.
    public struct Section: Sendable {
        public let heading: String
        public var blocks: [ReportBlock]

        public init(_ heading: String, _ blocks: [ReportBlock]) {
            self.heading = heading
            self.blocks = blocks
        }
    }

    public let title: String
    /// A sentence below the title.
    public let summary: String
    public var sections: [Section]

    public init(title: String, summary: String, sections: [Section]) {
        self.title = title
        self.summary = summary
        self.sections = sections
    }

    /// The file.
    ///
    /// - Throws: ``ReportError/libraryMissing(path:)`` for a page with curves, where the library that draws them is not installed.
    public func html() throws -> String {
        let hasCharts = sections.contains { $0.blocks.contains(where: \.hasChart) }
        let library = hasCharts ? try ChartLibrary() : nil
        let contents = sections.enumerated().map { index, section in
            "<li><a href=\"#part-\(index + 1)\">\(Markup.escaped(section.heading))</a></li>"
        }
        let parts = sections.enumerated().map { index, section in
            """
            <section aria-labelledby="part-\(index + 1)">
            <h2 id="part-\(index + 1)">\(Markup.escaped(section.heading))</h2>
            \(section.blocks.map(\.html).joined(separator: "\n"))
            </section>
            """
        }
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="\(Self.policy)">
            <meta name="color-scheme" content="light dark">
            <title>\(Markup.escaped(title))</title>
            <style>
            \(library?.style ?? "")
            \(Self.style)
            </style>
            </head>
            <body>
            <a class="skip" href="#content">To the content</a>
            <header>
            <h1>\(Markup.escaped(title))</h1>
            <p>\(Markup.escaped(summary))</p>
            <nav aria-label="Parts"><ul>\(contents.joined())</ul></nav>
            </header>
            <main id="content">
            \(parts.joined(separator: "\n"))
            </main>
            \(library.map { "<script>\n\($0.program)\n</script>\n<script>\n\(Self.drawing)\n</script>" } ?? "")
            </body>
            </html>

            """
    }

    /// Nothing is loaded from anywhere.
    private static let policy =
        "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"
}
