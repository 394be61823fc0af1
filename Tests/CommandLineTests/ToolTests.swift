import Files
import Foundation
import Testing

/// The tool as a user calls it.
struct ToolTests {
    @Test("--version prints name and version")
    func version() throws {
        #expect(
            try runCommand("--version")
                == CommandResult(status: 0, output: "sqsnn \(Software.version)\n", error: ""))
    }

    @Test("every command at every level has help with a usage line and an example that calls it")
    func help() throws {
        var rest: [[String]] = [[]]
        var visited: [String] = []
        while let path = rest.popLast() {
            let name = (["sqsnn"] + path).joined(separator: " ")
            visited.append(name)
            let result = try runCommand(path + ["--help"])
            #expect(result.status == 0 && result.error == "", "\(name)")
            #expect(result.output.contains("\n\nUsage: \(name) "), "\(name)")
            let sections = result.output.split(separator: "\n\n").map { $0.split(separator: "\n") }
            let examples = try #require(sections.first { $0.first == "Examples:" }, "\(name) has no example")
            #expect(examples.contains { $0.contains("sqsnn") }, "\(name)")
            // Only calls to be copied may be wider than the page.
            #expect(sections.joined().allSatisfy { $0.count <= 80 || $0.hasPrefix("  sqsnn ") }, "\(name)")
            let commands = sections.first { $0.first == "Commands:" }?.dropFirst() ?? []
            for line in commands where !line.hasPrefix("   ") {
                if let word = line.split(separator: " ").first { rest.append(path + [String(word)]) }
            }
        }
        #expect(visited.contains("sqsnn doctor") && visited.contains("sqsnn completion"))
    }

    @Test("an unknown command or option is exit code 2, one line and a pointer to the help")
    func unknown() throws {
        #expect(
            try runCommand("docter")
                == CommandResult(
                    status: 2, output: "",
                    error: "sqsnn: unknown command 'docter'; did you mean 'doctor'?\nSee 'sqsnn --help'.\n"))
        #expect(
            try runCommand("doctor", "--jsn")
                == CommandResult(
                    status: 2, output: "",
                    error:
                        "sqsnn doctor: unknown option '--jsn'; did you mean '--json'?\nSee 'sqsnn doctor --help'.\n"
                ))
        #expect(
            try runCommand("completion", "zsh")
                == CommandResult(
                    status: 2, output: "",
                    error: "sqsnn completion: SHELL: found 'zsh', expected one of bash\n"
                        + "See 'sqsnn completion --help'.\n"))
    }

    @Test("the completion script is valid for bash")
    func completion() throws {
        let script = try runCommand("completion", "bash")
        #expect(script.status == 0)
        #expect(script.output.contains("complete -o default -F _sqsnn sqsnn"))
    }
}

struct DoctorCommandTests {
    struct Report: Decodable {
        struct Finding: Decodable {
            let check: String
            let status: String
            let found: String
            let remedy: String?
        }
        let findings: [Finding]
        let usable: Bool
    }

    @Test(
        "doctor --json is one line with a finding for every check, and the exit code says whether it is usable"
    )
    func json() throws {
        let result = try runCommand("doctor", "--json")
        #expect(result.output.hasSuffix("\n") && result.output.dropLast().allSatisfy { !$0.isNewline })
        let report = try JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
        #expect(
            report.findings.map(\.check) == [
                "package", "toolchain", "processor", "instruction set", "cores", "memory", "zlib",
                "LAPACK", "OpenBLAS", "libcrypto", "libcurl", "MPI", "SQLite", "HDF5", "AEDAT 4", "gnuplot",
                "dot", "dygraphs", "Qiskit bridge",
            ] + knownDatasets.map { "data: \($0)" } + ["folder"])
        #expect(report.findings.allSatisfy { ["ok", "warning", "missing"].contains($0.status) })
        #expect(report.findings.allSatisfy { $0.status == "ok" || $0.remedy != nil })
        #expect(report.usable == !report.findings.contains { $0.status == "missing" })
        #expect(result.status == (report.usable ? 0 : 1))
    }

    @Test("without programs on the search path doctor warns, names the packages, and is no failure for that")
    func emptySearchPath() throws {
        let result = try runCommand("doctor", environment: ["PATH": "/nowhere"])
        #expect(result.output.contains("→ apt-get install gnuplot-nox"))
        #expect(result.output.contains("warning  toolchain"))
    }

    @Test("a folder that is no run is exit code 1 and says what to do")
    func noRun() throws {
        let result = try runCommand("doctor", "/no/such/run")
        #expect(result.status == 1)
        #expect(
            result.output == """
                missing  run  /no/such/run is no folder
                              → give the folder that 'sqsnn train' named at its end (its --output)

                """)
        #expect(
            result.error
                == "sqsnn doctor: not usable as it is: run; do what the lines with an arrow say\n")
    }
}
