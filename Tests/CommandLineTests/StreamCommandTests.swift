import Foundation
import TestSupport
import Testing

/// `sqsnn stream` and `sqsnn data preview` on recordings, as a user calls them.
@Suite("sqsnn stream")
struct StreamCommandTests {
    private let digits: RecordedDigits
    private var folder: TemporaryFolder { digits.folder }

    init() throws { digits = try RecordedDigits() }

    private func call(_ arguments: String...) throws -> CommandResult { try digits.call(arguments) }

    private func train(_ bins: String) throws {
        let result = try call(
            "train", "--dataset", "n-mnist", "--steps", "10", "--hidden", "8", "--epochs", "1", "--batch",
            "10", "--bins", bins,
            "--output", "run", "--threads", "1")
        #expect(result.status == 0, "\(result.error)")
    }

    @Test("a line a step, counts and latency at the end, the same each time")
    func lines() throws {
        try train("10ms")
        let result = try call("stream", "run", "n-mnist/Test/3/1.bin")
        let lines = result.output.split(separator: "\n")
        #expect(result.status == 0 && lines.count == 11)
        #expect(
            lines[0].hasPrefix("step,time_ms,events,class,class_name,probability_0,")
                && lines[0].hasSuffix("probability_9"))
        #expect(lines[1].hasPrefix("0,10.000,20,") && lines[10].hasPrefix("9,100.000,20,"))
        #expect(
            result.error.firstMatch(
                of:
                    /^steps of 10ms, a window of 10 steps\n10 steps of 200 events; 200 events read in .* a second\nlatency: median .* ms\n$/
            )
                != nil, "\(result.error)")
        #expect(try call("stream", "run", "n-mnist/Test/3/1.bin").output == result.output)
        let json = try call(
            "stream", "run", "n-mnist/Test/3/1.bin", "--json", "--every", "50events", "--window", "2")
        #expect(json.output.split(separator: "\n").count == 4)
        struct Line: Decodable {
            let step: Int
            let timeUs: Int
            let events: Int
            let className: String
            let probabilities: [Double]
        }
        let first = try decodeJSON(Line.self, String(json.output.split(separator: "\n")[0]))
        #expect((first.step, first.timeUs, first.events) == (0, 24_500, 50))
        #expect(abs(first.probabilities.reduce(0, +) - 1) < 1e-9)
    }

    /// Numbers of a run's first pass, which all three commands make.
    @Test("a recording is read alike by eval, predict and activity, which shows what lies behind it")
    func activity() throws {
        try train("time")
        let table = try call("predict", "run", "n-mnist/Test/3")
        #expect(table.status == 0, "\(table.error)")
        let lines = table.output.split(separator: "\n")
        #expect(lines.count == 2 && lines[0].hasPrefix("file,class,class_name,rate_0,"))
        #expect(lines[1].hasPrefix("\"n-mnist/Test/3/1.bin\","))
        #expect(try call("predict", "run", "n-mnist/Test/3/1.bin").output == table.output)
        #expect(
            try call("predict", "run", "n-mnist/Test/3/1.bin", "--json").output.contains(
                "\"file\":\"n-mnist/Test/3/1.bin\""))
        try folder.write([200, 0, 0, 0, 0], as: "wide/a.bin")
        #expect(try call("predict", "run", "wide").status == 3)
        #expect(try call("predict", "run", "nowhere").status == 3)

        let found = try call(
            "activity", "run", "--sample", "3", "--record", "probabilities,memory", "--output", "a.npz")
        let words = found.output.split(separator: "\n")
        #expect(
            found.status == 0 && words[0].hasPrefix("sample 3: 3, read as ")
                && words[1].hasPrefix("hidden: 8 neurons, ") && words.last == "Activity: a.npz",
            "\(found.error)")
        #expect(
            try call("activity", "run", "--sample", "3").output == words.dropLast().joined(separator: "\n")
                + "\n")
        for (arguments, message) in [
            (["--sample", "10"], "found no sample 10, expected 0 to 9"),
            (["--split", "validation"], "found no images held out"),
            (["--record", "memory"], "--record without a place"),
        ] {
            let result = try digits.call(["activity", "run"] + arguments)
            #expect(result.status != 0 && result.error.contains(message), "\(result.error)")
        }
    }

    @Test("an event that makes no sense ends it with 3, after what was decided before")
    func damaged() throws {
        try train("10ms")
        try folder.write(Array(RecordedDigits.recording(3).prefix(5 * 70 + 2)), as: "cut.bin")
        let result = try call("stream", "run", "cut.bin")
        #expect(result.status == 3 && result.output.split(separator: "\n").count == 1 + 3)
        #expect(
            result.error.contains(
                "\nsqsnn stream: cut.bin: byte 350: the file ends within an event, found 2 of 5 bytes"))
        // Column 33 of row 33 is the last one.
        try folder.write([200, 0, 0, 0, 0], as: "beside.bin")
        #expect(try call("stream", "run", "beside.bin").status == 3)
        #expect(try call("stream", "run", "nowhere.bin").status == 3)
    }

    @Test("steps that a stream has not, and options that cannot be, are usage errors")
    func usage() throws {
        try train("time")
        let result = try call("stream", "run", "n-mnist/Test/3/1.bin")
        #expect(result.status == 2 && result.error.contains("run: found a run trained with --bins time"))
        for options in [
            ["--every", "0events"], ["--every", "soon"], ["--live", "0"], ["--window", "0"],
            ["--format", "csv"],
        ] {
            let arguments = ["stream", "run", "n-mnist/Test/3/1.bin"] + options
            #expect(try runCommand(arguments, folder: folder.path).status == 2, "\(options)")
        }
        #expect(try call("stream", "run", "n-mnist/Test/3/1.bin", "--every", "20ms").status == 0)
    }

    @Test("Ctrl-C ends it, with the counts so far")
    func interrupt() throws {
        try train("10ms")
        // In real time it takes a tenth of a second, and the events after it a minute.
        let late: [UInt8] = (1...7).flatMap { [0, 0, UInt8($0 * 16), 0, 0] as [UInt8] }
        try folder.write(RecordedDigits.recording(3) + late, as: "long.bin")
        let result = try stopCommand(
            ["stream", "run", "long.bin", "--pace"], signal: SIGINT, afterOutput: "\n5,", folder: folder.path)
        #expect(result.status == 130 && result.error.contains("events read in"))
    }

    @Test("a recording is shown, drawn with gnuplot or without, and options of images are refused")
    func preview() throws {
        let file = try call(
            "data", "preview", "n-mnist/Test/3/1.bin", "--figure", "page.html", "--frame", "25ms")
        #expect(file.status == 0 && file.output.hasSuffix("Figure: page.html\n"))
        #expect(
            file.output.hasPrefix("n-mnist/Test/3/1.bin\n  34 × 34 pixels, 200 events: 100 ON, 100 OFF\n"))
        let sample = try call("data", "preview", "n-mnist", "--index", "3", "--transforms", "polarity=on")
        #expect(
            sample.output.hasPrefix(
                "n-mnist 3: 3 (class 3), polarity=on\n  34 × 34 pixels, 100 events: 100 ON"))
        for options in [["--steps", "3"], ["--encoder", "rate"], ["--count", "2"], ["--part", "test"]] {
            let arguments = ["data", "preview", "n-mnist/Test/3/1.bin"] + options
            #expect(try runCommand(arguments, folder: folder.path).status == 2, "\(options)")
        }
        #expect(try call("data", "preview", "n-mnist", "--index", "10").status == 2)
        #expect(try call("data", "preview", "mnist", "--frame", "20ms").status == 2)
    }
}
