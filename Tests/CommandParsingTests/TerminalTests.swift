import Testing

@testable import CommandParsing

struct TerminalTests {
    struct Sample: Encodable {
        let zebra = 1
        let apple = ["a/b", "\"quoted\"\n"]
        let none: Int? = nil
        let number = 0.1
        let undefined = Double.nan
    }

    @Test("JSON is one line with sorted keys, and NaN is a string")
    func json() throws {
        let recording = Recording()
        try recording.terminal().writeJSON(Sample())
        #expect(
            recording.output.withLock { $0 }
                == #"{"apple":["a/b","\"quoted\"\n"],"number":0.1,"undefined":"nan","zebra":1}"# + "\n")
    }
}
