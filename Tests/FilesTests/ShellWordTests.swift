import Foundation
import Testing

@testable import Files

@Suite("Words of a shell")
struct ShellWordTests {
    static let words = [
        "", "plain", "a b", "it's", "''", "$HOME", "`x`", "a\\b", "\"", "*", "~", "#x", "a;b", "é", "\n",
        "-x=1,2",
        "a\u{301}'\u{301}b", "!", "{a,b}",
    ]

    @Test("any text is one word of the shell, and comes out of it as it went in")
    func roundTrip() throws {
        let command = "printf '%s\\0' " + Self.words.map(\.shellWord).joined(separator: " ")
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", command]
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let expected: [UInt8] = Self.words.flatMap { word in Array(word.utf8) + [0] }
        #expect(Array(output) == expected)
    }

    @Test("what needs no quotes has none")
    func plain() {
        #expect("runs/a-1_b.json".shellWord == "runs/a-1_b.json" && "1,2".shellWord == "1,2")
        #expect("it's".shellWord == "'it'\\''s'")
    }
}
