import TestSupport
import Testing

@Suite("sqsnn spikes")
struct SpikesCommandTests {
    @Test("a train is made, fitted, and made again from the fit")
    func wholeWay() throws {
        let folder = try TemporaryFolder()
        let made = try runCommand(
            "spikes", "make", "bursts", "--intervals", "3000", "--output", "t.txt", folder: folder.path)
        #expect(made.status == 0 && made.output.hasPrefix("t.txt: 3000 spikes in "), "\(made.error)")
        let fitted = try runCommand(
            "spikes", "fit", "t.txt", "--models", "hidden-states-1,hidden-states-3", "--json",
            folder: folder.path)
        #expect(fitted.status == 0, "\(fitted.error)")
        struct Report: Decodable {
            struct Row: Decodable {
                struct Score: Decodable {
                    struct Gain: Decodable { let mean, low, high: Double }
                    let gain: Gain
                }
                let model: String
                let judged: Score
            }
            let rows: [Row]
        }
        let report = try decodeJSON(
            Report.self, String(try #require(fitted.output.split(separator: "\n").last)))
        // One state knows the rate, three the bursts.
        #expect(abs(report.rows[0].judged.gain.mean) < 0.02 && report.rows[1].judged.gain.low > 0.2)
        let generated = try runCommand(
            "spikes", "generate", "spike-fits/hidden-states-3.json", "--steps", "500", folder: folder.path)
        #expect(generated.status == 0, "\(generated.error)")
        #expect(folder.contents.contains("spike-fits/hidden-states-3.txt"))
    }

    @Test(
        "what cannot be fitted is refused with file and line, and leaves nothing",
        arguments: [
            ("3\n1\n", "t.txt: line 2: found a time before the last, expected ascending ones"),
            ("x\n", "t.txt: line 1: found 'x', expected a number"),
            ("", "spike train: found 0 spikes, expected at least 2"),
        ])
    func refused(text: String, message: String) throws {
        let folder = try TemporaryFolder()
        try folder.write(text, as: "t.txt")
        let result = try runCommand("spikes", "fit", "t.txt", folder: folder.path)
        #expect(result.status == 3 && result.error.contains(message), "\(result)")
        #expect(folder.contents == ["t.txt"])
    }

    @Test("options that contradict one another, and laws and files that there are not")
    func usage() throws {
        let folder = try TemporaryFolder()
        try folder.write("1\n2\n5\n9\n", as: "t.txt")
        for (words, status) in [
            (["make", "gama"], 2), (["fit", "none.txt"], 3),
            (["fit", "t.txt", "--test", "t.txt", "--held-out", "0.2"], 2),
            (["fit", "t.txt", "--input", "t.txt", "--test", "t.txt"], 2), (["generate", "t.txt"], 3),
        ] as [([String], Int32)] {
            let result = try runCommand(["spikes"] + words, folder: folder.path)
            #expect(result.status == status, "\(words): \(result)")
        }
    }
}
