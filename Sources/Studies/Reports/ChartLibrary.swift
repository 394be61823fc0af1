import Files

/// dygraphs, which draws the curves of a report: the system's package of it, put into the page with its licence.
public struct ChartLibrary: Sendable {
    /// Where Debian has it.
    public static let folder = "/usr/share/javascript/dygraphs"
    public static let remedy = "apt-get install libjs-dygraphs"

    let program: String
    let style: String

    /// - Throws: ``ReportError/libraryMissing(path:)``.
    public init(folder: String = Self.folder) throws(ReportError) {
        program = try Self.licence + Self.text("\(folder)/dygraph.min.js")
        style = try Self.text("\(folder)/dygraph.min.css")
    }

    /// As in `2.2.1`; empty where the library does not say it.
    public var version: String {
        program.firstMatch(of: /VERSION\s*=\s*"([0-9.]+)"/).map { String($0.1) } ?? ""
    }

    private static func text(_ path: String) throws(ReportError) -> String {
        guard let bytes = try? InputFile.read(path, limit: 1 << 22) else {
            throw .libraryMissing(path: path)
        }
        // The map from this text to its source is not part of the page.
        return String(decoding: bytes, as: UTF8.self)
            .replacing(/(\/\/|\/\*)# sourceMappingURL=[^\n]*/, with: "")
    }

    private static let licence = """
        /*! dygraphs, https://dygraphs.com. Copyright (c) 2006-2023 Dan Vanderkam and others. MIT licence:
        Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation
        files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy,
        modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software
        is furnished to do so, subject to the following conditions: The above copyright notice and this permission notice shall be
        included in all copies or substantial portions of the Software. THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND,
        EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
        NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY,
        WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR
        OTHER DEALINGS IN THE SOFTWARE. */

        """
}

/// Why a report cannot be made.
public enum ReportError: DescribedError, Hashable {
    /// A file of ``ChartLibrary`` that is not there.
    case libraryMissing(path: String)
    /// A folder that holds neither a run nor a campaign.
    case nothingToReport(String)
}

extension ReportError {
    public var category: ErrorCategory {
        switch self {
        case .libraryMissing: .failure
        case .nothingToReport: .badInput
        }
    }

    public var description: String {
        switch self {
        case .libraryMissing(let path):
            "no library to draw curves with: \(path) is not there; run \(ChartLibrary.remedy)"
        case .nothingToReport(let path):
            "\(path): found neither a run (run.json) nor a campaign (campaign.sqlite); expected the folder that sqsnn train, "
                + "compare, study or reproduce wrote"
        }
    }
}
