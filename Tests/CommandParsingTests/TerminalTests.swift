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
}
