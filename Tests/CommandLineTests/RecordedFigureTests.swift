import Foundation
import TestSupport
import Testing

/// What a command printed: a file of `docs/recorded`, or a call of the README or a guide.
struct Transcript: CustomTestStringConvertible {
    /// File, and line of the call.
    let place: String
    /// What is typed, from `sqsnn` on.
    let call: String
    /// nil where the page does not say.
    let output: [String]?
    /// Whether it takes too long to be run to its end: it prints its inputs first.
    var isLong = false

    /// Words after `sqsnn`.
    var arguments: [String] { call.split(separator: " ").dropFirst().map(String.init) }
    var testDescription: String { "\(place): \(call)" }
    var dataset: String? { arguments.firstIndex(of: "--dataset").map { arguments[$0 + 1] } }
    /// Of a study that says what decides its result before it begins.
    var inputs: String? { output?.first { $0.hasPrefix("Inputs: ") } }

    /// The calls of a block: each `$ ` and what it printed.
    static func calls(of block: ArraySlice<String>, page: String) -> [Transcript] {
        let starts = block.indices.filter { block[$0].hasPrefix("$ ") }
        return zip(starts, starts.dropFirst() + [block.endIndex]).map { start, end in
            Transcript(
                place: "\(page):\(start + 1)", call: String(block[start].dropFirst(2)),
                output: Array(block[(start + 1)..<end]))
        }
    }

    /// Lines without what differs between machines: times, memory, and the spaces that align them.
    static func comparable(_ lines: [String]) -> [String] {
        lines.map { line in
            line.replacing(/[0-9]+(\.[0-9]+)?(?= (s|ms|µs|MB|GB)\b)/, with: "#")
                .replacing(#/ +/#, with: " ").trimmingCharacters(in: .whitespaces)
        }
    }
}

extension Transcript {
    /// Whether the call trains, or measures what was trained.
    private var isTrained: Bool { ["train", "eval", "study", "reproduce"].contains(arguments.first ?? "") }

    /// Whether lines say what those of the page do: the same, but that what is trained may differ a little from machine to
    /// machine, whose mathematical libraries round differently (docs/guides/numbers.md).
    func agree(_ shown: [String], _ printed: [String]) -> Bool {
        if shown == printed { return true }
        return isTrained && shown.count == printed.count
            && zip(shown, printed).allSatisfy { Self.isClose($0, $1) }
    }

    /// The same words, and numbers that differ by a few per cent, counts by as much as chance makes.
    private static func isClose(_ line: String, _ other: String) -> Bool {
        let number = /[0-9]+(\.[0-9]+)?/
        guard line.replacing(number, with: "#") == other.replacing(number, with: "#") else { return false }
        return zip(line.matches(of: number), other.matches(of: number)).allSatisfy { first, second in
            let (a, b) = (Double(first.0) ?? 0, Double(second.0) ?? 0)
            let isCount = first.1 == nil && second.1 == nil
            return abs(a - b) <= 0.03 * max(a, b) + (isCount ? 3 * max(a, b).squareRoot() : 0.3)
        }
    }
}

/// The repository's pages and records.
enum Pages {
    /// A folder from which calls see the files that the repository has for them.
    static func folder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        for name in ["Examples", "Tests"] {
            try FileManager.default.createSymbolicLink(
                atPath: folder.path(name), withDestinationPath: root.appending(path: name).path)
        }
        return folder
    }

    static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        .standardizedFileURL

    static let recorded: [String: Transcript] = {
        let folder = root.appending(path: "docs/recorded")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return Dictionary(
            uniqueKeysWithValues: names.filter { $0.hasSuffix(".txt") }.compactMap { name in
                Transcript.calls(of: lines("docs/recorded/\(name)")[...], page: "docs/recorded/\(name)").first
                    .map { (String(name.dropLast(4)), $0) }
            })
    }()

    /// The README and everything below `docs`.
    static let pages: [String] = {
        let walk = FileManager.default.enumerator(atPath: root.appending(path: "docs").path)
        let below = (walk?.allObjects as? [String] ?? []).filter { $0.hasSuffix(".md") }.sorted()
        return ["README.md"] + below.map { "docs/\($0)" }
    }()

    static func lines(_ path: String) -> [String] {
        let text = (try? String(contentsOf: root.appending(path: path), encoding: .utf8)) ?? ""
        var lines = text.components(separatedBy: "\n")
        if lines.last == "" { lines.removeLast() }
        return lines
    }

    /// What a page has its reader do: calls in console blocks, with what they print, and calls that stand alone, indented by four (of
    /// studies, records have these); but those under `<!-- not repeated: … -->`, which says why. Those under `<!-- begun: … -->` are
    /// compared by their inputs.
    static func calls(_ page: String) -> [Transcript] {
        let lines = lines(page)
        func before(_ start: Int) -> String {
            lines[..<start].last { !$0.isEmpty && !$0.hasPrefix("    sqsnn ") } ?? ""
        }
        var isCode = false
        return lines.indices.flatMap { start -> [Transcript] in
            if lines[start].hasPrefix("```") { isCode.toggle() }
            guard !before(start).hasPrefix("<!-- not repeated: ") else { return [] }
            if lines[start] == "```console" {
                let end = lines[start...].firstIndex(of: "```") ?? lines.endIndex
                return Transcript.calls(of: lines[(start + 1)..<end], page: page).map { call in
                    var call = call
                    call.isLong = before(start).hasPrefix("<!-- begun: ")
                    return call
                }
            }
            guard !isCode, !page.hasPrefix("docs/studies/"), lines[start].hasPrefix("    sqsnn ") else {
                return []
            }
            let call = lines[start].prefix { $0 != "#" }.trimmingCharacters(in: .whitespaces)
            return [Transcript(place: "\(page):\(start + 1)", call: call, output: nil)]
        }
    }

    /// Rows of tables under `<!-- recorded: NAME, NAME -->`, with the records that the comment names.
    static let quotations: [(place: String, row: String, records: [String])] = pages.flatMap { page in
        let lines = lines(page)
        return lines.indices.flatMap { start -> [(place: String, row: String, records: [String])] in
            guard let match = lines[start].wholeMatch(of: /<!-- recorded: (.+) -->/) else { return [] }
            let records = match.1.components(separatedBy: ", ")
            let rows = lines[(start + 1)...].drop { $0.isEmpty }.prefix { $0.hasPrefix("|") }
            return rows.indices.dropFirst(2).map { ("\(page):\($0 + 1)", lines[$0], records) }
        }
    }
}

/// Figures that README and guides show are what the commands print.
@Suite("figures in README and guides")
struct RecordedFigureTests {
    private static func numbers(_ text: some StringProtocol) -> [String] {
        String(text).matches(of: /[0-9][0-9,]*(\.[0-9]+)?/)
            .map { String($0.output.0.replacing(",", with: "")) }
    }

    @Test("the numbers of each cell in a table of recorded figures stand in one line of its records")
    func quoted() {
        #expect(!Pages.quotations.isEmpty)
        for (place, row, names) in Pages.quotations {
            let records = names.compactMap { Pages.recorded[$0] }
            #expect(records.count == names.count, "\(place): no record of one of \(names)")
            let lines = records.flatMap { $0.output ?? [] }.map { Set(Self.numbers($0)) }
            for cell in row.split(separator: "|", omittingEmptySubsequences: false).dropFirst(2).dropLast() {
                let found = Self.numbers(cell)
                #expect(
                    found.isEmpty || lines.contains { $0.isSuperset(of: found) },
                    "\(place): \(cell) is in none of \(names); see Scripts/record")
            }
        }
    }

    @Test(
        "a recorded run has the inputs, or the first epoch, that its command has today",
        arguments: Pages.recorded.values.sorted { $0.place < $1.place })
    func recorded(_ transcript: Transcript) throws {
        let folder = try Pages.folder()
        if let inputs = transcript.inputs {
            #expect(try stop(transcript, after: "Inputs: ", folder).contains(inputs), "see Scripts/record")
            return
        }
        guard isHere(transcript) else { return }
        let epoch = try #require(
            transcript.output?.first { $0.hasPrefix("epoch") }, "a record is a training or says its inputs")
        // An epoch of minutes is not repeated: its heading has the settings.
        if let seconds = epoch.split(separator: " ").dropLast().last.flatMap({ Double($0) }), seconds > 20 {
            let heading = try stop(transcript, after: "\n", folder).prefix(1)
            let recorded = transcript.output?.prefix(1) ?? []
            #expect(Transcript.comparable(Array(heading)) == Transcript.comparable(Array(recorded)))
            return
        }
        let found = try stop(transcript, after: "\nepoch", folder).filter { $0.hasPrefix("epoch") }.prefix(1)
        #expect(
            transcript.agree(Transcript.comparable([epoch]), Transcript.comparable(Array(found))),
            "\(found), recorded \(epoch)")
    }

    @Test(
        "following a page from its first call to its last in a new folder, each prints what the page shows",
        arguments: Pages.pages)
    func pages(page: String) throws {
        // One folder for the page: later calls look at what earlier ones left.
        let folder = try Pages.folder()
        for transcript in Pages.calls(page) {
            if transcript.call.hasPrefix("cat ") {
                // The reader is shown a file to write.
                let text = (transcript.output ?? []).map { $0 + "\n" }.joined()
                try folder.write(text, as: String(transcript.call.dropFirst(4)))
                continue
            }
            #expect(transcript.call.hasPrefix("sqsnn "), "\(transcript.testDescription) is no call of sqsnn")
            guard isHere(transcript) else { continue }
            if transcript.isLong {
                let inputs = try #require(transcript.inputs, "\(transcript.testDescription) shows no inputs")
                #expect(try stop(transcript, after: "Inputs: ", folder).contains(inputs))
                continue
            }
            guard let output = transcript.output, !output.isEmpty else {
                let result = try runShell(transcript.call, seconds: 3, folder: folder.path)
                #expect(
                    [0, Self.timedOut].contains(result.status),
                    "\(transcript.testDescription): \(result.error)")
                continue
            }
            let result = try runShell(transcript.call, folder: folder.path)
            // Progress on standard error depends on how long things take.
            var printed = (result.status == 0 ? result.output : result.output + result.error)
                .components(separatedBy: "\n")
            if printed.last == "" { printed.removeLast() }
            // A line of three dots stands for any lines.
            let shown = Transcript.comparable(output)
            printed = Transcript.comparable(printed)
            if let first = shown.firstIndex(of: "…"), shown.count - 1 <= printed.count {
                printed.replaceSubrange(first..<(printed.count - (shown.count - first - 1)), with: ["…"])
            }
            #expect(transcript.agree(shown, printed), "\(transcript.testDescription): printed \(printed)")
        }
    }

    /// Of `timeout`.
    private static let timedOut: Int32 = 124

    /// Runs a call as a reader types it.
    ///
    /// - Parameter seconds: after which a call that is at work is let be.
    private func runShell(_ call: String, seconds: Int = 600, folder: String) throws -> CommandResult {
        try runProgram(
            URL(filePath: "/usr/bin/timeout"),
            ["\(seconds)", "/bin/bash", "-c", "sqsnn() { \"$SQSNN_TOOL\" \"$@\"; }; \(call)"],
            environment: ["SQSNN_TOOL": executable().path], folder: folder)
    }

    /// Lines of a call that is stopped as soon as it has printed a text, or ends before.
    private func stop(_ transcript: Transcript, after text: String, _ folder: TemporaryFolder) throws
        -> [String]
    {
        try stopCommand(transcript.arguments, signal: SIGKILL, afterOutput: text, folder: folder.path)
            .output.components(separatedBy: "\n")
    }

    private func isHere(_ transcript: Transcript) -> Bool {
        let needed =
            transcript.dataset
            ?? ["train": "fashion-mnist", "reproduce": "usps-1v7"][transcript.arguments.first ?? ""]
        return needed.map(installedDatasets.contains) ?? true
    }
}
