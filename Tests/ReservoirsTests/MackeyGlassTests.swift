import Foundation
import Neurons
import QuantumCircuits
import Testing

@testable import Reservoirs

struct MackeyGlassTests {
    /// By SciPy 1.17: DOP853 at a relative tolerance of 10⁻¹³ and steps of at most 0.25, delay by delay with its dense output as
    /// the past. The last is ten Lyapunov times later: chaos has made the errors of both 20,000 times as large.
    @Test(
        "the series are those of another integration",
        arguments: [
            (
                17,
                [
                    1.2667777302365617, 1.3034007827143945, 0.43743287972400385, 1.2043420656335795,
                    0.651976262188132,
                ]
            ),
            (
                24,
                [
                    0.6223530034402428, 0.6309435133155452, 0.8845216299322959, 0.8681354282267281,
                    1.096311084610108,
                ]
            ),
            (
                30,
                [
                    0.5292162702934325, 0.5397469556130756, 0.8402532617359959, 1.0618665881588183,
                    1.071114859897606,
                ]
            ),
        ])
    func values(delay: Int, expected: [Double]) throws {
        let series = try #require(MackeyGlass.series.first { $0.delay == delay })
        let found = series.values(count: 750)
        for (index, place) in [0, 1, 10, 75].enumerated() {
            #expect(abs(found[place] - expected[index]) < 1e-11, "point \(place)")
        }
        #expect(abs(found[749] - expected[4]) < 1e-8)
    }

    @Test("there are NeuroBench's fourteen series, and points for thirty repetitions")
    func series() {
        #expect(MackeyGlass.series.map(\.delay) == Array(17...30))
        let values = (0..<MackeyGlass.pointCount(repetitions: 30)).map(Double.init)
        // Half a Lyapunov time is 37.5 points.
        #expect(MackeyGlass.window(of: values, repetition: 1, .published).first == 37)
        #expect(MackeyGlass.window(of: values, repetition: 29, .published).last == values.last)
    }

    /// x_t = 1 + ½ sin(ωt) obeys x_{t+1} − 1 = 2 cos ω (x_t − 1) − (x_{t−1} − 1): two points and a constant are enough for ever.
    @Test("an oscillation goes on by itself from its last two points, and not from one")
    func autonomous() throws {
        let span = MackeyGlass.Span.validation
        let values = (0..<span.pointCount).map { 1 + sin(Double($0) * 0.31) / 2 }
        #expect(try MackeyGlass.errorOfPoints(count: 2, on: values, span, ridge: 1e-14) < 1e-6)
        #expect(try MackeyGlass.errorOfPoints(count: 1, on: values, span, ridge: 1e-14) > 10)
    }

    /// A constant answer p of points x of 1 and 3 in turn: 200 (|p − 1|/(p + 1) + |p − 3|/(p + 3))/2, p = 2 by the mean.
    @Test("the error is symmetric, in per cent, 200 at most")
    func measure() throws {
        let span = MackeyGlass.Span.validation
        let values = (0..<span.pointCount).map { $0 % 4 < 2 ? 1.0 : 3 }
        // Points that come two by two say nothing of the next one, so that the answer is the mean, 2.
        let found = try MackeyGlass.errorOfPoints(count: 1, on: values, span, ridge: 1e6)
        #expect(abs(found - 100 * (1.0 / 3 + 1.0 / 5)) < 0.5)
    }

    /// Whatever it is given, a reservoir that does not listen answers with the mean; one that listens does not.
    @Test("a reservoir that is deaf answers with the mean of the training")
    func deaf() throws {
        let span = MackeyGlass.Span.validation
        let values = MackeyGlass.series[0].values(count: span.pointCount)
        let model = SQS(try Ansatz.exchange.circuit())
        func error(range: Double) throws -> Double {
            let settings = ReservoirSettings(range: range)
            return try MackeyGlass.error(
                of: Reservoir(model, neuronCount: 6, angles: [0, 0, 0, 0, 0], settings: settings, seed: 1),
                on: values, span)
        }
        let mean = values[46...375].reduce(0, +) / 330
        let expected =
            values[376...].reduce(0) { $0 + 200 * abs($1 - mean) / ($1 + mean) } / Double(span.test)
        #expect(abs(try error(range: 0) - expected) < 1e-9)
        #expect(abs(try error(range: 1) - expected) > 0.1)
    }
}
