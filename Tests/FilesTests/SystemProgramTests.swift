import Foundation
import TestSupport
import Testing

@testable import Files

struct SystemProgramTests {
    @Test("a program gets its arguments as they are, and its output and status come back")
    func arguments() throws {
        let program = try #require(SystemProgram(named: "sh", searchPath: "/nowhere:/bin"))
        let result = try program.run(
            ["-c", "printf '%s|' \"$@\"; exit 3", "name", "a b", "$(x)"], timeLimit: .seconds(20))
        #expect(result.status == 3)
        #expect(result.output == "a b|$(x)|")
    }

    @Test("input, output and messages are streams of their own, in files without a name")
    func streams() throws {
        let program = try #require(SystemProgram(named: "sh", searchPath: "/bin"))
        let text = String(repeating: "0123456789", count: 100_000)
        let result = try program.run(
            ["-c", "cat; readlink /proc/self/fd/0 >&2; stat -Lc %a:%h /proc/self/fd/0 >&2"], input: text,
            timeLimit: .seconds(20))
        #expect(result.status == 0 && result.output == text)
        let lines = result.messages.split(separator: "\n")
        // Nobody else may read it (mode 600), and no folder has it (0 links).
        #expect(lines.first?.hasSuffix(" (deleted)") == true && lines.last == "600:0")
    }

    @Test("a program that does not end is stopped")
    func timeLimit() throws {
        let program = try #require(SystemProgram(named: "sleep", searchPath: "/bin:/usr/bin"))
        #expect(try program.run(["1000"], timeLimit: .milliseconds(50)).status == nil)
    }

    @Test("an absent program is found out")
    func absent() {
        #expect(SystemProgram(named: "gnuplot", searchPath: "/nowhere") == nil)
    }

    @Test("a program that cannot be run is an error that names it")
    func unrunnable() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("#!/nowhere/interpreter\n", as: "broken")
        chmod(path, 0o755)
        let program = try #require(SystemProgram(named: "broken", searchPath: folder.path))
        let error = #expect(throws: FileError.self) { try program.run([], timeLimit: .seconds(20)) }
        #expect(error?.description.hasPrefix("the program '\(path)' does not start (") == true)
    }
}
