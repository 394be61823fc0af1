import Testing

@testable import CommandParsing
@testable import Files

/// Expected values: the conventions of GNU long options (`--name value`, `--name=value`, `--`).
struct ArgumentParserTests {
    @Test(
        "values, flags and positionals are found in any order",
        arguments: [
            (["a"], #"5 - square false ["a"]"#),
            (["--steps", "3", "a", "b", "c"], #"3 - square false ["a", "b", "c"]"#),
            (["a", "--steps=3", "b", "--json"], #"3 - square true ["a", "b"]"#),
            (["--rate=0.25", "--shape", "circle", "a"], #"5 0.25 circle false ["a"]"#),
            (["--rate", "1e-3", "--", "--json", "--"], #"5 0.001 square false ["--json", "--"]"#),
            (["-", "-5", "-0.5"], #"5 - square false ["-", "-5", "-0.5"]"#),
            (["a", "--shape=circle", "--", "--help"], #"5 - circle false ["a", "--help"]"#),
        ])
    func accepted(_ words: [String], _ line: String) async {
        let recording = Recording()
        let status = await runMain(
            root: SampleRoot.self, version: "", words: ["measure"] + words, terminal: recording.terminal())
        // With --json, output is for JSON alone, and lines for people go to standard error.
        let isJSON = words.prefix { $0 != "--" }.contains("--json")
        #expect(recording.output.withLock { $0 } == (isJSON ? "" : line + "\n"))
        #expect(recording.error.withLock { $0 } == (isJSON ? line + "\n" : ""))
        #expect(status == 0)
    }

    @Test(
        "a wrong call is one line, a pointer to the help, and exit code 2",
        arguments: [
            (["--step", "3", "a"], "unknown option '--step'; did you mean '--steps'?"),
            (["--verbose", "a"], "unknown option '--verbose'"),
            (["-x", "a"], "unknown option '-x'"),
            (["a", "--steps"], "option '--steps' needs a value: '--steps COUNT'"),
            (["--steps", "--json", "a"], "option '--steps' needs a value: '--steps COUNT'"),
            (["--json=yes", "a"], "option '--json' takes no value, found 'yes'"),
            (["--steps", "1", "--steps=2", "a"], "option '--steps' is given more than once"),
            (["--json", "--json", "a"], "option '--json' is given more than once"),
            ([], "missing argument FILE"),
            (["--steps", "0", "a"], "--steps: found '0', expected a whole number from 1 to 4096"),
            (["--steps=", "a"], "--steps: found '', expected a whole number from 1 to 4096"),
            (
                ["--steps=99999999999999999999", "a"],
                "--steps: found '99999999999999999999', expected a whole number from 1 to 4096"
            ),
            (["--rate", "-0.5", "a"], "--rate: found '-0.5', expected a number from 0 to 1"),
            (["--rate", "nan", "a"], "--rate: found 'nan', expected a number from 0 to 1"),
            (
                ["--shape", "circel", "a"],
                "--shape: found 'circel', expected one of square, circle (did you mean 'circle'?)"
            ),
        ])
    func refused(_ words: [String], _ message: String) async {
        let recording = Recording()
        let status = await runMain(
            root: SampleRoot.self, version: "", words: ["measure"] + words, terminal: recording.terminal())
        #expect(
            recording.error.withLock { $0 } == "tool measure: \(message)\nSee 'tool measure --help'.\n")
        #expect(recording.output.withLock { $0 } == "")
        #expect(status == 2)
    }

    @Test("a misspelt command gets a suggestion, an unknown one the list")
    func commands() async {
        #expect(
            await runSample("mesure") == (
                2, "", "tool: unknown command 'mesure'; did you mean 'measure'?\nSee 'tool --help'.\n"
            ))
        #expect(
            await runSample("xyz") == (
                2, "", "tool: unknown command 'xyz'; expected one of measure, store\nSee 'tool --help'.\n"
            ))
        #expect(
            await runSample("store", "fial") == (
                2, "", "tool store: unknown command 'fial'; did you mean 'fail'?\nSee 'tool store --help'.\n"
            ))
        #expect(
            await runSample("--jsn") == (2, "", "tool: unknown option '--jsn'\nSee 'tool --help'.\n"))
        #expect(
            await runSample("store", "fail", "a", "b") == (
                2, "", "tool store fail: unexpected argument 'b'\nSee 'tool store fail --help'.\n"
            ))
    }

    @Test("a command with work of its own and subcommands does either")
    func workAndSubcommands() async {
        #expect(await runSample("store", "report") == (0, "report false\n", ""))
        #expect(await runSample("store", "report", "--json") == (0, "", "report true\n"))
        #expect(await runSample("store", "report", "fail", "input").status == 3)
        #expect(
            await runSample("store", "report", "fial") == (
                2, "",
                "tool store report: unknown command 'fial'; did you mean 'fail'?\n"
                    + "See 'tool store report --help'.\n"
            ))
        let usage = """

            Usage: tool store report [--json]
                   tool store report COMMAND [--help]

            """
        #expect(await runSample("store", "report", "--help").output.contains(usage))
        #expect(await runSample("store", "report", "fail", "--help").output.contains("store report fail WAY"))
    }

    @Test("the kind of an error decides the exit code, and every message is one line")
    func exitCodes() async {
        #expect(await runSample("store", "fail", "input") == (3, "", "tool store fail: a input error\n"))
        #expect(await runSample("store", "fail", "failure") == (1, "", "tool store fail: a failure error\n"))
        #expect(
            await runSample("store", "fail", "usage") == (
                2, "", "tool store fail: a usage error\nSee 'tool store fail --help'.\n"
            ))
        #expect(await runSample("store", "fail", "other") == (1, "", "tool store fail: something broke\n"))
    }

    @Test("the edit distance counts insertions, deletions, replacements and swaps")
    func distances() {
        #expect(editDistance("", "abc") == 3)
        #expect(editDistance("abc", "abc") == 0)
        #expect(editDistance("abcd", "acbd") == 1)
        #expect(editDistance("kitten", "sitting") == 3)
    }

    @Test("open ranges are told as bounds")
    func bounds() throws {
        let declarations: [ArgumentDescription] = [.option(name: "n", value: "N", help: "")]
        let arguments = try ArgumentParser.sort(["--n", "x"], by: declarations)
        #expect(
            throws: UsageError.invalidValue(
                argument: "--n", found: "x", expected: "a whole number of at least 1")
        ) {
            try arguments.integer("n", in: 1...Int.max)
        }
        #expect(
            throws: UsageError.invalidValue(argument: "--n", found: "x", expected: "a number of at most 0.5")
        ) {
            try arguments.number("n", in: -Double.infinity...0.5)
        }
        #expect(throws: UsageError.invalidValue(argument: "--n", found: "x", expected: "a number")) {
            try arguments.number("n")
        }
        #expect(arguments.isGiven("n"))
    }
}
