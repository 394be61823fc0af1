import Foundation
import TestSupport
import Testing

/// What a command printed: a file of `docs/recorded`, or a console block of the README or a guide.
struct Transcript: CustomTestStringConvertible {
    /// File, and line of the call.
    let place: String
    /// Words after `sqsnn`.
    let arguments: [String]
    let output: [String]

    var testDescription: String { "\(place): sqsnn \(arguments.joined(separator: " "))" }
    var dataset: String? { arguments.firstIndex(of: "--dataset").map { arguments[$0 + 1] } }
    /// Of a study that says what decides its result before it begins.
    var inputs: String? { output.first { $0.hasPrefix("Inputs: ") } }

    /// - Parameter lines: the call after `$ sqsnn `, then what it printed; nil for calls that need a shell or other calls.
    init?(place: String, lines: [String]) {
        guard let call = lines.first, call.hasPrefix("$ sqsnn "), !call.contains(where: "|<>;'\"".contains),
            lines.count > 1, !lines.dropFirst().contains(where: { $0.hasPrefix("$ ") })
        else { return nil }
        self.place = place
        arguments = call.dropFirst(8).split(separator: " ").map(String.init)
        output = Array(lines.dropFirst())
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
    private var isTrained: Bool { ["train", "eval", "study"].contains(arguments.first) }

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
                Transcript(place: "docs/recorded/\(name)", lines: lines("docs/recorded/\(name)"))
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

    /// Console blocks that one call printed, but those under `<!-- not repeated: … -->`, which say why.
    static func blocks(_ page: String) -> [Transcript] {
        let lines = lines(page)
        return lines.indices.filter { lines[$0] == "```console" }.compactMap { start in
            let before = lines[..<start].last { !$0.isEmpty } ?? ""
            guard !before.hasPrefix("<!-- not repeated: ") else { return nil }
            let end = lines[start...].firstIndex(of: "```") ?? lines.endIndex
            return Transcript(place: "\(page):\(start + 2)", lines: Array(lines[(start + 1)..<end]))
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
            let lines = records.flatMap(\.output).map { Set(Self.numbers($0)) }
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
            transcript.output.first { $0.hasPrefix("epoch") }, "a record is a training or says its inputs")
        // An epoch of minutes is not repeated: its heading has the settings.
        if let seconds = epoch.split(separator: " ").dropLast().last.flatMap({ Double($0) }), seconds > 20 {
            let heading = try stop(transcript, after: "\n", folder).prefix(1)
            let recorded = transcript.output.prefix(1)
            #expect(Transcript.comparable(Array(heading)) == Transcript.comparable(Array(recorded)))
            return
        }
        let found = try stop(transcript, after: "\nepoch", folder).filter { $0.hasPrefix("epoch") }.prefix(1)
        #expect(
            transcript.agree(Transcript.comparable([epoch]), Transcript.comparable(Array(found))),
            "\(found), recorded \(epoch)")
    }

    @Test("console blocks show what their calls print", .serialized, arguments: Pages.pages)
    func blocks(page: String) throws {
        // One folder for the page: later calls look at the runs of earlier ones.
        let folder = try Pages.folder()
        for transcript in Pages.blocks(page) where isHere(transcript) {
            if let inputs = transcript.inputs {
                #expect(try stop(transcript, after: "Inputs: ", folder).contains(inputs))
                continue
            }
            let result = try runCommand(transcript.arguments, folder: folder.path)
            // Progress on standard error depends on how long things take.
            var printed = (result.status == 0 ? result.output : result.output + result.error)
                .components(separatedBy: "\n")
            if printed.last == "" { printed.removeLast() }
            // A line of three dots stands for any lines.
            let shown = Transcript.comparable(transcript.output)
            printed = Transcript.comparable(printed)
            if let first = shown.firstIndex(of: "…"), shown.count - 1 <= printed.count {
                printed.replaceSubrange(first..<(printed.count - (shown.count - first - 1)), with: ["…"])
            }
            #expect(transcript.agree(shown, printed), "\(transcript.testDescription): printed \(printed)")
        }
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
            transcript.dataset ?? (transcript.arguments.first == "train" ? "fashion-mnist" : nil)
        guard let needed else { return true }
        let listing = try? decodeJSON(
            DatasetListing.self, runCommand("data", "list", "--json").output)
        return listing?.datasets.contains { $0.name == needed && $0.folder != nil } ?? false
    }
}
