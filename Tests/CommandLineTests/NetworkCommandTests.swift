import Foundation
import FoundationXML
import TestSupport
import Testing

/// `sqsnn network` as a user calls it.
@Suite("sqsnn network")
struct NetworkCommandTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// A cycle of two populations between an input and an output whose name is hard to write.
    private func cycle(delay: Int) throws -> String {
        try folder.write(
            """
            {"schema": "sqsnn.network-graph/1", "input": {"name": "in", "neurons": 2},
             "populations": [{"name": "a", "neurons": 2}, {"name": "b", "neurons": 2}, {"name": "c <&>", "neurons": 1}],
             "projections": [{"from": "in", "to": "a"}, {"from": "a", "to": "b"}, {"from": "b", "to": "c <&>"},
                             {"from": "b", "to": "a", "delay": \(delay)}],
             "outputs": ["c <&>"]}
            """, as: "cycle.json")
        return "\(folder.path)/cycle.json"
    }

    /// Two channels, and a population too large to be shown neuron by neuron.
    private func channels() throws -> String {
        try folder.write(
            """
            {"schema": "sqsnn.network-graph/1", "input": {"name": "in", "neurons": 3, "channels": 2},
             "populations": [{"name": "a", "neurons": 20, "ansatz": "exchange", "io_qubits": 2},
                             {"name": "b", "neurons": 2, "ansatz": "exchange", "io_qubits": 2, "memory_qubits": 2}],
             "projections": [{"from": "in", "to": "a"}, {"from": "a", "to": "b"}],
             "outputs": ["b"]}
            """, as: "channels.json")
        return "\(folder.path)/channels.json"
    }

    // By hand: `exchange` has three angles a pair of qubits and one a qubit, 3 · 2 + 3 = 9 and 3 · 4 + 4 = 16; a full
    // projection has a weight for each pair of neurons and channel, 2 · 3 · 20 and 2 · 20 · 2; in all 120 + 80 + 20 · 9
    // + 2 · 16.
    @Test("show lists populations and projections, and counts parameters")
    func show() throws {
        #expect(
            try runCommand("network", "show", channels())
                == CommandResult(
                    status: 0,
                    output: """
                        in: 3 inputs of 2 channels
                        a: 20 neurons, 2 input-output and 1 memory qubits, 9 angles each
                        b: 2 neurons, 2 input-output and 2 memory qubits, 16 angles each, output
                        in → a: full, delay 0, 120 synapses, 120 weights
                        a → b: full, delay 0, 80 synapses, 80 weights
                        412 trainable parameters; no cycles

                        """, error: ""))
    }

    // By hand: of 4 × 4 × 2 neurons, 2 × 2 × 2 = 8 places, each with a weight onto each of three neurons.
    @Test("show tells what is pooled, and counts the pooled plane's synapses")
    func showPooling() throws {
        let path = try folder.write(
            """
            {"schema": "sqsnn.network-graph/1", "input": {"name": "in", "neurons": 32},
             "populations": [{"name": "out", "model": "lif", "neurons": 3}],
             "projections": [{"from": "in", "to": "out", "delay": 1,
                              "pooling": {"height": 4, "width": 4, "features": 2, "size": 2}}]}
            """, as: "pooled.json")
        #expect(
            try runCommand("network", "show", path).output.hasSuffix(
                """
                in → out: 2 × 2 pooling, full, delay 1, 24 synapses, 24 weights
                24 trainable parameters; no cycles

                """))
        let json = try runCommand("network", "show", path, "--json").output
        #expect(json.contains(#""pooling":{"features":2,"height":4,"size":2,"width":4}"#), "\(json)")
    }

    private struct Summary: Decodable {
        struct Population: Decodable {
            let name: String
            let memoryQubits: Int
        }
        struct Projection: Decodable {
            let from: String
            let to: String
            let delay: Int
            let weights: Int
        }
        let populations: [Population]
        let projections: [Projection]
        let outputs: [String]
        let parameters: Int
        let isCyclic: Bool
    }

    // By hand: 4 + 4 + 2 + 4 weights, five neurons of 5 angles.
    @Test("show --json says the same for a program")
    func showJSON() throws {
        let result = try runCommand("network", "show", cycle(delay: 1), "--json")
        #expect(result.status == 0 && result.error == "")
        let summary = try decodeJSON(Summary.self, result.output)
        #expect(summary.populations.map(\.name) == ["a", "b", "c <&>"])
        #expect(summary.populations.map(\.memoryQubits) == [1, 1, 1])
        #expect(summary.projections.map { "\($0.from)-\($0.to)" } == ["in-a", "a-b", "b-c <&>", "b-a"])
        #expect(summary.projections.map(\.weights) == [4, 4, 2, 4])
        #expect(summary.projections.map(\.delay) == [0, 0, 0, 1])
        #expect(summary.outputs == ["c <&>"] && summary.parameters == 39 && summary.isCyclic)
    }

    // 2 · 2¹⁶ + 2³² weights, 2 · 2¹⁶ neurons of five angles; of 2³² pairs, half connected.
    @Test("show counts what no memory holds: full and random projections between 65536 neurons")
    func showLarge() throws {
        for (connectivity, words) in [
            ("\"full\"", "full, delay 0, 4294967296 synapses, 4294967296 weights\n4295753728 trainable"),
            (
                "{\"random\": {\"probability\": 0.5, \"seed\": 1}}",
                "random, p = 0.5, seed 1, delay 0, about 2147483648 synapses, 2147483648 weights\n"
                    + "about 2148270080 trainable"
            ),
        ] {
            let path = try folder.write(
                """
                {"schema": "sqsnn.network-graph/1", "input": {"neurons": 2},
                 "populations": [{"name": "h", "neurons": 65536}, {"name": "output", "neurons": 65536}],
                 "projections": [{"from": "input", "to": "h"},
                                 {"from": "h", "to": "output", "connectivity": \(connectivity)}]}
                """, as: "large.json")
            let result = try runCommand("network", "show", path)
            #expect(result.status == 0 && result.error == "")
            #expect(result.output.contains(words), "\(result.output)")
        }
    }

    @Test("a graph that cannot be run, and a file that is none, are refused in one line by every command")
    func refused() throws {
        let cyclic = try cycle(delay: 0)
        try folder.write("{\"schema\":", as: "cut.json")
        let cases = [
            (
                cyclic,
                "projections[3] (b → a): closes a cycle without delay, a → b → a; give one of its projections delay 1"
            ),
            (
                "\(folder.path)/none.json",
                "cannot be read (No such file or directory); check the path and its permissions"
            ),
            (
                "\(folder.path)/cut.json",
                "not valid JSON (line 1, column 11): found the end of the text, expected a value"
            ),
        ]
        for command in ["show", "draw", "run"] {
            for (path, message) in cases {
                #expect(
                    try runCommand("network", command, path)
                        == CommandResult(
                            status: 3, output: "", error: "sqsnn network \(command): \(path): \(message)\n"))
            }
        }
    }

    @Test(
        "draw prints well-formed SVG: a box or circle a population, an arrow a projection, dashes for a delay",
        .enabled(
            if: FileManager.default.isExecutableFile(atPath: "/usr/bin/dot"), "graphviz is not installed"))
    func draw() throws {
        let path = try cycle(delay: 1)
        let printed = try runCommand("network", "draw", path)
        #expect(printed.status == 0 && printed.error == "")
        let svg = printed.output
        #expect(XMLParser(data: Data(svg.utf8)).parse())
        func count(_ text: String) -> Int { svg.ranges(of: text).count }
        // Input, a and b are boxes; c is a single neuron.
        #expect(count("class=\"node\"") == 4 && count("<ellipse ") == 1)
        #expect(count("class=\"edge\"") == 4 && count("stroke-dasharray") == 1)
        for word in ["population", "output", "── same step", "╌╌ next step"] {
            #expect(count(">\(word)</text>") == 1)
        }
        #expect(count(">c &lt;&amp;&gt;</text>") == 1)

        let written = try runCommand("network", "draw", path, "--output", "graph.svg", folder: folder.path)
        #expect(written == CommandResult(status: 0, output: "Figure: graph.svg\n", error: ""))
        let file = try String(contentsOfFile: "\(folder.path)/graph.svg", encoding: .utf8)
        #expect(file == svg)
        let refused = try runCommand("network", "draw", path, "--output", "/no/folder.svg")
        #expect(refused.status == 1 && refused.output == "")
        #expect(refused.error.hasPrefix("sqsnn network draw: /no/folder.svg: cannot be written"))
    }

    private struct Run: Decodable {
        struct Population: Decodable {
            let name: String
            let spikes: [[[Int]]]
            let spikesPerStep: Double
        }
        let input: [[[Int]]]
        let populations: [Population]
    }

    @Test(
        "run shows each neuron and channel of small populations, a large one in one line, as --json counts them"
    )
    func run() throws {
        let path = try channels()
        let arguments = ["network", "run", path, "--steps", "6", "--seed", "3"]
        let result = try runCommand(arguments)
        #expect(result.status == 0 && result.error == "")
        let run = try decodeJSON(Run.self, try runCommand(arguments + ["--json"]).output)
        #expect(run.input.count == 6 && run.populations.map(\.name) == ["a", "b"])
        func line(_ name: String, _ spikes: [[[Int]]], neuron: Int, channel: Int) -> String {
            let label = "\(name)[\(neuron)].\(channel)"
            return label + String(repeating: " ", count: 15 - label.count)
                + spikes.map { $0[channel].contains(neuron) ? "|" : "·" }.joined()
        }
        func lines(_ name: String, _ spikes: [[[Int]]], neuronCount: Int) -> [String] {
            (0..<neuronCount).flatMap { neuron in
                (0..<2).map { line(name, spikes, neuron: neuron, channel: $0) }
            }
        }
        let large = run.populations[0]
        let spikeCount = large.spikes.joined().reduce(0) { $0 + $1.count }
        #expect(spikeCount > 0 && large.spikesPerStep == Double(spikeCount) / 6)
        let expected =
            lines("in", run.input, neuronCount: 3) + ["a: 20 neurons, \(large.spikesPerStep) spikes a step"]
            + lines("b", run.populations[1].spikes, neuronCount: 2)
        #expect(result.output == expected.joined(separator: "\n") + "\n")
        // The same again, and other spikes from another seed.
        #expect(try runCommand(arguments) == result)
        #expect(try runCommand(arguments.dropLast() + ["4"]).output != result.output)
    }

    private struct Record: Decodable {
        struct Population: Decodable {
            let name: String
            let spikes: [[[Int]]]
            let probabilities: [[[Float]]]
            let currents: [[[Float]]]
            let memory: [[[Float]]]
            let memoryNames: [String]
        }
        let populations: [Population]
    }

    @Test(
        "run --record writes to a file what it prints as JSON, and the spikes stay",
        .enabled(if: Python.has("numpy"), "python3 has no numpy"))
    func record() throws {
        let arguments = ["network", "run", try channels(), "--steps", "6", "--seed", "3"]
        let plain = try runCommand(arguments)
        let what = ["--record", "memory,probabilities,currents"]
        let printed = try runCommand(arguments + what + ["--json"])
        let json = try decodeJSON(Record.self, printed.output)
        #expect(json.populations.map { $0.memory[5].count } == [20, 2])
        #expect(
            json.populations[1].memoryNames == ["x", "y", "z"].map { "memory_0_\($0)" }
                + ["x", "y", "z"].map { "memory_1_\($0)" })
        let written = try runCommand(arguments + what + ["--output", "activity.npz"], folder: folder.path)
        #expect(
            written == CommandResult(status: 0, output: plain.output + "Activity: activity.npz\n", error: ""))
        try folder.write(printed.output, as: "printed.json")
        // Of each number of the JSON that single precision has, the file has the same.
        let answer = try Python.run(
            """
            import json, numpy, sys
            arrays, printed = numpy.load(sys.argv[1]), json.load(open(sys.argv[2]))
            assert len(arrays.files) == 1 + 5 * 2
            for population in printed["populations"]:
                name = population["name"]
                for what in ["probabilities", "currents", "memory"]:
                    expected = numpy.array(population[what], dtype=numpy.float32)
                    assert arrays[f"{name}/{what}"].dtype == numpy.float32
                    assert numpy.array_equal(arrays[f"{name}/{what}"], expected), what
                assert [t.decode() for t in arrays[f"{name}/memory_labels"]] == population["memory_names"]
                spikes = arrays[f"{name}/spikes"]
                assert spikes.dtype == numpy.uint8
                assert [[numpy.flatnonzero(channel).tolist() for channel in step.T] for step in spikes] == population["spikes"]
            assert arrays["in/spikes"].shape == (6, 3, 2)
            print("equal")
            """, folder.path("activity.npz"), folder.path("printed.json"))
        #expect(answer == Data("equal\n".utf8))
    }

    @Test("run refuses a record without a place, what is not recorded, and other endings, before it runs")
    func wrongRecord() throws {
        let cases = [
            (
                ["--record", "memory"],
                "--record without a place for what it records; add --output FILE.npz, FILE.h5 or --json"
            ),
            (
                ["--record", "memory,spike", "--json"],
                "--record: found 'spike', expected probabilities, currents, memory with commas between"
            ),
            (
                ["--record", "memory,memory", "--json"],
                "--record: found 'memory,memory', expected every value once, and memory is there twice"
            ),
            (
                ["--output", "a.npy"],
                "--output: found 'a.npy', expected a file name that ends in .npz or .h5"
            ),
        ]
        for (options, message) in cases {
            let result = try runCommand(["network", "run", cycle(delay: 1)] + options, folder: folder.path)
            #expect(
                result
                    == CommandResult(
                        status: 2, output: "",
                        error: "sqsnn network run: \(message)\nSee 'sqsnn network run --help'.\n"))
        }
        #expect(folder.names == ["cycle.json"])
        let unwritable = try runCommand("network", "run", cycle(delay: 1), "--output", "/no/folder/a.npz")
        #expect(
            unwritable.status == 1
                && unwritable.error.hasPrefix("sqsnn network run: /no/folder/a.npz: cannot be written"))
    }

    // Expected: what release 0.1.0 printed.
    @Test("a graph file of release 0.1.0, of all its models, gives the spikes that it gave")
    func earlierRelease() throws {
        let result = try runCommand(
            "network", "run", Golden.path("runs-0.1/graph-file.json"), "--steps", "6", "--seed", "3", "--json"
        )
        let before = try Golden.data("runs-0.1/graph-file-run.json")
        #expect(result.status == 0 && Data(result.output.utf8) == before)
    }

    @Test(
        "the input spikes at the rate asked for, and a step outside the range is refused",
        arguments: ["0", "1"])
    func rate(_ rate: String) throws {
        let result = try runCommand("network", "run", cycle(delay: 1), "--steps", "4", "--rate", rate)
        let signs = rate == "0" ? "····" : "||||"
        #expect(result.output.hasPrefix("in[0]          \(signs)\nin[1]          \(signs)\n"))
        #expect(
            try runCommand("network", "run", cycle(delay: 1), "--steps", "0")
                == CommandResult(
                    status: 2, output: "",
                    error: "sqsnn network run: --steps: found '0', expected a whole number from 1 to 1000\n"
                        + "See 'sqsnn network run --help'.\n"))
    }
}
