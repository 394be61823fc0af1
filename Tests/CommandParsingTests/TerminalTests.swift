import Synchronization
import Testing

@testable import CommandParsing

struct TerminalTests {
    struct Sample: Encodable {
        let zebra = 1
        let apple = ["a/b", "\"quoted\"\n"]
        let none: Int? = nil
        let number = 0.1
    }

    @Test("JSON is one line with sorted keys, and numbers that are not finite are an error")
    func json() throws {
        let recording = Recording()
        try recording.terminal().writeJSON(Sample())
        #expect(
            recording.output.withLock { $0 }
                == #"{"apple":["a/b","\"quoted\"\n"],"number":0.1,"zebra":1}"# + "\n")
        #expect(throws: EncodingError.self) { try recording.terminal().writeJSON([Double.nan]) }
    }

    @Test("a line is one line without sequences, on both streams; set text keeps its lines, JSON is JSON")
    func hostile() throws {
        let recording = Recording()
        let terminal = recording.terminal()
        let text = "name\u{1B}[2J\n\u{600}'\u{202E}"
        terminal.write(text)
        terminal.writeText("a\u{1B}\nb")
        terminal.writeError(text)
        try terminal.writeJSON(["\u{9B}\u{202E}": text])
        #expect(
            recording.output.withLock { $0 } == """
                name\\u{1B}[2J\\u{A}\u{600}'\\u{202E}
                a\\u{1B}
                b
                {"\\u009b\\u202e":"name\\u001b[2J\\n\u{600}'\\u202e"}

                """)
        #expect(recording.error.withLock { $0 } == "name\\u{1B}[2J\\u{A}\u{600}'\\u{202E}\n")
    }

    /// Takes a few bytes, then no more.
    private static func run(_ error: OutputError, _ words: [String]) async -> (status: Int32, error: String) {
        let recording = Recording()
        let terminal = Terminal(
            output: { _ throws(OutputError) in throw error },
            error: { text in recording.error.withLock { $0 += text } })
        let status = await runMain(root: SampleRoot.self, version: "1", words: words, terminal: terminal)
        return (status, recording.error.withLock { $0 })
    }

    @Test(
        "standard output that cannot be written is an error of every call",
        arguments: [["measure", "a"], ["--help"], ["measure", "--help"], ["--version"]])
    func fullDisk(words: [String]) async {
        let result = await Self.run(.cannotWrite(reason: "No space left on device"), words)
        #expect(result.status == 1)
        #expect(result.error.hasSuffix(": cannot write standard output: No space left on device\n"))
        #expect(result.error.split(separator: "\n").count == 1)
    }

    @Test("a reader that has gone ends a call quietly, as SIGPIPE would; a failure stays what it is")
    func gone() async {
        #expect(await Self.run(.readerGone, ["measure", "a"]) == (141, ""))
        let failed = await Self.run(.readerGone, ["measure"])
        #expect(failed.status == 2 && failed.error.contains("missing argument FILE"))
    }

    @Test("after a failure nothing more is written")
    func afterwards() {
        let count = Mutex(0)
        let terminal = Terminal(
            output: { _ throws(OutputError) in
                count.withLock { $0 += 1 }
                throw .cannotWrite(reason: "full")
            }, error: { _ in })
        terminal.write("a")
        terminal.write("b")
        #expect(count.withLock { $0 } == 1 && terminal.outputError == .cannotWrite(reason: "full"))
    }

    @Test("where output is kept for JSON, lines for people go to standard error")
    func keptOutput() throws {
        let recording = Recording()
        let terminal = recording.terminal().keepingOutput(forJSON: true)
        terminal.write("a line")
        terminal.writeText("two\nlines")
        try terminal.writeJSON(["a": 1])
        #expect(recording.output.withLock { $0 } == "{\"a\":1}\n")
        #expect(recording.error.withLock { $0 } == "a line\ntwo\nlines\n")
    }
}
