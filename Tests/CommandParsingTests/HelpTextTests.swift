import Testing

@testable import CommandParsing

/// Snapshots: a change of the layout is a decision, so it shows here word for word.
struct HelpTextTests {
    @Test("the help of a command has summary, usage, arguments, options with defaults, examples, exit codes")
    func command() async {
        let expected = """
            Measure files.

            Usage: tool measure [--steps COUNT] [--rate NUMBER] [--shape square|circle]
                                [--json] FILE [MORE...]

            Reads each file and prints its length. A long first paragraph shows that lines
            are wrapped at eighty columns wherever a word would cross.

            A second paragraph.

            Arguments:
              FILE  File to measure.
              MORE  Further files.

            Options:
              --steps COUNT          Steps to take. Default: 5.
              --rate NUMBER          Learning rate.
              --shape square|circle  Shape of the ruler. Default: square.
              --json                 Print one JSON object.
              --help                 Show this text.

            Examples:
              tool measure --steps 3 a b
                  Measures two files in three steps.

            Exit codes: 0 success, 1 failure, 2 wrong usage, 3 bad input, 130 interrupted.

            """
        #expect(await runSample("measure", "--help") == (0, expected, ""))
        #expect(await runSample("measure", "--steps", "x", "-h", "--unknown") == (0, expected, ""))
    }

    @Test("the help of a group lists its commands; a group alone prints it")
    func group() async {
        let expected = """
            A tool for tests.

            Usage: tool COMMAND [--help]

            Commands:
              measure  Measure files.
              store    Keep things.

            Options:
              --help     Show this text; 'help COMMAND' that of a command.
              --version  Show the version; also 'version'.

            Exit codes: 0 success, 1 failure, 2 wrong usage, 3 bad input, 130 interrupted.

            See 'tool COMMAND --help' for more about a command.

            """
        #expect(await runSample("--help") == (0, expected, ""))
        #expect(await runSample() == (0, expected, ""))
        #expect(await runSample("store").output.contains("Usage: tool store COMMAND [--help]"))
        #expect(!(await runSample("store").output.contains("--version")))
    }

    @Test("--version prints name and version")
    func version() async {
        #expect(await runSample("--version") == (0, "tool 1.2.3\n", ""))
        #expect(await runSample("version") == (0, "tool 1.2.3\n", ""))
    }

    @Test("help COMMAND is COMMAND --help, and takes commands only")
    func helpWord() async {
        #expect(await runSample("help") == runSample("--help"))
        #expect(await runSample("help", "measure") == runSample("measure", "--help"))
        #expect(await runSample("help", "store") == runSample("store", "--help"))
        #expect(await runSample("help", "mesure").error.contains("did you mean 'measure'?"))
        #expect(await runSample("help", "measure", "x").status == 2)
    }

    @Test("the completion script knows commands, options and alternatives, and bash accepts it")
    func completion() throws {
        let script = BashCompletion.script(for: SampleRoot.self)
        #expect(
            try complete("tool ", script) == ["measure", "store", "--help", "--version", "help", "version"])
        #expect(try complete("tool measure --s", script) == ["--steps", "--shape"])
        #expect(try complete("tool measure --shape c", script) == ["circle"])
        #expect(try complete("tool measure --steps ", script) == [])
        #expect(try complete("tool store f", script) == ["fail"])
    }
}
