import Foundation
import FoundationXML
import TestSupport
import Testing

/// Names that a stranger may have put into a file, through every file that has names and every output that shows them.
@Suite("names of strangers")
struct HostileNameTests {
    /// Runs a command where text becomes one, begins lines and tags, moves the cursor, turns the direction of writing; and
    /// letters that join marks, so that a quotation mark or slash is no `Character` of its own.
    static let name =
        "x\u{600}'; system \"touch pwned\"; # `touch pwned` $(touch pwned) '\u{301}\nx q[0];\r../\u{600}/\u{1B}[2J\u{9B}\u{202E}"
        + "<script>\u{600}<b>&" + String(repeating: "é", count: 300)

    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Writes an object as JSON.
    private func write(_ object: Any, as file: String) throws {
        try folder.write(Array(JSONSerialization.data(withJSONObject: object)), as: file)
    }

    private func object(_ text: String) throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    /// Whether nothing in a text acts: lines are the tool's own, and no sequence or mark of direction is left.
    private static func isInert(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy {
            $0 == "\n" || ($0.properties.generalCategory != .control && !$0.properties.isBidiControl)
        }
    }

    /// Runs the tool in the folder, and checks that its streams are inert, and that the name has run and forged nothing.
    @discardableResult
    private func run(
        _ arguments: [String], status: Int32 = 0, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> CommandResult {
        let result = try runCommand(arguments, folder: folder.path)
        #expect(result.status == status, "\(arguments): \(result.error)", sourceLocation: sourceLocation)
        for text in [result.output, result.error] {
            #expect(
                Self.isInert(text), "\(arguments): \(text.debugDescription)", sourceLocation: sourceLocation)
            // A line of the name's own would begin with what stands after its line feed.
            #expect(
                !text.split(separator: "\n").contains { $0.hasPrefix("x q[0]") }, "\(arguments)",
                sourceLocation: sourceLocation)
        }
        #expect(
            !folder.contents.contains { $0.contains("pwned") && !$0.contains("touch") }, "\(arguments)",
            sourceLocation: sourceLocation)
        return result
    }

    /// As ``run(_:status:sourceLocation:)``, with `--json`: the last line is JSON that holds the name as it is.
    private func runJSON(_ arguments: [String], sourceLocation: SourceLocation = #_sourceLocation) throws {
        let result = try run(arguments + ["--json"], sourceLocation: sourceLocation)
        let line = try #require(result.output.split(separator: "\n").last)
        let value = try JSONSerialization.jsonObject(with: Data(line.utf8), options: .fragmentsAllowed)
        #expect(Self.holdsName(value), "\(arguments)", sourceLocation: sourceLocation)
    }

    /// Whether a name is among the values, alone or in a text.
    private static func holdsName(_ value: Any) -> Bool {
        switch value {
        case let text as String: Data(text.utf8).range(of: Data(name.utf8)) != nil
        case let list as [Any]: list.contains(where: holdsName)
        case let object as [String: Any]: object.values.contains(where: holdsName)
        default: false
        }
    }

    private func writeGraph() throws {
        try write(
            [
                "schema": "sqsnn.network-graph/1", "input": ["name": "in \(Self.name)", "neurons": 256],
                "populations": [
                    ["name": Self.name, "neurons": 4, "ansatz": "exchange"],
                    ["name": "out \(Self.name)", "neurons": 2, "ansatz": "exchange"],
                ],
                "projections": [
                    ["from": "in \(Self.name)", "to": Self.name],
                    ["from": Self.name, "to": "out \(Self.name)"],
                ],
            ], as: "graph.json")
    }

    private func writeCircuit() throws {
        var circuit = try object(runCommand("neuron", "circuit", "exchange", "--json").output)
        circuit = circuit.filter {
            ["io_qubits", "memory_qubits", "gates", "parameter_count"].contains($0.key)
        }
        circuit["name"] = Self.name
        try write(circuit, as: "circuit.json")
    }

    private func writeDevice() throws {
        var device = try object(runCommand("device", "show", "eagle", "--json").output)
        for field in ["name", "summary", "source", "date"] { device[field] = Self.name }
        try write(device, as: "device.json")
    }

    @Test("of a graph: text, JSON, SVG")
    func graph() throws {
        try writeGraph()
        try run(["network", "show", "graph.json"])
        try runJSON(["network", "show", "graph.json"])
        try run(["network", "run", "graph.json", "--steps", "2"])
        try runJSON(["network", "run", "graph.json", "--steps", "2"])
        let svg = try run(["network", "draw", "graph.json"]).output
        #expect(XMLParser(data: Data(svg.utf8)).parse())
        #expect(Data(svg.utf8).range(of: Data("<script".utf8)) == nil)
        #expect(Data(svg.utf8).range(of: Data("<b>".utf8)) == nil)
        // In messages as well.
        var broken = try object(String(contentsOfFile: folder.path("graph.json"), encoding: .utf8))
        broken["outputs"] = ["none \(Self.name)"]
        try write(broken, as: "broken.json")
        let refused = try run(["network", "show", "broken.json"], status: 3)
        #expect(refused.error.split(separator: "\n").count == 1)
    }

    @Test("of a circuit: drawing, OpenQASM, table, JSON, figures")
    func circuit() throws {
        try writeCircuit()
        try run(["neuron", "circuit", "circuit.json"])
        try runJSON(["neuron", "circuit", "circuit.json"])
        // The program is that of the same circuit without the name: nothing of it comes in.
        let program = try run(["neuron", "circuit", "circuit.json", "--openqasm"])
        #expect(try program == runCommand("neuron", "circuit", "exchange", "--openqasm"))
        try run(["neuron", "memory", "circuit.json", "--draws", "1", "--steps", "2"])
        try runJSON(["neuron", "memory", "circuit.json", "--draws", "1", "--steps", "2"])
    }

    @Test("in figures, drawn by gnuplot", .enabled(if: isGnuplotInstalled, "gnuplot is not installed"))
    func figures() throws {
        try writeCircuit()
        try writeDevice()
        try run([
            "neuron", "memory", "circuit.json", "--draws", "1", "--steps", "2", "--noise", "device.json",
            "--figures", "new/figures",
        ])
        for file in ["memory.svg", "sensitivity.svg"] {
            let svg = try Data(contentsOf: URL(filePath: folder.path("new/figures/\(file)")))
            #expect(XMLParser(data: svg).parse())
            #expect(svg.range(of: Data("<script".utf8)) == nil && svg.range(of: Data("<b>".utf8)) == nil)
        }
        #expect(folder.names == ["circuit.json", "device.json", "new"])
    }

    @Test("of a device and its properties: text, JSON, traces under its noise")
    func device() throws {
        try writeDevice()
        try run(["device", "show", "device.json"])
        try runJSON(["device", "show", "device.json"])
        try write(
            [
                "backend_name": Self.name, "last_update_date": Self.name,
                "qubits": [[["name": "T1", "unit": "us", "value": 100]]],
                "gates": [
                    [
                        "gate": "sx", "qubits": [0],
                        "parameters": [["name": "gate_error", "unit": "", "value": 0.001]],
                    ]
                ],
            ], as: "properties.json")
        let converted = try run(["device", "convert", "properties.json", "--qubits", "0"])
        #expect(try Self.holdsName(object(converted.output)))
        try folder.write(converted.output, as: "converted.json")
        try run(["device", "show", "converted.json"])
    }

    @Test("of circuits, gates and fields in traces and extrapolations: one line of a message")
    func messages() throws {
        let trace: [String: Any] = [
            "io_qubits": 1, "memory_qubits": 1, "angles": [0.1, 0.2, 0.3, 0.4, 0.5], "currents": [[0.3]],
            "spikes": [[0]],
        ]
        var unknown = trace
        unknown["ansatz"] = Self.name
        var gate = trace
        gate["gates"] = [["gate": Self.name, "qubits": [0], "angle": 0.1]]
        for (index, entry) in [unknown, gate].enumerated() {
            try write(["schema": "sqsnn.neuron-trace/1", "cases": [entry]], as: "trace\(index).json")
            for command in ["trace", "mitigate"] {
                let refused = try runCommand("neuron", command, "trace\(index).json", folder: folder.path)
                #expect(refused.status == 3 || refused.status == 2)
                #expect(Self.isInert(refused.error) && refused.output == "")
                #expect(refused.error.split(separator: "\n").count <= 2)
            }
        }
        try write(["cases": [["scale_factors": [1, 3], "values": [0.1, Self.name]]]], as: "values.json")
        try run(["neuron", "extrapolate", "values.json"], status: 3)
        try write(["schema": Self.name, "cases": []], as: "schema.json")
        try run(["neuron", "trace", "schema.json"], status: 3)
        try write(["schema": Self.name], as: "schema.json")
        for arguments in [["network", "show"], ["device", "show"]] {
            try run(arguments + ["schema.json"], status: 3)
        }
    }

    @Test("of options and paths: one line of a message")
    func options() throws {
        let calls = [
            ["train", "--dataset"], ["train", "--recipe"], ["train", "--backend"], ["train", "--noise"],
            ["train", "--ansatz"], ["neuron", "circuit"], ["device", "show"], ["network", "show"],
            ["data", "info"], ["eval"], ["doctor"], ["backend", "check"], ["bench", "step", "--batch"],
        ]
        for call in calls {
            let result = try runCommand(call + [Self.name], folder: folder.path)
            #expect((1...3).contains(result.status), "\(call): \(result)")
            #expect(Self.isInert(result.error) && Self.isInert(result.output), "\(call)")
        }
        #expect(folder.contents == [])
        let file = "\u{301}a\u{600}'\u{1B}[2J\n.json"
        try folder.write("{", as: file)
        for arguments in [
            ["network", "show"], ["neuron", "trace"], ["neuron", "circuit"], ["device", "show"],
        ] {
            let refused = try run(arguments + ["./\(file)"], status: 3)
            #expect(refused.error.split(separator: "\n").count == 1)
        }
    }

    @Test(
        "of a graph, device, recipe and circuit in a run: training, evaluation, figures, resumption, study",
        .enabled(if: isUSPSInstalled, "USPS is not installed"))
    func training() throws {
        try writeGraph()
        try writeDevice()
        try writeCircuit()
        let short = ["--dataset", "usps-1v7", "--epochs", "1", "--limit", "20", "--threads", "1"]
        try run(["train", "--graph", "graph.json", "--output", "graph-run"] + short)
        try run(["train", "--ansatz", "circuit.json", "--noise", "device.json", "--output", "run"] + short)
        var recipe = try #require(
            object(String(contentsOfFile: folder.path("run/run.json"), encoding: .utf8))["recipe"]
                as? [String: Any])
        recipe["name"] = Self.name
        try write(recipe, as: "recipe.json")
        try run([
            "train", "--recipe", "recipe.json", "--dataset", "usps-1v7", "--limit", "20", "--threads", "1",
            "--output",
            "recipe-run",
        ])
        for run in ["graph-run", "run", "recipe-run"] {
            try self.run(["eval", run, "--threads", "1"])
            try self.run(["doctor", run])
            try self.run(["train", "--resume", "--output", run, "--threads", "1"])
            guard isGnuplotInstalled else { continue }
            for file in ["training.svg", "raster.svg"] {
                let svg = try Data(contentsOf: URL(filePath: folder.path("\(run)/figures/\(file)")))
                #expect(XMLParser(data: svg).parse())
                #expect(svg.range(of: Data("<script".utf8)) == nil)
            }
        }
        // A checksum, as it is, stands in the message about a line of a journal.
        try run(
            [
                "train", "--learning", "local", "--estimator", "postselected", "--backend",
                "noisy:device.json", "--steps", "2",
                "--output", "journal",
            ] + short.filter { $0 != "20" && $0 != "--limit" } + ["--limit", "2"])
        let journal = try String(contentsOfFile: folder.path("journal/jobs.journal"), encoding: .utf8)
        try folder.write("\u{1B}[2J\u{202E}xxxxxxxxx {}\n" + journal, as: "journal/jobs.journal")
        let refused = try run(["train", "--resume", "--output", "journal"], status: 3)
        #expect(refused.error.contains("jobs.journal: line 1: the checksum is \\u{1B}[2J\\u{202E}xxxxxxxxx,"))
        // Its folders lie within that of the study, whatever the device is called.
        var device = try object(runCommand("device", "show", "eagle", "--json").output)
        device["name"] = ".."
        try write(device, as: "parent.json")
        let before = folder.names
        for file in ["device.json", "parent.json"] {
            try run([
                "study", "noise", "--noise", file, "--scales", "0,1", "--dataset", "usps-1v7", "--limit",
                "20", "--epochs", "1",
                "--hidden", "2", "--memory-qubits", "1", "--repetitions", "1", "--threads", "1", "--output",
                "study-\(file)",
            ])
        }
        #expect(folder.names == (before + ["study-device.json", "study-parent.json"]).sorted())
    }
}

let isGnuplotInstalled = ["/usr/bin", "/usr/local/bin", "/bin"].contains {
    FileManager.default.isExecutableFile(atPath: "\($0)/gnuplot")
}

let isUSPSInstalled: Bool = {
    let listing = try? decodeJSON(DatasetListing.self, runCommand("data", "list", "--json").output)
    return listing?.datasets.contains { $0.name == "usps-1v7" && $0.folder != nil } ?? false
}()
