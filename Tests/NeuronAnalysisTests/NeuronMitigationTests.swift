import NeuronAnalysis
import ErrorMitigation
import DeviceNoise
import Foundation
import QuantumCircuits
import Neurons
import TestSupport
import Testing

struct NeuronMitigationTests {
    private static let models = ZeroNoiseExtrapolation.Model.usual(asymptote: 0.5)

    private static func golden() throws -> [NeuronTrace.Case] {
        try NeuronTrace.decode(try Golden.data("neuron-noisy.json"), path: "golden")
            .quantumCases(path: "golden")
    }

    /// At scale 1 nothing is folded: what the golden trace says.
    @Test(
        "the unmitigated value is the noisy neuron's own, and the ideal one that of the neuron without noise")
    func anchors() throws {
        let mitigation = try NeuronMitigation(models: Self.models)
        for (index, entry) in try Self.golden().prefix(4).enumerated() {
            let report = try mitigation.report(for: entry)
            let noisy = try ReferenceNeuron(entry.model(), parameters: entry.angles)
                .run(currents: entry.currents, spikes: entry.spikes)
            let ideal = try ReferenceNeuron(SQS(entry.circuit()), parameters: entry.angles)
                .run(currents: entry.currents, spikes: entry.spikes)
            let gateCount = try entry.circuit().gates.count
            #expect(report.gateCounts == [gateCount, 3 * gateCount, 5 * gateCount])
            for (step, channels) in report.firing.enumerated() {
                for (channel, quantity) in channels.enumerated() {
                    #expect(
                        quantity.result.extrapolation.unmitigated == noisy.firingProbability[step][channel])
                    #expect(quantity.ideal == ideal.firingProbability[step][channel], "case \(index)")
                }
            }
            #expect(abs((report.logLikelihood?.ideal ?? .nan) - ideal.logLikelihood) < 1e-12)
        }
    }

    /// A tenth of the noise leaves a hundredth of the error. Folding multiplies depolarising exactly, to first order; noise that a
    /// gate carries elsewhere, as relaxation, it multiplies only about; what is not folded is left.
    @Test("extrapolation brings values closer to the ideal ones, a line to second order in the noise")
    func improvement() throws {
        let entry = try Self.golden()[0]
        func errors(_ scale: Double) throws -> (unmitigated: Double, line: Double) {
            let mitigation = try NeuronMitigation(models: [.linear])
            let noise =
                #"{"depolarizing_1q": 0.1, "depolarizing_2q": 1, "gates": [{"gate": "embedding", "depolarizing": 0}]}"#
            let model = try JSONDecoder().decode(NoiseModel.self, from: Data(noise.utf8))
            let weak = entry.withNoise(try model.scaled(by: scale))
            let quantities = try mitigation.report(for: weak).firing.flatMap { $0 }
            func largest(_ value: (MitigationReport.Quantity) -> Double) -> Double {
                quantities.map { abs(value($0) - $0.ideal) }.max() ?? .nan
            }
            return (largest { $0.result.extrapolation.unmitigated }, largest { $0.result.estimates[0].value })
        }
        let (strong, weak) = (try errors(0.001), try errors(0.0001))
        #expect(weak.line < weak.unmitigated / 10)
        #expect((50...200).contains(strong.line / weak.line))
    }

    @Test("readout errors are undone before the extrapolation")
    func readout() throws {
        let onlyReadout = try JSONDecoder().decode(
            NoiseModel.self, from: Data(#"{"readout": [[0.9, 0.1], [0.2, 0.8]]}"#.utf8))
        let entry = try Self.golden()[0].withNoise(onlyReadout).firstStep
        let plain = try NeuronMitigation(models: [.linear]).report(for: entry)
        let undone = try NeuronMitigation(models: [.linear], undoesReadout: true).report(for: entry)
        // By hand, for the only step: p(read) = 0.1 + 0.7 p(true).
        let ideal = plain.firing[0][0].ideal
        #expect(abs(plain.firing[0][0].result.extrapolation.unmitigated - (0.1 + 0.7 * ideal)) < 1e-14)
        #expect(abs(undone.firing[0][0].result.estimates[0].value - ideal) < 1e-14)
    }

    /// Of 300 estimates with normal errors, 5 σ is exceeded with a chance of 2e-4.
    @Test(
        "with shots, values scatter about the exact ones as their standard errors say, and the seed repeats them"
    )
    func shots() throws {
        let entry = try Self.golden()[3]
        let exact = try NeuronMitigation(models: [.linear], undoesReadout: true).report(for: entry)
        var squares: [Double] = []
        for seed in 0..<20 as Range<UInt64> {
            let mitigation = try NeuronMitigation(
                models: [.linear], undoesReadout: true, shots: 2000, seed: seed)
            let report = try mitigation.report(for: entry)
            #expect(report.errorBars == .shots)
            let again = try mitigation.report(for: entry)
            for (step, channels) in report.firing.enumerated() {
                for (channel, quantity) in channels.enumerated() {
                    let expected = exact.firing[step][channel].result.estimates[0].value
                    let found = quantity.result.estimates[0]
                    let error = try #require(found.standardError)
                    #expect(abs(found.value - expected) < 5 * error, "seed \(seed)")
                    squares.append(pow((found.value - expected) / error, 2))
                    #expect(again.firing[step][channel].result.estimates[0].value == found.value)
                }
            }
        }
        // The mean of 280 squares of normal numbers has the deviation √(2/280).
        let mean = squares.reduce(0, +) / Double(squares.count)
        #expect(abs(mean - 1) < 5 * (2 / Double(squares.count)).squareRoot(), "\(mean)")
    }

    /// A line in the factor reached is found whatever was asked for: here, the factor itself is the value.
    @Test("factors reached are the weights of the gates that are there, exactly at odd factors")
    func reached() throws {
        let circuit = try Ansatz.exchange.circuit()
        var random = SystemRandomNumberGenerator()
        func factor(_ folding: UnitaryFolding, _ scale: Double) throws -> Double {
            UnitaryFolding.factor(
                of: try folding.folded(circuit, scale: scale, using: &random), from: circuit)
        }
        for folding in UnitaryFolding.allCases {
            for scale in [1.0, 3, 5, 7, 101] { #expect(try factor(folding, scale) == scale) }
        }
        // Three gates on two qubits and two on one: 797; the last, on one, is there three times.
        #expect(try factor(.global, 1.5) == 997.0 / 797)
        #expect(try factor(.all, 1.9) == 1 && factor(.all, 2.1) == 3)
        let report = try NeuronMitigation(scaleFactors: [1, 1.5, 3], models: Self.models)
            .report(for: try Self.golden()[0])
        #expect(report.reachedScaleFactors == report.firing[0][0].result.extrapolation.scaleFactors)
    }

    @Test("a case without noise, and scale factors that cannot be, are refused")
    func refusals() throws {
        let entry = try Self.golden()[0]
        #expect(throws: NeuronError.self) {
            try NeuronMitigation(models: Self.models).report(for: entry.withNoise(nil))
        }
        for scales in [[1], [1, 1], [0.5, 1], [1, 1000]] as [[Double]] {
            #expect(throws: NeuronError.self) {
                try NeuronMitigation(scaleFactors: scales, models: Self.models)
            }
        }
        #expect(throws: NeuronError.self) { try NeuronMitigation(models: Self.models, shots: 0) }
    }
}

extension NeuronTrace.Case {
    fileprivate func withNoise(_ noise: NoiseModel?) -> NeuronTrace.Case {
        NeuronTrace.Case(
            ioQubits: ioQubits, memoryQubits: memoryQubits, ansatz: ansatz, gates: gates, angles: angles,
            currents: currents, spikes: spikes, noise: noise)
    }

    fileprivate var firstStep: NeuronTrace.Case {
        NeuronTrace.Case(
            ioQubits: ioQubits, memoryQubits: memoryQubits, ansatz: ansatz, gates: gates, angles: angles,
            currents: Array(currents.prefix(1)), spikes: Array(spikes.prefix(1)), noise: noise)
    }
}
