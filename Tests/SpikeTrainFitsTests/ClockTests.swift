import Compute
import DeviceNoise
import Foundation
import LinearAlgebra
import NeuronAnalysis
import Neurons
import QuantumCircuits
import Testing

@testable import SpikeTrainFits

/// The train of one memory qubit, and what makes it.
@Suite("The clock")
struct ClockTests {
    private static func law() throws -> IntervalLaw {
        try IntervalLaw(RenewalInstrument.clock.probabilities(longest: 200))
    }

    @Test("its instrument is one: K_0† K_0 + K_1† K_1 = 1, and the intervals add up to 1")
    func instrument() throws {
        let operators = RenewalInstrument.clock.krausOperators
        let sum = operators.map { $0.adjoint * $0 }.reduce(ComplexMatrix(rowCount: 2, columnCount: 2), +)
        for row in 0..<2 {
            for column in 0..<2 {
                #expect(abs(sum[row, column].real - (row == column ? 1 : 0)) < 1e-15)
                #expect(abs(sum[row, column].imaginary) < 1e-15)
            }
        }
        let probabilities = RenewalInstrument.clock.probabilities(longest: 200)
        #expect(abs(probabilities.reduce(0, +) - 1) < 1e-11)
        // By hand: the memory is |0⟩ after a spike, cos 0.6 |0⟩ + sin 0.6 |1⟩ a step later.
        #expect(probabilities[0] == 0 && abs(probabilities[1] - 0.25 * pow(sin(0.6), 2)) < 1e-15)
    }

    /// The proof's numbers (docs/studies/clock.md): of K_0 ⊗ K_0* three eigenvalues have the largest size, and two of them are off the positive
    /// axis, at an angle that no small whole number takes to it.
    @Test("the poles of its law lie on one circle, off the positive axis, at no rational angle")
    func poles() {
        let kept = 0.75.squareRoot()
        // K_0 = [[c, −s κ], [s, c κ]]: the trace is c (1 + κ), the determinant κ.
        let (trace, determinant) = (cos(0.6) * (1 + kept), kept)
        let discriminant = trace * trace - 4 * determinant
        #expect(discriminant < 0)
        let eigenvalue = Complex(trace / 2, (-discriminant).squareRoot() / 2)
        #expect(abs(eigenvalue.squaredMagnitude - determinant) < 1e-15)
        // Of K_0 ⊗ K_0*: λ λ* = κ twice, λ² and its conjugate, all of size κ.
        let turning = eigenvalue * eigenvalue
        #expect(abs(turning.squaredMagnitude - 0.75) < 1e-15 && abs(turning.imaginary) > 0.1)
        let angle = atan2(turning.imaginary, turning.real) / (2 * .pi)
        for order in 1...2000 {
            let turns = angle * Double(order)
            #expect(abs(turns - turns.rounded()) > 1e-5, "order \(order)")
        }
        // The survival is a sum of exponentials with these poles.
        var survival = [1.0]
        for probability in RenewalInstrument.clock.probabilities(longest: 60) {
            survival.append(survival[survival.count - 1] - probability)
        }
        let real = 2 * turning.real
        for step in 10..<50 {
            // (E − κ)(E² − 2 Re λ² E + κ²) takes such a sum to 0.
            let value =
                survival[step + 3] - (real + kept) * survival[step + 2]
                + (kept * kept + real * kept) * survival[step + 1] - kept * kept * kept * survival[step]
            #expect(abs(value) < 1e-14)
        }
    }

    /// Found by another program (C, EM with thousands of beginnings) for intervals up to 120.
    @Test(
        "the best classical laws are those that another program found",
        arguments: [(1, 0.386364), (2, 0.237993), (3, 0.202172), (4, 0.133950), (5, 0.025491), (6, 0.013430)])
    func classical(stateCount: Int, missed: Double) throws {
        let law = try Self.law()
        let fit = PhaseTypeLaw.fit(
            law.probabilities, stateCount: stateCount, effort: .init(startCount: 81), seed: 1)
        #expect(abs(law.missedNats(of: fit.law.probabilities(longest: 200)) - missed) < 2e-6)
    }

    @Test("expectation and maximisation never make a law less likely, and keep it a law")
    func monotone() throws {
        let weights = try IntervalLaw(of: Self.law().intervals(count: 500, seed: 3)).probabilities
        var random = RandomStream(seed: 2, purpose: .analysis).generator()
        var law = PhaseTypeLaw(ring: 4, noise: 0.1, using: &random)
        var before = law.logLikelihood(weights)
        for _ in 0..<50 {
            law.improve(weights)
            let after = law.logLikelihood(weights)
            #expect(after >= before - 1e-12)
            before = after
            #expect(abs(law.start.reduce(0, +) - 1) < 1e-12)
            for state in 0..<4 {
                let sum = (0..<4).reduce(law.firing[state]) { $0 + law.silent[$1 * 4 + state] }
                #expect(abs(sum - 1) < 1e-12)
            }
        }
    }

    @Test("a neuron with hidden states can be any phase-type law")
    func hiddenStates() throws {
        var random = RandomStream(seed: 4, purpose: .analysis).generator()
        let count = 3
        let law = PhaseTypeLaw(ring: count, noise: 1, using: &random)
        let model = try HiddenStates(stateCount: count)
        // Without current x = 0: silence and j with A[j, i], a spike and j with e_i π_j.
        let tables = (0..<2).flatMap { _ in
            (0..<count).flatMap { state -> [Double] in
                let outcomes =
                    (0..<count).map { law.silent[$0 * count + state] }
                    + (0..<count).map { law.firing[state] * law.start[$0] }
                return outcomes.dropFirst().map { log($0 / outcomes[0]) }
            }
        }
        let likelihood = IntervalLikelihood(
            try SpikingInstrument(model, angles: tables), currents: [0], longest: 30)
        let expected = law.probabilities(longest: 30)
        // The first interval begins in state 0, all others in π.
        let found = likelihood.logProbabilities(of: [5] + Array(1...30))
        for (interval, log) in zip(1...30, found.dropFirst()) {
            #expect(abs(exp(log) - expected[interval - 1]) < 1e-13)
        }
    }

    @Test("the likelihood of a train is that of the reference neuron, with noise and without")
    func likelihood() throws {
        let circuit = try Ansatz.exchange.circuit()
        let angles = [0.4, -1.1, 2.2, 0.3, -0.8]
        var noise = NoiseParameters()
        noise.memoryDephasing = MemoryDephasing(strength: 0.3, polar: 0.5, azimuth: .pi / 2)
        for model in [SQS(circuit), SQS(circuit, noise: try NoiseModel(noise))] {
            let intervals = [2, 1, 4, 3, 1]
            let spikes = intervals.flatMap { [Int](repeating: 0, count: $0 - 1) + [1] }
            let response = try ReferenceNeuron(model, parameters: angles).run(
                currents: spikes.map { _ in [0.3] }, spikes: spikes.map { [$0] })
            let likelihood = IntervalLikelihood(
                try SpikingInstrument(model, angles: angles), currents: [0.3], longest: 4)
            #expect(abs(likelihood.logLikelihood(of: intervals) - response.logLikelihood) < 1e-12)
            #expect(
                abs(likelihood.logProbabilities(of: intervals).reduce(0, +) - response.logLikelihood) < 1e-12)
        }
    }

    @Test("exchange and two-way are the clock exactly, the circuit of the hardware script is not")
    func constructions() throws {
        for name in ["exchange", "two-way", "partial-swap"] {
            let made = try RenewalConstruction.of(
                .clock, by: try Ansatz.named(name).circuit(), startCount: 60, seed: 1)
            #expect(made.distance < 1e-24, "\(name)")
            let intervals = try Self.law().intervals(count: 200, seed: 9)
            let likelihood = IntervalLikelihood(
                try SpikingInstrument(SQS(try Ansatz.named(name).circuit()), angles: made.angles),
                currents: [made.rotation / .pi], longest: intervals.max() ?? 1)
            let law = try Self.law()
            // The first interval is another where |0⟩ is not what a spike leaves.
            for (interval, found) in zip(intervals, likelihood.logProbabilities(of: intervals)).dropFirst() {
                #expect(abs(exp(found) - law.probabilities[interval - 1]) < 1e-9)
            }
        }
        let other = try RenewalConstruction.of(
            .clock, by: try Ansatz.memoryControlled.circuit(), startCount: 20, seed: 1)
        #expect(other.distance > 0.05)
    }

    @Test(
        "training finds the clock in a train of 5,000 intervals; a classical bit is what full dephasing leaves"
    )
    func training() throws {
        let law = try Self.law()
        let intervals = law.intervals(count: 5000, seed: 11)
        let own = intervals.reduce(0) { $0 + log(law.probabilities[$1 - 1]) }
        let circuit = try Ansatz.twoWay.circuit()
        let fit = CircuitFit(.neuron(SQS(circuit)), to: intervals).best(.smoke, seed: 1)
        #expect((own - fit.logLikelihood) / 5000 < 1e-3)
        let bit = CircuitFit(.dephased(circuit, strength: 1, findsBasis: false), to: intervals)
            .best(.smoke, seed: 1)
        let weights = try IntervalLaw(of: intervals).probabilities
        let states = PhaseTypeLaw.fit(weights, stateCount: 2, effort: .init(startCount: 81), seed: 1).law
        #expect(own - bit.logLikelihood > own - 5000 * states.logLikelihood(weights) - 2)
        let free = RenewalInstrument.fit(intervals, seed: 1)
        #expect(law.missedNats(of: free.probabilities(longest: 200)) < 1e-3)
    }

    @Test("weights that are none are refused")
    func refusals() {
        for weights in [[], [0, 0], [1, -1], [.nan]] as [[Double]] {
            #expect(throws: SpikeFitError.self) { try IntervalLaw(weights) }
        }
        #expect(throws: SpikeFitError.self) { try IntervalLaw(of: []) }
    }
}
