import Foundation
import TestSupport
import Testing

/// Noisy neurons, folding and mitigation as a user calls them.
@Suite("sqsnn neuron under noise")
struct NeuronNoiseCommandTests {
    private struct Mitigated: Decodable {
        struct Case: Decodable {
            struct Quantity: Decodable {
                let ideal: Double
                let unmitigated: Double
                let linear: Double?
                let richardson: Double?
                let points: [[Double]]
                let standardErrors: [String: Double]
                let refused: [String: String]
            }
            let scaleFactors: [Double]
            let reachedScaleFactors: [Double]
            let gateCounts: [Int]
            let errorBars: String
            let firingProbability: [[Quantity]]
            let logLikelihood: Quantity?
        }
        let cases: [Case]
    }

    /// Unmitigated values are those of the golden file; Richardson over 1, 3, 5 is (15 p₁ − 10 p₃ + 3 p₅)/8.
    @Test("mitigate gives raw points, the unmitigated value and an estimate by every model")
    func mitigate() throws {
        struct Golden: Decodable {
            struct Case: Decodable {
                struct Expected: Decodable { let firingProbability: [[Double]] }
                let expected: Expected
            }
            let cases: [Case]
        }
        let data = try TestSupport.Golden.data("neuron-noisy.json")
        let folder = try TemporaryFolder()
        try folder.write(Array(data), as: "noisy.json")
        let result = try runCommand("neuron", "mitigate", "noisy.json", "--json", folder: folder.path)
        #expect(result.status == 0 && result.error == "")
        let golden = try decodeJSON(Golden.self, String(decoding: data, as: UTF8.self)).cases
        let cases = try decodeJSON(Mitigated.self, result.output).cases
        try #require(cases.count == golden.count)
        for (found, expected) in zip(cases, golden) {
            #expect(found.errorBars == "residuals")
            for (quantities, values) in zip(found.firingProbability, expected.expected.firingProbability) {
                for (quantity, value) in zip(quantities, values) {
                    #expect(abs(quantity.unmitigated - value) < 1e-9)
                    #expect(quantity.points.map { $0[0] } == [1, 3, 5])
                    let p = quantity.points.map { $0[1] }
                    let richardson = (15 * p[0] - 10 * p[1] + 3 * p[2]) / 8
                    #expect(abs((quantity.richardson ?? .nan) - richardson) < 1e-12)
                    #expect(quantity.standardErrors["linear"] != nil)
                }
            }
        }
        #expect(cases[0].gateCounts == [5, 15, 25])
    }

    @Test("mitigate says which models two points are too few for, and where the error bars come from")
    func fewPoints() throws {
        let folder = try TemporaryFolder()
        try folder.write(Array(try TestSupport.Golden.data("neuron-noisy.json")), as: "noisy.json")
        let result = try runCommand(
            "neuron", "mitigate", "noisy.json", "--scales", "1,2.5", "--folding", "random", "--shots", "100",
            "--readout", "--json", folder: folder.path)
        let quantity = try decodeJSON(Mitigated.self, result.output).cases[0].firingProbability[0][0]
        #expect(quantity.refused.keys.sorted() == ["exponential", "polynomial_2"])
        #expect(quantity.refused["polynomial_2"]?.contains("found 2 points, expected at least 3") == true)
        #expect(quantity.standardErrors["linear"] != nil)
    }

    @Test("mitigate refuses a case without noise and scale factors below 1")
    func refusals() throws {
        let folder = try TemporaryFolder()
        try folder.write(Array(try TestSupport.Golden.data("neuron-ideal.json")), as: "ideal.json")
        let ideal = try runCommand("neuron", "mitigate", "ideal.json", folder: folder.path)
        #expect(ideal.status == 3)
        #expect(
            ideal.error
                == "sqsnn neuron mitigate: ideal.json: cases[0].noise: found none, expected the noise of a device: "
                + "there is nothing to extrapolate\n")
        let scales = try runCommand(
            "neuron", "mitigate", "ideal.json", "--scales", "0.5,1", folder: folder.path)
        #expect(scales.status == 2)
    }

    /// `exchange` has three two-qubit gates and two of one qubit, in weights 1.99 and 1: 7.97 together. Folded globally to 1.5, its last
    /// gate, an RX, is there three times: 9.97.
    @Test(
        "values are extrapolated over the factors that the folded circuits reach, and factors that fold alike are refused"
    )
    func reached() throws {
        let folder = try TemporaryFolder()
        try folder.write(
            #"{"schema": "sqsnn.neuron-trace/1", "cases": [{"io_qubits": 1, "memory_qubits": 1, "ansatz": "exchange", "#
                + #""angles": [1, 2, 3, 4, 5], "currents": [[0.4]], "spikes": [[1]], "noise": {"depolarizing_2q": 0.02}}]}"#,
            as: "noisy.json")
        func mitigate(_ options: String...) throws -> CommandResult {
            try runCommand(["neuron", "mitigate", "noisy.json"] + options, folder: folder.path)
        }
        let json = try mitigate("--scales", "1,1.5,3", "--json")
        let found = try #require(try decodeJSON(Mitigated.self, json.output).cases.first)
        #expect(found.scaleFactors == [1, 1.5, 3] && found.reachedScaleFactors == [1, 997.0 / 797, 3])
        #expect(found.firingProbability[0][0].points.map { $0[0] } == found.reachedScaleFactors)
        #expect(
            try mitigate("--scales", "1,1.5,3").output.contains(
                "gates at scale 1: 5, 1.5 (reached 1.251): 7, 3: 15"))
        for (options, message) in [
            (
                ["--folding", "all", "--scales", "1,1.5,2"],
                "scale factors 1.0 and 1.5: 'all' folds circuit 'exchange' of 5 gates to 1.0 times its noise for both; "
                    + "choose odd factors"
            ),
            (
                ["--scales", "1,2.9999999,3"],
                "scale factors 2.9999999 and 3.0: 'global' folds circuit 'exchange' of 5 gates to 3.0 times its noise for "
                    + "both; choose factors further apart"
            ),
        ] {
            let result = try runCommand(["neuron", "mitigate", "noisy.json"] + options, folder: folder.path)
            #expect(
                result
                    == CommandResult(
                        status: 2, output: "",
                        error:
                            "sqsnn neuron mitigate: noisy.json: cases[0]: \(message)\nSee 'sqsnn neuron mitigate --help'.\n"
                    ))
        }
        let fold = try runCommand("neuron", "circuit", "--fold", "1.5", "--folding", "all")
        #expect(fold.status == 0)
        #expect(
            fold.error
                == "note: the circuit's 5 gates are folded to 1 times its noise, the nearest to 1.5 that 'all' reaches\n"
        )
    }

    @Test("equal frequencies have the error bars of their shots")
    func equalFrequencies() throws {
        let folder = try TemporaryFolder()
        // Never fires, at any noise: no gate, no rotation, no readout error.
        try folder.write(
            #"{"schema": "sqsnn.neuron-trace/1", "cases": [{"io_qubits": 1, "memory_qubits": 0, "#
                + #""gates": [{"gate": "rz", "qubits": [0], "angle": 1}], "angles": [], "currents": [[0]], "spikes": [[0]], "#
                + #""noise": {"phase_flip_1q": 0.1}}]}"#, as: "noisy.json")
        let result = try runCommand(
            "neuron", "mitigate", "noisy.json", "--shots", "100", "--json", folder: folder.path)
        let quantity = try #require(
            try decodeJSON(Mitigated.self, result.output).cases.first?.firingProbability[0][0])
        #expect(quantity.points.map { $0[1] } == [0, 0, 0])
        // One more shot, half of it a spike: p = 0.5/101, and the line's weights are (13, 4, −5)/12.
        let p = 0.5 / 101
        let expected = (p * (1 - p) / 100).squareRoot() * (210 as Double).squareRoot() / 12
        #expect(abs((quantity.standardErrors["linear"] ?? .nan) - expected) < 1e-15)
    }

    /// A device without any noise is the ideal neuron; the catalogue's device, with its readout errors, is not.
    @Test("trace --noise puts the neurons of a file on a device")
    func device() throws {
        let folder = try TemporaryFolder()
        try folder.write(Array(try TestSupport.Golden.data("neuron-ideal.json")), as: "ideal.json")
        func output(_ options: String...) throws -> String {
            let result = try runCommand(
                ["neuron", "trace", "ideal.json", "--json"] + options, folder: folder.path)
            #expect(result.status == 0 && result.error == "")
            return result.output
        }
        let ideal = try output()
        #expect(try output("--noise", "eagle", "--noise-scale", "0") == ideal)
        #expect(try output("--noise", "eagle") != ideal)
        let alone = try runCommand("neuron", "trace", "ideal.json", "--noise-scale", "2", folder: folder.path)
        #expect(alone.status == 2)
    }

    /// By definition of folding: 3 times 5 gates.
    @Test("circuit --fold prints the folded circuit, which does the same")
    func fold() throws {
        struct Circuit: Decodable {
            struct Gate: Decodable { let gate: String }
            let gates: [Gate]
            let unitary: [[[Double]]]
        }
        func circuit(_ options: String...) throws -> Circuit {
            let words = ["neuron", "circuit", "--angles", "1,2,3,4,5", "--unitary", "--json"] + options
            return try decodeJSON(Circuit.self, try runCommand(words).output)
        }
        let plain = try circuit()
        for folding in ["global", "all", "random"] {
            let folded = try circuit("--fold", "3", "--folding", folding)
            #expect(folded.gates.count == 15)
            for (found, expected) in zip(
                folded.unitary.flatMap { $0 }.flatMap { $0 }, plain.unitary.flatMap { $0 }.flatMap { $0 })
            {
                #expect(abs(found - expected) < 1e-14)
            }
        }
        #expect(try runCommand("neuron", "circuit", "--folding", "all").status == 2)
    }
}
