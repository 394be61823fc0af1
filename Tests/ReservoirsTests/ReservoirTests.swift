import NeuronAnalysis
import Compute
import Foundation
import QuantumCircuits
import Neurons
import Testing

@testable import Reservoirs

struct MemoryCapacityTests {
    private static func capacity(
        _ model: any NeuronModel, angles: [Double]? = nil, shots: Int? = nil, neurons: Int = 8, seed: UInt64 = 1,
        threads: Int = 1
    ) throws -> MemoryCapacity {
        try MemoryCapacity(
            of: Reservoir(model, neuronCount: neurons, angles: angles, seed: seed), lagCount: 6,
            schedule: ReservoirSchedule(washout: 50, trainingSteps: 600, testSteps: 600), shots: shots,
            seed: seed, parallelism: Parallelism(threadCount: threads))
    }

    /// Angles π of `exchange` (three controlled RX) and π/2 of `partial-swap` (RXX, RYY) exchange input and memory: every
    /// firing probability is that which the step before embedded, linear in its input.
    @Test(
        "a swap of input and memory recalls the previous step's input exactly, and no other",
        arguments: [
            (Ansatz.exchange, [Double.pi, .pi, .pi, 0, 0]), (.partialSwap, [.pi / 2, .pi / 2, 0, 0]),
        ])
    func swap(ansatz: Ansatz, angles: [Double]) throws {
        let found = try Self.capacity(SQS(ansatz.circuit()), angles: angles)
        #expect(abs(found.linear[1] - 1) < 1e-9)
        for lag in [0, 2, 3, 4, 5, 6] { #expect(found.linear[lag] < found.threshold, "lag \(lag)") }
        #expect(abs(found.pastTotal - 1) < 1e-9 && found.quadraticTotal == 0)
    }

    /// From fact 1 of the design: its spike depends on the current alone. 6 lags and 3 seeds: chance would pass the
    /// threshold of 10⁻⁴ in one of 500 such tests; the seeds are fixed.
    @Test(
        "circuits whose memory does not see its inputs have no linear capacity beyond the current step",
        arguments: [Ansatz.inputControlled, .memoryControlled], [1, 2, 3] as [UInt64])
    func noMemory(ansatz: Ansatz, seed: UInt64) throws {
        let found = try Self.capacity(SQS(ansatz.circuit()), seed: seed)
        #expect(found.linear[0] > 0.99)
        #expect(found.linear.dropFirst().allSatisfy { $0 < found.threshold }, "\(found.linear)")
        #expect(found.pastTotal == 0)
        // 15.14 is the point that a squared standard normal number passes with probability 10⁻⁴.
        #expect(abs(erfc((found.threshold * 600 / 2).squareRoot()) - 1e-4) < 1e-6)
    }

    @Test("random exchange neurons recall the previous input well, and fade from there")
    func exchange() throws {
        let found = try Self.capacity(SQS(try Ansatz.exchange.circuit()), neurons: 20)
        #expect(found.linear[0] > 0.99 && found.linear[1] > 0.9 && found.linear[1] > found.linear[4])
        #expect(found.pastTotal > 1 && found.quadraticTotal > 0.5)
        // A theorem: no more than the number of features (Dambre and others 2012), here in estimates.
        #expect(found.linearTotal + found.quadraticTotal < 20)
    }

    @Test("the same seed gives the same capacity on any number of threads, another seed another")
    func seeds() throws {
        let model = SQS(try Ansatz.twoWay.circuit())
        let one = try Self.capacity(model, shots: 2)
        #expect(try Self.capacity(model, shots: 2, threads: 3) == one)
        #expect(try Self.capacity(model, shots: 2, seed: 9) != one)
    }

    @Test("a washout shorter than the largest lag is refused")
    func refusals() throws {
        let reservoir = try Reservoir(LastSpikeFeedback(), neuronCount: 1, seed: 0)
        let error = #expect(throws: ReservoirError.self) {
            try MemoryCapacity(
                of: reservoir, lagCount: 9, schedule: ReservoirSchedule(washout: 8), seed: 0)
        }
        #expect(error?.description == "washout: found 8, expected at least 9, the largest lag")
        #expect(throws: ReservoirError.self) {
            try Reservoir(LastSpikeFeedback(), neuronCount: 0, seed: 0)
        }
        #expect(throws: ReservoirError.self) { try ReservoirSchedule(testSteps: 9) }
    }
}

struct ReservoirFeatureTests {
    private static let inputs = [0.1, 0.9, 0.4, 0.6]

    private static func features(
        _ model: any NeuronModel, angles: [Double]? = nil, shots: Int? = nil
    ) throws -> RealMatrix {
        try Reservoir(model, neuronCount: 3, angles: angles, seed: 4)
            .features(inputs, shots: shots, parallelism: Parallelism(threadCount: 1))
    }

    /// Without a circuit the input-output qubit is measured as it was embedded.
    @Test("the embedding makes the firing probability of a bare qubit linear in the input")
    func linearEmbedding() throws {
        let bare = SQS(
            try Circuit(ioQubits: 2, memoryQubits: 1, gates: []))
        let found = try Self.features(bare)
        #expect(found.columnCount == 6)
        for column in 0..<6 {
            let slope = (found[1, column] - found[0, column]) / 0.8
            #expect(abs(slope) > 0.01)
            #expect(abs(found[2, column] - found[0, column] - 0.3 * slope) < 1e-12)
            #expect(abs(found[3, column] - found[0, column] - 0.5 * slope) < 1e-12)
        }
    }

    /// 40,000 shots: 5 standard errors are 5 · ½/√40000 = 0.0125 at most.
    @Test("many shots come to the exact probabilities, one shot is spikes", arguments: [1, 2])
    func shots(channels: Int) throws {
        let model = SQS(try Ansatz.exchange.circuit(ioQubits: channels))
        let exact = try Self.features(model)
        let sampled = try Self.features(model, shots: 40_000)
        let difference = zip(exact.elements, sampled.elements).map { abs($0 - $1) }.max() ?? 1
        #expect(difference < 0.0125 && difference > 0)
        #expect(try Self.features(model, shots: 1).elements.allSatisfy { $0 == 0 || $0 == 1 })
    }
}

struct LinearReadoutTests {
    @Test("a target that is a linear function of the features is recovered on steps it was not trained on")
    func recovers() throws {
        var random = RandomStream(seed: 1, purpose: .analysis).generator()
        var features = RealMatrix(rowCount: 40, columnCount: 3)
        for index in features.elements.indices {
            features.elements[index] = Double.random(in: 0...1, using: &random)
        }
        let target = (0..<40).map { 2 + features[$0, 0] - 3 * features[$0, 2] }
        let found = try LinearReadout(features, training: 0..<20, ridge: 1e-12).predictions(
            of: target, at: 20..<40)
        for (value, expected) in zip(found, target[20...]) { #expect(abs(value - expected) < 1e-9) }
    }

    /// One feature of squares summing to 2 around its mean: w = 2/(2 + 2 · ridge) of the slope 1.
    @Test("the ridge shrinks by its share of the features' variation")
    func ridge() throws {
        let features = RealMatrix(rowCount: 2, columnCount: 1, elements: [-1, 1])
        let found = try LinearReadout(features, training: 0..<2, ridge: 1).predictions(
            of: [-1, 1], at: 0..<2)
        #expect(abs(found[0] + 0.5) < 1e-14 && abs(found[1] - 0.5) < 1e-14)
    }

    /// Two equal columns: without the ridge their normal equations are singular; 4 and 2 have exact roots.
    @Test("a ridge too small for rounding is refused, rather than read as features that do not vary")
    func singular() throws {
        let features = RealMatrix(rowCount: 4, columnCount: 2, elements: [-1, -1, 1, 1, -1, -1, 1, 1])
        #expect(throws: ReservoirError.singular(ridge: 1e-40)) {
            try LinearReadout(features, training: 0..<4, ridge: 1e-40)
        }
    }

    @Test("features that do not vary leave the mean of the target")
    func constant() throws {
        let features = RealMatrix(rowCount: 3, columnCount: 2, elements: [1, 2, 1, 2, 1, 2])
        let readout = try LinearReadout(features, training: 0..<3, ridge: 1e-9)
        #expect(readout.predictions(of: [1, 2, 6], at: 0..<2) == [3, 3])
    }
}

struct NARMATests {
    /// By hand from the definition, from rest: with u = 0.2 throughout, y₁ = 0.1, y₂ = 0.03 + 0.05 · 0.1 · 0.1 + 0.1.
    @Test("the series follows its definition, with a product of inputs nine steps apart")
    func definition() {
        let found = NARMA.targets([Double](repeating: 0.2, count: 10))
        #expect(abs(found[0] - 0.1) < 1e-15)
        #expect(abs(found[1] - 0.1305) < 1e-15)
        let withoutProduct = 0.3 * found[8] + 0.05 * found[8] * found[0...8].reduce(0, +) + 0.1
        #expect(abs(found[9] - withoutProduct - 1.5 * 0.04) < 1e-15)
    }

    /// The product of u_t and u_{t−9} and the smoothing of the series itself both need more than five inputs.
    @Test("a longer memory of the inputs makes a smaller error")
    func inputs() throws {
        let schedule = try ReservoirSchedule(washout: 50, trainingSteps: 1000, testSteps: 1000)
        let errors = try [1, 5, 10, 20].map {
            try NARMA.errorOfInputs(count: $0, schedule: schedule, seed: 2)
        }
        #expect(errors[0] < 1.05 && errors[0] > 0.8)
        for (shorter, longer) in zip(errors, errors.dropFirst()) { #expect(longer < shorter) }
        #expect(errors[1] - errors[3] > 0.2, "\(errors)")
    }

    @Test("a reservoir without memory does as well as the present input, one of exchange neurons better")
    func reservoirs() throws {
        let schedule = try ReservoirSchedule(washout: 50, trainingSteps: 1000, testSteps: 1000)
        func error(_ ansatz: Ansatz) throws -> Double {
            let model = SQS(try ansatz.circuit())
            return try NARMA.error(
                of: Reservoir(model, neuronCount: 20, seed: 2), schedule: schedule, seed: 2)
        }
        let present = try NARMA.errorOfInputs(count: 1, schedule: schedule, seed: 2)
        #expect(abs(try error(.inputControlled) - present) < 0.05)
        #expect(try error(.exchange) < present - 0.1)
    }
}
