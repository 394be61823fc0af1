import TestSupport
import Testing

/// What neurons without a circuit, or without chance, cannot do: said by name, before data are read or a folder is made.
@Suite("What a model cannot do")
struct ModelRefusalTests {
    private static let models = ["lif", "qlif"]

    /// Options beside `train --dataset usps-1v7 --model MODEL`, and what is said.
    private static let calls: [([String], @Sendable (String) -> String)] = [
        (
            ["--learning", "local"],
            {
                "local rule: found \($0) neurons in population output, which have no angles to probe; expected sqs, memoryless or "
                    + "last-spike-feedback, or surrogate gradients"
            }
        ),
        (
            ["--recipe", "local", "--estimator", "exact", "--hidden", "3"],
            {
                "local rule: found \($0) neurons in population hidden, which have no angles to probe; expected sqs, memoryless or "
                    + "last-spike-feedback, or surrogate gradients"
            }
        ),
        (
            ["--backend", "ideal"],
            { _ in "backend ideal: surrogate gradients need a simulator; expected --learning local" }
        ),
        (
            ["--backend", "ideal", "--learning", "local", "--estimator", "memoryless"],
            {
                "backend ideal: population output is \($0), which has no circuit; expected model sqs"
            }
        ),
        (
            ["--noise", "eagle"],
            { "noise: found model \($0), expected sqs; leave out the noise, or choose that model" }
        ),
        (["--ansatz", "exchange"], { "--ansatz beside model \($0), which has no circuit" }),
        (["--memory-qubits", "2"], { "--memory-qubits beside model \($0), which has no circuit" }),
        (
            ["--recipe", "means.json"],
            { _ in "recipe: angle_means has 5 numbers, expected 0, one for each angle" }
        ),
        (
            ["--surrogate", "straight-through"],
            {
                "--surrogate beside model \($0), which has a surrogate of its own; leave it out, or set --surrogate-width"
            }
        ),
    ]

    @Test("in training is exit code 2 and one line, and nothing is made", arguments: models)
    func training(_ model: String) throws {
        let folder = try TemporaryFolder()
        try folder.write("{\"base\": \"standard\", \"angle_means\": [1, 2, 3, 4, 5]}", as: "means.json")
        for (options, message) in Self.calls {
            #expect(
                try runCommand(
                    ["train", "--dataset", "usps-1v7", "--model", model] + options, folder: folder.path)
                    == CommandResult(
                        status: 2, output: "",
                        error: "sqsnn train: \(message(model))\nSee 'sqsnn train --help'.\n"))
        }
        #expect(folder.names == ["means.json"])
    }

    @Test("is said of estimates too, and of commands about circuits")
    func others() throws {
        let estimate = try runCommand("estimate", "--learning", "local", "--model", "lif")
        #expect(estimate.status == 2 && estimate.output == "")
        #expect(
            estimate.error.hasPrefix("sqsnn estimate: local rule: found lif neurons in population output, "))
        for command in ["memory", "circuit"] {
            for (model, reason) in [
                ("lif", ", and this one has none"), ("qlif", ", and this one has none"), ("sqs", ""),
            ] {
                #expect(
                    try runCommand("neuron", command, model)
                        == CommandResult(
                            status: 2, output: "",
                            error:
                                "sqsnn neuron \(command): CIRCUIT: found '\(model)', expected a circuit, not a model of "
                                + "neurons\(reason); name one of the catalogue, such as exchange, or a gate list\n"
                                + "See 'sqsnn neuron \(command) --help'.\n"))
            }
        }
    }

    private static func graph(_ hidden: String, _ output: String) -> String {
        """
        {"schema": "sqsnn.network-graph/1", "input": {"name": "in", "neurons": 256},
         "populations": [{"name": "first", "neurons": 2, \(hidden)}, {"name": "last", "neurons": 2, \(output)}],
         "projections": [{"from": "in", "to": "first"}, {"from": "first", "to": "last"}]}
        """
    }

    @Test("is said of the population of a graph that mixes models")
    func graphs() throws {
        let folder = try TemporaryFolder()
        let lif = "\"model\": \"lif\""
        let sqs = "\"model\": \"sqs\""
        try folder.write(Self.graph(lif, sqs), as: "first.json")
        try folder.write(Self.graph(sqs, "\"model\": \"qlif\""), as: "last.json")
        try folder.write(Self.graph(lif, lif), as: "both.json")
        try folder.write(Self.graph(lif + ", \"ansatz\": \"exchange\"", sqs), as: "field.json")
        try folder.write(Self.graph(lif + ", \"decay\": 2", sqs), as: "value.json")
        let ofUsage = "\nSee 'sqsnn train --help'.\n"
        let cases: [(String, [String], Int32, String)] = [
            (
                "first", ["--learning", "local"], 2,
                "local rule: found lif neurons in population first, which have no angles to probe; expected sqs, memoryless "
                    + "or last-spike-feedback, or surrogate gradients" + ofUsage
            ),
            (
                "last", ["--learning", "local"], 2,
                "local rule: found qlif neurons in population last, which have no angles to probe; expected sqs, memoryless "
                    + "or last-spike-feedback, or surrogate gradients" + ofUsage
            ),
            (
                "both", ["--noise", "eagle"], 2,
                "noise: found model lif, expected sqs; leave out the noise, or choose that model" + ofUsage
            ),
            (
                "first", ["--model", "lif"], 2, "--model beside --graph, whose neurons it has" + ofUsage
            ),
            (
                "field", [], 3,
                "field.json: populations[0].ansatz: there is no such field here; expected one of decay, learn_decay, "
                    + "learn_threshold, model, name, neurons, regularized, reset, spike_surrogate, surrogate_width, threshold\n"
            ),
            (
                "value", [], 3,
                "value.json: populations[0].decay: found 2.0, expected a number from 0.0 to 1.0\n"
            ),
        ]
        for (name, options, status, message) in cases {
            #expect(
                try runCommand(
                    ["train", "--dataset", "usps-1v7", "--graph", "\(name).json"] + options,
                    folder: folder.path)
                    == CommandResult(status: status, output: "", error: "sqsnn train: \(message)"))
        }
        #expect(folder.names == ["both.json", "field.json", "first.json", "last.json", "value.json"])
    }
}
