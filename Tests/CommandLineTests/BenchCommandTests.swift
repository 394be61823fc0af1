import Foundation
import TestSupport
import Testing

/// `sqsnn bench` on networks too small to take time. No test judges a time.
struct BenchCommandTests {
    private static let small = "--inputs 100 --hidden 70 --steps 3 --batch 8 --threads 2"
        .split(separator: " ").map(String.init)

    struct Step: Decodable {
        struct Seconds: Decodable {
            let minimum: Double
            let median: Double
            let repetitions: Int
        }
        struct Configuration: Decodable {
            let inputs: Int
            let hidden: Int
            let outputs: Int
            let steps: Int
            let batch: Int
            let dataset: String
            let density: Double
            let threads: Int
            let ansatz: String
            let memoryQubits: Int
        }
        let trainingStepSeconds: Seconds
        let inferenceStepSeconds: Seconds
        let neuronStepsPerSecond: Double
        let synapseAdditionsPerSecond: Double
        let instructionSet: String
        let configuration: Configuration
    }

    @Test("step --json says what it measured, how often and on what")
    func step() throws {
        let options = Self.small + ["--outputs", "4", "--density", "0.1", "--ansatz", "two-way"]
        let result = try runCommand(
            ["bench", "step"] + options + ["--json"], environment: ["SQSNN_CPU": "v2"])
        #expect(result.status == 0 && result.error == "")
        #expect(result.output.hasSuffix("\n") && result.output.dropLast().allSatisfy { !$0.isNewline })
        let step = try decodeJSON(Step.self, result.output)
        for seconds in [step.trainingStepSeconds, step.inferenceStepSeconds] {
            // Issue 4: at least 20 repetitions.
            #expect(seconds.repetitions >= 20)
            #expect(seconds.minimum > 0 && seconds.minimum <= seconds.median)
        }
        #expect(step.neuronStepsPerSecond > 0 && step.synapseAdditionsPerSecond > 0)
        #expect(["x86-64-v2", "baseline"].contains(step.instructionSet))
        let configuration = step.configuration
        #expect(configuration.inputs == 100 && configuration.hidden == 70 && configuration.outputs == 4)
        #expect(configuration.steps == 3 && configuration.batch == 8 && configuration.density == 0.1)
        #expect(configuration.threads == 2)
        #expect(configuration.ansatz == "two-way" && configuration.memoryQubits == 1)
    }

    @Test(
        "step runs on images", .enabled(if: isFashionMNISTInstalled, "Fashion-MNIST is not installed"))
    func images() throws {
        let result = try runCommand(
            "bench", "step", "--dataset", "fashion-mnist", "--hidden", "20", "--batch", "8", "--steps", "2",
            "--json")
        let configuration = try decodeJSON(Step.self, result.output).configuration
        #expect(configuration.dataset == "fashion-mnist" && configuration.inputs == 784)
        // Issue 4: Fashion-MNIST under an intensity ceiling of 0.5 has a density of 0.2.
        #expect(abs(configuration.density - 0.2) < 0.005)
    }

    @Test("step runs neurons with more memory")
    func memoryQubits() throws {
        let result = try runCommand(
            ["bench", "step"] + Self.small + ["--memory-qubits", "2", "--json"])
        #expect(try decodeJSON(Step.self, result.output).configuration.memoryQubits == 2)
    }

    @Test("step runs neurons with several channels, and those with two currents")
    func channels() throws {
        let folder = try TemporaryFolder()
        let circuit = try runCommand("neuron", "circuit", "exchange", "--io-qubits", "2", "--json").output
        let path = try folder.write(Array(circuit.utf8), as: "two-channels.json")
        for options in [["--ansatz", path], ["--model", "qlif"]] {
            let result = try runCommand(["bench", "step"] + Self.small + options)
            #expect(result.status == 0 && result.error == "", "\(options)")
        }
    }

    @Test(
        "a wrong value is exit code 2 and names option, value and range",
        arguments: [
            (["step", "--hidden", "0"], "--hidden: found '0', expected a whole number from 1 to 65536"),
            (["step", "--density", "2"], "--density: found '2', expected a number from 0 to 1"),
            (["step", "--density", "nan"], "--density: found 'nan', expected a number from 0 to 1"),
            (
                ["step", "--dataset", "fashion-mnist", "--inputs", "5"],
                "--inputs: found '5', expected nothing beside --dataset, which says it"
            ),
            (["step", "--threads", "0"], "--threads: found '0', expected a whole number from 1 to 1024"),
            (["step", "--steps", "1001"], "--steps: found '1001', expected a whole number from 1 to 1000"),
            (
                ["step", "--memory-qubits", "7"],
                "--memory-qubits: found '7', expected a whole number from 0 to 6"
            ),
            (
                ["density", "--densities", "0.2,0.1"],
                "--densities: found '0.2,0.1', expected ascending numbers from 0 to 1 with commas between"
            ),
            (
                ["memory", "--steps", "5,x"],
                "--steps: found '5,x', expected ascending whole numbers from 1 to 1000 with commas between"
            ),
            (
                ["paths", "--only", "lif,lift"],
                "--only: found 'lift', expected some of recurrent, long-sparse, two-channels, complex, noisy-1, "
                    + "noisy-2, lif, qlif, local-exact, local-conditional, wide, stream (did you mean 'lif'?)"
            ),
            (
                ["paths", "--only", "lif,lif"],
                "--only: found 'lif,lif', expected every value once, and lif is there twice"
            ),
            (["layer", "--gain", "x"], "--gain: found 'x', expected a number from 0 to 1000000"),
            (
                ["layer", "--record", "a.h5"],
                "--record: found 'a.h5', expected a file name that ends in .npz"
            ),
            (["count"], "missing argument SCENARIO"),
            (
                ["count", "encod"],
                "SCENARIO: found 'encod', expected one of load data, encode, currents forward, "
                    + "currents backward, neuron step, neuron adjoint, optimiser, training step, epoch, "
                    + "inference batch, inference single (did you mean 'encode'?)"
            ),
        ])
    func wrongUsage(_ words: [String], _ message: String) throws {
        let path = "sqsnn bench \(words[0])"
        #expect(
            try runCommand(["bench"] + words)
                == CommandResult(
                    status: 2, output: "", error: "\(path): \(message)\nSee '\(path) --help'.\n"))
    }

    struct Layer: Decodable {
        let forwardSeconds: Step.Seconds
        let forwardBackwardSeconds: Step.Seconds
        let spikesPerNeuronStep: Double
    }

    @Test("layer times both passes, and records what is needed to repeat them")
    func layer() throws {
        let folder = try TemporaryFolder()
        let file = folder.path + "/layer.npz"
        let words = ["bench", "layer", "--model", "lif", "--gain", "3", "--record", file, "--json"]
        let layer = try decodeJSON(Layer.self, runCommand(words + Self.small).output)
        #expect(layer.forwardSeconds.median > 0 && layer.forwardBackwardSeconds.median > 0)
        #expect(layer.spikesPerNeuronStep > 0 && layer.spikesPerNeuronStep < 1)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: file)).count
        // By hand: 70 × 100 weights, a gradient of 64 × 100, and rows of two words of 8 samples and 3 steps for input and
        // spikes; beside them, names and headers.
        let numbers = 4 * (70 * 100 + 64 * 100) + 2 * 8 * 3 * 2 * 8
        #expect(bytes > numbers && bytes < numbers + 2000)
    }

    struct Count: Decodable {
        let scenario: String
        let repetitions: Int
        let allocations: Int?
    }

    @Test(
        "twice the repetitions are twice the allocations",
        arguments: ["encode", "training step", "inference batch"])
    func count(_ scenario: String) throws {
        let options = Self.small.dropLast() + ["1"]
        let counts = try [10, 20].map { repetitions in
            let result = try runCommand(
                ["bench", "count", scenario, "--repetitions", "\(repetitions)", "--json"] + options)
            return try decodeJSON(Count.self, result.output)
        }
        #expect(counts[0].scenario == scenario && counts[0].repetitions == 10)
        let few = try #require(counts[0].allocations)
        #expect(few > 0)
        #expect(counts[1].allocations == 2 * few)
    }

    @Test("the neurons' kernel allocates nothing")
    func noAllocation() throws {
        let options = Self.small.dropLast() + ["1"]
        let result = try runCommand(["bench", "count", "neuron step", "--repetitions", "5"] + options)
        #expect(result.output == "neuron step, 5 repetitions: 0 allocations\n")
    }

    struct Memory: Decodable {
        struct Point: Decodable {
            let steps: Int
            let peakMemoryBytes: Int
            let earlierMemoryBytes: Int
        }
        let points: [Point]
    }

    @Test("memory --json grows with the steps, at least by the currents of the hidden layer")
    func memory() throws {
        let result = try runCommand(
            "bench", "memory", "--steps", "5,105", "--inputs", "50", "--hidden", "64", "--batch", "256",
            "--json")
        let points = try decodeJSON(Memory.self, result.output).points
        #expect(points.map(\.steps) == [5, 105])
        #expect(points.allSatisfy { $0.peakMemoryBytes > $0.earlierMemoryBytes })
        // 100 more steps of 256 samples and 64 neurons, four bytes each.
        #expect(points[1].peakMemoryBytes - points[0].peakMemoryBytes > 100 * 256 * 64 * 4)
    }

    struct Density: Decodable {
        struct Point: Decodable {
            let density: Double
            let trainingStepSeconds: Step.Seconds
        }
        let points: [Point]
    }

    @Test("density has a point for each density, and draws them")
    func density() throws {
        let folder = try TemporaryFolder()
        let words = ["bench", "density", "--densities", "0.01,0.5"]
        let options = Self.small.filter { $0 != "--density" }
        let result = try runCommand(words + options + ["--json"])
        let points = try decodeJSON(Density.self, result.output).points
        #expect(points.map(\.density) == [0.01, 0.5])
        #expect(points.allSatisfy { $0.trainingStepSeconds.repetitions >= 20 })
        let drawn = try runCommand(words + options + ["--figures", folder.path])
        if FileManager.default.isExecutableFile(atPath: "/usr/bin/gnuplot") {
            #expect(folder.contents == ["density.png", "density.svg"])
            #expect(drawn.output.contains("Figure: \(folder.path)/density.svg\n"))
        } else {
            #expect(drawn.error.contains("apt-get install gnuplot-nox"))
        }
    }

    struct Paths: Decodable {
        struct Row: Decodable {
            let path: String
            let scenario: String
            let unit: String
            let goal: String
            let peer: String?
            let configuration: Step.Configuration
            let measurement: Table.Row.Measurement
        }
        let instructionSet: String
        let rows: [Row]
    }

    @Test("paths --json has the rows asked for, each with the network it ran on")
    func paths() throws {
        let result = try runCommand("bench", "paths", "--only", "stream,local-exact", "--json")
        #expect(result.status == 0 && result.error == "")
        let rows = try decodeJSON(Paths.self, result.output).rows
        #expect(rows.map(\.path) == ["stream", "local-exact"])
        #expect(rows.map(\.scenario) == ["inference single", "training step"])
        #expect(rows.map(\.configuration.batch) == [1, 100])
        #expect(rows.map(\.peer) == ["PyTorch, batch 1", nil])
        #expect(rows.allSatisfy { $0.unit == "neuron-steps" && $0.measurement.rate > 0 && !$0.goal.isEmpty })
    }

    struct Table: Decodable {
        struct Row: Decodable {
            struct Measurement: Decodable {
                let rate: Double
                let fractionOfLimit: Double?
            }
            let name: String
            let unit: String
            let goal: String
            let measurement: Measurement?
            let skipped: String?
        }
        struct Limits: Decodable {
            struct Rate: Decodable {
                let oneThread: Double
                let allThreads: Double
            }
            struct Level: Decodable {
                let name: String
                let random: Rate
                let sequential: Rate
                let randomFixed16: Rate
            }
            let registers: Rate
            let levels: [Level]
        }
        let scenarios: [Row]
        let limits: Limits
    }

    @Test("bench --json has every scenario, measured or skipped with a reason, and the machine's limits")
    func table() throws {
        let result = try runCommand(["bench"] + Self.small + ["--json"])
        #expect(result.status == 0)
        let table = try decodeJSON(Table.self, result.output)
        // Issue 4's list.
        #expect(
            table.scenarios.map(\.name) == [
                "load data", "encode", "currents forward", "currents backward", "neuron step",
                "neuron adjoint", "optimiser", "training step", "epoch", "inference batch",
                "inference single",
            ])
        for row in table.scenarios {
            #expect((row.measurement == nil) != (row.skipped == nil), "\(row.name)")
            #expect(row.measurement.map { $0.rate > 0 } ?? true, "\(row.name)")
            #expect(!row.goal.isEmpty && !row.unit.isEmpty, "\(row.name)")
            let hasLimit = ["currents forward", "currents backward", "optimiser"].contains(row.name)
            #expect((row.measurement?.fractionOfLimit != nil) == hasLimit, "\(row.name)")
        }
        #expect(table.limits.levels.map(\.name) == ["L1", "L2", "L3", "DRAM"])
        #expect(table.limits.levels.allSatisfy { $0.random.oneThread > 0 && $0.sequential.allThreads > 0 })
        #expect(table.limits.levels.allSatisfy { $0.randomFixed16.oneThread > 0 })
        #expect(table.limits.registers.oneThread > 0)
    }
}
