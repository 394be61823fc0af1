import Compute
import DeviceNoise
import Foundation
import Neurons
import QuantumBackends
import Testing

struct QLIFOnBackendTests {
    private static let shots = 20_000

    private static func currents(neurons: Int, steps: Int) -> [[[Double]]] {
        var random = RandomStream(seed: 4, purpose: .analysis).generator()
        return (0..<neurons).map { _ in
            (0..<steps).map { _ in
                [Double.random(in: -0.2...0.5, using: &random), Double.random(in: -1...1, using: &random)]
            }
        }
    }

    /// Every estimate within 5σ of the exact probability that follows from the estimate before it.
    static func check(on backend: some CircuitBackend, neurons: Int, steps: Int, shots: Int) throws {
        for aftermath in SpikeAftermath.allCases {
            let model = try QLIF(threshold: 0.6, aftermath: aftermath)
            let currents = currents(neurons: neurons, steps: steps)
            let traces = try QLIFOnBackend(model, shots: shots).run(currents: currents, seed: 5, on: backend)
            var (spikes, silences) = (0, 0)
            for (own, trace) in zip(currents, traces) {
                var (before, fired) = (0.0, false)
                for step in 0..<steps {
                    let found = trace.probabilities[step]
                    let start = fired ? 0 : before
                    var expected: Double
                    if fired && aftermath == .refractory {
                        expected = 0
                        silences += 1
                    } else if own[step][0] > 0 {
                        expected = pow(sin(asin(start.squareRoot()) + .pi / 2 * own[step][0]), 2)
                    } else {
                        let left = (start * exp(-100.0 / 60 * abs(own[step][1]))).squareRoot()
                        expected = pow(sin(asin(start.squareRoot()) - asin(left)), 2)
                    }
                    expected = min(max(expected, 0), 1)
                    let sigma = (expected * (1 - expected) / Double(shots)).squareRoot()
                    #expect(abs(found - expected) <= 5 * sigma + 1e-9, "step \(step), \(shots) shots, seed 5")
                    #expect(trace.spikes[step] == (found > 0.6 ? 1 : 0))
                    (before, fired) = (found, trace.spikes[step] == 1)
                    spikes += trace.spikes[step]
                }
            }
            #expect(spikes > 0)
            #expect((silences > 0) == (aftermath == .refractory))
        }
    }

    @Test("each step is a circuit whose shots say α, from which the next begins")
    func builtIn() throws {
        try Self.check(
            on: BuiltInSimulator(noise: .none, name: "test"), neurons: 12, steps: 6, shots: Self.shots)
    }

    @Test("shots out of range are refused")
    func refuses() throws {
        #expect(
            throws: BackendError.task(place: "shots", problem: "found 0, expected 1 to 1000000")
        ) { try QLIFOnBackend(QLIF(), shots: 0) }
    }
}
