import Compute
import LinearAlgebra
import Neurons
import QuantumCircuits
import Testing

@testable import Reservoirs

struct ReservoirSettingsTests {
    private static func features(
        inputCount: Int = 1, _ settings: ReservoirSettings, _ inputs: [Double], neurons: Int = 5
    ) throws -> RealMatrix {
        let model = SQS(try Ansatz.exchange.circuit())
        var run = try Reservoir(
            model, neuronCount: neurons, inputCount: inputCount, settings: settings, seed: 2
        ).run(shots: nil)
        return try run.features(
            RealMatrix(rowCount: inputs.count / inputCount, columnCount: inputCount, elements: inputs))
    }

    /// Angles of 0 are no gates: what is measured is what was embedded, without a memory.
    @Test("without spread the firing probability is q, and q keeps to its range")
    func bare() throws {
        let inputs = [0, 1, 0.25, 1, 0]
        let found = try Self.features(ReservoirSettings(spread: 0, range: 0.4), inputs, neurons: 200)
        for column in 0..<200 {
            let (low, high) = (found[0, column], found[1, column])
            #expect(abs(found[2, column] - low - 0.25 * (high - low)) < 1e-12)
            #expect(abs(found[3, column] - high) < 1e-12 && abs(found[4, column] - low) < 1e-12)
        }
        #expect(found.elements.allSatisfy { (0.3...0.7).contains($0) })
        #expect(found.elements.max() ?? 0 > 0.68 && found.elements.min() ?? 1 < 0.32)
    }

    /// q is affine in the inputs where it is not cut off, of slope (high − low) a_d; |a| = gain, so that the squares of the
    /// slopes of both inputs make up gain² of that of one input.
    @Test("several inputs come together by weights of the length of the gain")
    func gain() throws {
        let inputs = [0.5, 0.5, 0.6, 0.5, 0.5, 0.6, 0.6, 0.6]
        let found = try Self.features(inputCount: 2, ReservoirSettings(spread: 0, gain: 0.5), inputs)
        let one = try Self.features(ReservoirSettings(spread: 0), [0.5, 0.6])
        for column in 0..<5 {
            let (first, second) = (
                found[1, column] - found[0, column], found[2, column] - found[0, column]
            )
            #expect(abs(found[3, column] - found[0, column] - first - second) < 1e-12)
            let slope = one[1, column] - one[0, column]
            #expect(abs((first * first + second * second).squareRoot() - 0.5 * abs(slope)) < 1e-12)
        }
        // A large gain drives q to its ends, and not beyond.
        let driven = try Self.features(inputCount: 2, ReservoirSettings(spread: 0, gain: 1000), [0, 1, 1, 0])
        #expect(driven.elements.allSatisfy { $0 < 1e-12 || $0 > 1 - 1e-12 })
    }

    @Test("parameters that are no angles are drawn by their own law, within its bounds")
    func otherParameters() {
        var random = RandomStream(seed: 1, purpose: .analysis).generator()
        func drawn(
            _ initial: ParameterGroup.InitialLaw, bounds: ClosedRange<Float>? = nil, spread: Double = 1
        ) -> [Double] {
            let group = ParameterGroup("rates", count: 1, initial: initial, bounds: bounds)
            return (0..<4000).map { _ in group.drawn(spread: spread, using: &random) }
        }
        #expect(drawn(.constant(3)).allSatisfy { $0 == 3 })
        // Five standard errors: 5 · 0.5/√4000 of the mean, about 5 · 0.5/√8000 of the deviation.
        let normal = drawn(.normal(mean: 2, deviation: 1), spread: 0.5)
        #expect(abs(SampleStatistics.mean(of: normal) - 2) < 0.04)
        #expect(abs((SampleStatistics.standardDeviation(of: normal) ?? 0) - 0.5) < 0.03)
        let bounded = drawn(.normal(mean: 0, deviation: 1), bounds: 0...1)
        #expect(bounded.min() == 0 && bounded.max() == 1)
    }

    @Test("a search takes the settings of the smallest error, and passes over those that cannot be trained")
    func search() throws {
        let first = ReservoirSettings(ridge: 1)
        var tried: [ReservoirSettings] = []
        let best = try ReservoirSettings.best(of: 30, from: first, seed: 5) { settings in
            tried.append(settings)
            if settings.spread > 0.9 { throw ReservoirError.singular(ridge: settings.ridge) }
            return settings.spread
        }
        #expect(tried.count == 30 && tried[0] == first && Set(tried).count == 30)
        #expect(best.spread == tried.map(\.spread).filter { $0 <= 0.9 }.min())
        #expect(
            tried.dropFirst().allSatisfy {
                (0.1...1).contains($0.spread) && (0.1...1).contains($0.range) && (0.5...8).contains($0.gain)
                    && (1e-10...0.1).contains($0.ridge)
            })
        // Another error is no matter of settings.
        #expect(throws: ReservoirError.notFinite(neuron: 1)) {
            try ReservoirSettings.best(of: 2, from: first, seed: 5) { _ in
                throw ReservoirError.notFinite(neuron: 1)
            }
        }
    }
}

struct ReservoirRunTests {
    private static let inputs = RealMatrix(
        rowCount: 6, columnCount: 1, elements: [0.1, 0.9, 0.4, 0.6, 0.2, 0.8])

    @Test("step by step is the same as all at once, exact and sampled", arguments: [nil, 7])
    func pieces(shots: Int?) throws {
        let start = try Reservoir(SQS(Ansatz.exchange.circuit()), neuronCount: 3, seed: 4).run(shots: shots)
        var (whole, pieces) = (start, start)
        let expected = try whole.features(Self.inputs)
        let found = try (0..<6).flatMap { try pieces.features(Self.inputs.rows($0..<$0 + 1)).elements }
        #expect(found == expected.elements)
    }

    @Test("another series begins in the ground state, with shots of its own")
    func restart() throws {
        let reservoir = try Reservoir(SQS(Ansatz.exchange.circuit()), neuronCount: 3, seed: 4)
        for shots in [nil, 7] {
            var run = reservoir.run(shots: shots)
            let first = try run.features(Self.inputs)
            run.restart(series: 1)
            let second = try run.features(Self.inputs)
            run.restart(series: 0)
            #expect(try run.features(Self.inputs) == first)
            #expect((second == first) == (shots == nil))
        }
    }
}
