import Foundation
import TestSupport
import Testing

/// `sqsnn neuron memory` beyond its spreads, which ``NeuronCommandTests`` has.
@Suite("sqsnn neuron memory")
struct NeuronMemoryCommandTests {
    private struct Answer: Decodable {
        struct Statistics: Decodable {
            let mean: [Double]
            let standardDeviation: [Double]?
        }

        struct Profile: Decodable {
            let memoryQubits: Int
            let draws: Int
            let inputInformation: Statistics
            let spikeInformation: Statistics
            let firingInformation: Statistics
            let entanglingPower: Statistics?
            let purity: Statistics
            let conditionalPurity: Statistics
            let fisher: Statistics
            let quantumFisher: Statistics
            let slowestMode: Double
            let meanInputAge: Double?
        }

        struct Circuit: Decodable {
            let name: String
            let verdict: String
            let noise: String?
            let profile: Profile?
            let profileWithoutNoise: Profile?
        }

        let circuits: [Circuit]
    }

    private func answer(_ arguments: String...) throws -> [Answer.Circuit] {
        let result = try runCommand(["neuron", "memory"] + arguments + ["--json"])
        #expect(result.status == 0 && result.error == "", "\(result.error)")
        return try decodeJSON(Answer.self, result.output).circuits
    }

    /// RXX(π/2) RYY(π/2) swaps: by definition the spike is the bit of the step before.
    @Test("a swap at given angles tells one bit of one step before")
    func swap() throws {
        let half = "1.5707963267948966"
        let found = try answer(
            "partial-swap", "--angles", "\(half),\(half),0,0", "--levels", "0,1", "--draws", "2", "--lags",
            "3")
        let profile = try #require(found.first?.profile)
        for (bits, expected) in zip(profile.inputInformation.mean, [0.0, 1, 0, 0]) {
            #expect(abs(bits - expected) < 1e-12)
        }
        #expect(profile.meanInputAge.map { abs($0 - 1) < 1e-9 } == true)
        #expect(try #require(profile.inputInformation.standardDeviation).allSatisfy { $0 < 1e-12 })
    }

    @Test(
        "several numbers of memory qubits and the control stand beside each other, with curves of the asked length"
    )
    func comparison() throws {
        let found = try answer(
            "exchange", "last-spike-feedback", "--memory-qubits", "1,2", "--draws", "2", "--lags", "4",
            "--steps", "3")
        #expect(found.map(\.name) == ["exchange", "exchange", "last-spike-feedback"])
        let profiles = found.compactMap(\.profile)
        #expect(profiles.map(\.memoryQubits) == [1, 2, 0])
        #expect(profiles.map { $0.entanglingPower == nil } == [false, false, true])
        #expect(profiles.map(\.fisher.mean.count) == [5, 9, 3])
        for profile in profiles {
            #expect(profile.draws == 2)
            #expect(profile.inputInformation.mean.count == 5)
            #expect(profile.spikeInformation.mean.count == 4)
            #expect(profile.firingInformation.mean.count == 2)
            #expect(profile.purity.mean.count == 4)
            for (quantum, fisher) in zip(profile.quantumFisher.mean, profile.fisher.mean) {
                #expect(quantum > fisher - 1e-9)
            }
        }
    }

    @Test("a single draw has no deviation")
    func single() throws {
        let profile = try #require(
            try answer("exchange", "--draws", "1", "--lags", "2", "--steps", "2").first?.profile)
        #expect(profile.inputInformation.mean.count == 3 && profile.inputInformation.standardDeviation == nil)
    }

    @Test("more angles than derivatives can be held of are refused")
    func angles() throws {
        let folder = try TemporaryFolder()
        try folder.write(
            #"{"io_qubits": 1, "memory_qubits": 1, "gates": [], "parameter_count": 1000000}"#, as: "many.json"
        )
        let result = try runCommand(
            "neuron", "memory", "./many.json", "--draws", "1", "--steps", "6", folder: folder.path)
        #expect(result.status == 2 && result.output == "")
        #expect(
            result.error.contains(
                "found 1000000 angles, expected at most 524288 for the profile of a neuron of 1 channels"))
    }

    /// Noise never makes a memory purer for one who knows the spikes, nor slower to forget at the same angles.
    @Test("under noise the memory is mixed, forgets faster, and is compared with none")
    func noise() throws {
        let found = try answer("exchange", "--noise", "eagle", "--draws", "3")
        let circuit = try #require(found.first)
        let noisy = try #require(circuit.profile)
        let ideal = try #require(circuit.profileWithoutNoise)
        #expect(circuit.noise == "eagle")
        #expect(ideal.conditionalPurity.mean.allSatisfy { abs($0 - 1) < 1e-9 })
        #expect(noisy.conditionalPurity.mean.dropFirst().allSatisfy { $0 < 0.999 })
        #expect(noisy.slowestMode < ideal.slowestMode)
        #expect(zip(noisy.quantumFisher.mean, ideal.quantumFisher.mean).allSatisfy { $0 < $1 })
    }

    @Test("the table has a line for each neuron with and without noise, and says what is too large for it")
    func table() throws {
        let result = try runCommand(
            "neuron", "memory", "exchange", "--memory-qubits", "1,5", "--noise", "eagle", "--noise-scale",
            "0.5", "--draws", "1", "--steps", "2")
        #expect(result.status == 2, "six qubits with noise need maps of density matrices")
        #expect(result.error.contains("has 6 qubits, expected at most 5"))
        let ideal = try runCommand(
            "neuron", "memory", "exchange", "--memory-qubits", "1,5", "--draws", "1", "--steps", "2")
        let lines = ideal.output.split(separator: "\n").map(String.init)
        #expect(lines.filter { $0.hasPrefix("exchange 1  ") }.count == 2)
        #expect(lines.filter { $0.hasPrefix("exchange 5  ") }.count == 1)
        #expect(lines.last == "exchange 5: no more than its spreads; the rest is for at most 5 qubits")
    }

    @Test("options that contradict each other are wrong usage")
    func usage() throws {
        for (arguments, message) in [
            (
                ["--angles", "1,2"],
                "--angles: found 'angles for 6 neurons', expected a single circuit beside it"
            ),
            (
                ["exchange", "--angles", "1,2"],
                "--angles: found '2 numbers', expected 5, one for each angle of 'exchange'"
            ),
            (["--levels", "1"], "--levels: found '1', expected two currents with a comma between"),
            (
                ["--noise-scale", "2"],
                "--noise-scale: found 'no --noise', expected a device whose noise to scale"
            ),
            (
                ["--memory-qubits", "1,x"],
                "--memory-qubits: found 'x', expected whole numbers from 0 to 10 separated by commas"
            ),
        ] {
            let result = try runCommand(["neuron", "memory"] + arguments)
            #expect(
                result
                    == CommandResult(
                        status: 2, output: "",
                        error: "sqsnn neuron memory: \(message)\nSee 'sqsnn neuron memory --help'.\n"))
        }
    }

    @Test(
        "figures are drawn in both formats",
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/gnuplot")))
    func figures() throws {
        let folder = try TemporaryFolder()
        let result = try runCommand(
            "neuron", "memory", "exchange", "--draws", "1", "--figures", folder.path)
        #expect(result.status == 0)
        let names = ["memory.png", "memory.svg", "sensitivity.png", "sensitivity.svg"]
        #expect(folder.contents == names)
        #expect(result.output.contains("Figure: \(folder.path)/memory.svg\n"))
    }
}
