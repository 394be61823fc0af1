import Campaigns
import Compute
import DeviceNoise
import Files
import Glibc
import Neurons
import QuantumCircuits
import SpikeTrainFits

/// One fit of the clock study: what is fitted, and to which intervals.
public struct ClockCell: CampaignCell, Hashable {
    /// What is fitted to the train.
    public enum Subject: Sendable, Hashable {
        /// A classical neuron with k hidden states.
        case states(Int)
        /// The same to the law itself, as if to infinitely many intervals.
        case statesOfLaw(Int)
        /// A memory qubit with any instrument that a spike puts back, of real numbers.
        case instrument
        /// A circuit of the catalogue by its angles and current.
        case circuit(String)
        /// The same not fitted, but made from the law's instrument by least squares.
        case construction(String)
        /// `exchange` with its memory dephased after each step, in the computational basis or in the best.
        case dephased(strength: Double, findsBasis: Bool)
        /// `exchange` with a memory that relaxes with T1 = T2 of so many steps, or dephases alone with such a T2.
        case relaxing(steps: Double, onlyDephases: Bool)
        /// `exchange` with all noise of a device, times a factor.
        case device(String, scale: Double)

        public var name: String {
            switch self {
            case .states(let count): "\(count) states"
            case .statesOfLaw(let count): "\(count) states, exact law"
            case .instrument: "free instrument"
            case .circuit(let name): name
            case .construction(let name): "\(name) by construction"
            case .dephased(let strength, let findsBasis):
                String(printf: "exchange dephased by %g", strength) + (findsBasis ? ", best basis" : "")
            case .relaxing(let steps, let onlyDephases):
                "exchange, \(onlyDephases ? "T2" : "T1 = T2") " + String(printf: "%g steps", steps)
            case .device(let name, let scale): "exchange on \(name) x " + String(printf: "%g", scale)
            }
        }

        /// Whether it is fitted to the law, and no data.
        var isOfLaw: Bool { if case .statesOfLaw = self { true } else { false } }

        /// How hard its own fits are: begun in descending order.
        var cost: Int {
            switch self {
            case .states(let count), .statesOfLaw(let count): count
            case .instrument, .construction: 0
            case .circuit: 20
            case .dephased, .relaxing, .device: 30
            }
        }
    }

    public let subject: Subject
    public let target: RenewalInstrument
    /// Intervals that are fitted, and as many others that judge the fit.
    public let intervalCount: Int
    /// Of the data.
    public let seed: UInt64
    /// Whether the fit is to be fast and may miss the best.
    public let isSmoke: Bool

    public var name: String { "\(subject.name), \(intervalCount) intervals, data \(seed)" }

    /// Intervals of more steps are as good as never: 1e-12 of the clock's.
    static let longest = 200

    private enum CodingKeys: CodingKey { case subject, target, intervalCount, seed, isSmoke, release }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(subject.name, forKey: .subject)
        try container.encode(target, forKey: .target)
        try container.encode(intervalCount, forKey: .intervalCount)
        try container.encode(seed, forKey: .seed)
        try container.encode(isSmoke, forKey: .isSmoke)
        try container.encode(1, forKey: .release)
    }

    public func problem(of result: ClockResult) -> String? {
        result.heldOutMissed.isFinite ? nil : "held_out_missed: found no finite number"
    }
}

/// What came of one fit.
public struct ClockResult: Sendable, Hashable, Codable {
    public var subject: String
    public var seed: UInt64
    /// Angles and rotation of the current; of hidden states π, A and e.
    public var parameters: [Double]
    /// How many of them are free.
    public var freeCount: Int
    /// Nats a spike that the fit misses of the law's own likelihood, on the intervals that were fitted.
    public var trainingMissed: Double
    /// The same on others, and the standard error of that mean.
    public var heldOutMissed: Double
    public var standardError: Double
    /// Of intervals that are independent, Σ p log (p/q) with the law p itself.
    public var lawMissed: Double?
    /// Of a construction, the squared distance of its maps from the target's.
    public var distance: Double?
    public var seconds: Double
}

extension ClockCell {
    /// Fits the subject, on the calling thread.
    public func result() throws -> ClockResult {
        let clock = ContinuousClock()
        var result = ClockResult(
            subject: subject.name, seed: seed, parameters: [], freeCount: 0, trainingMissed: 0,
            heldOutMissed: 0, standardError: 0, seconds: 0)
        let duration = try clock.measure { try fit(&result) }
        result.seconds = duration / .seconds(1)
        return result
    }

    private func fit(_ result: inout ClockResult) throws {
        let law = try IntervalLaw(target.probabilities(longest: Self.longest))
        let data = ClockData(law, count: intervalCount, seed: seed)
        switch subject {
        case .states(let count), .statesOfLaw(let count):
            let effort = isSmoke ? PhaseTypeLaw.Effort(startCount: 27) : .enough(for: count)
            let weights =
                subject.isOfLaw ? law.probabilities : try IntervalLaw(of: data.training).probabilities
            let found = PhaseTypeLaw.fit(weights, stateCount: count, effort: effort, seed: seed).law
            result.parameters = found.numbers
            // π, and of each state all that follows from it, less one for what adds up to 1.
            result.freeCount = count - 1 + count * count
            try data.judge(found.probabilities(longest: Self.longest), &result)
        case .instrument:
            let fit = RenewalInstrument.fit(data.training, seed: seed)
            result.parameters = [fit.turn, fit.loss, fit.reset]
            result.freeCount = 3
            try data.judge(fit.probabilities(longest: Self.longest), &result)
        case .circuit(let name):
            try fit(.neuron(SQS(try Ansatz.named(name).circuit())), to: data, &result)
        case .construction(let name):
            let made = try RenewalConstruction.of(
                target, by: Ansatz.named(name).circuit(), startCount: 60, seed: seed)
            result.parameters = made.angles + [made.rotation]
            result.distance = made.distance
            let family = CircuitFit.Family.neuron(SQS(try Ansatz.named(name).circuit()))
            data.judge(family, result.parameters, &result)
        case .dephased(let strength, let findsBasis):
            let circuit = try Ansatz.exchange.circuit()
            try fit(
                .dephased(circuit, strength: strength, findsBasis: findsBasis), to: data,
                hints: [Self.closedForm(circuit) + (findsBasis ? [0] : []) + [0]], &result)
        case .relaxing(let steps, let onlyDephases):
            let circuit = try Ansatz.exchange.circuit()
            var noise = NoiseParameters()
            noise.qubits = QubitNoise(
                t1: onlyDephases ? nil : steps, t2: steps, measurement: 1000, readout: nil)
            try fit(
                .neuron(SQS(circuit, noise: try NoiseModel(noise))), to: data,
                hints: [Self.closedForm(circuit) + [0]], &result)
        case .device(let name, let scale):
            let circuit = try Ansatz.exchange.circuit()
            let noise = try NoiseModel.load(name).scaled(by: scale)
            try fit(
                .neuron(SQS(circuit, noise: noise)), to: data, hints: [Self.closedForm(circuit) + [0]],
                &result)
        }
    }

    /// Angles of `exchange` that are the clock without any current: a spike with sin²(π/6) = ¼ where the memory is |1⟩, which it puts back
    /// to |0⟩; RX(1.2) of the memory otherwise.
    private static func closedForm(_ circuit: Circuit) -> [Double] { [0, -.pi / 3, .pi - 1.2, 0, 1.2] }

    private func fit(
        _ family: CircuitFit.Family, to data: ClockData, hints: [[Double]] = [],
        _ result: inout ClockResult
    ) throws {
        let fit = CircuitFit(family, to: data.training)
            .best(isSmoke ? .smoke : .standard, hints: hints, seed: seed)
        result.parameters = fit.parameters
        result.freeCount = fit.parameters.count
        data.judge(family, fit.parameters, &result)
    }
}

/// The intervals of a cell, and what the law says of them.
private struct ClockData {
    let law: IntervalLaw
    let training: [Int]
    let heldOut: [Int]

    init(_ law: IntervalLaw, count: Int, seed: UInt64) {
        self.law = law
        training = law.intervals(count: count, seed: seed, part: 0)
        heldOut = law.intervals(count: count, seed: seed, part: 1)
    }

    /// Judges a law of independent intervals.
    func judge(_ model: [Double], _ result: inout ClockResult) throws {
        result.lawMissed = law.missedNats(of: model)
        judge(&result) { intervals in intervals.map { log(max(model[$0 - 1], 1e-300)) } }
    }

    func judge(_ family: CircuitFit.Family, _ parameters: [Double], _ result: inout ClockResult) {
        let longest = max(training.max() ?? 1, heldOut.max() ?? 1)
        judge(&result) {
            family.likelihood(parameters, longest)?.logProbabilities(of: $0) ?? $0.map { _ in -.infinity }
        }
    }

    private func judge(_ result: inout ClockResult, _ logProbabilities: ([Int]) -> [Double]) {
        /// Without the first interval, before which the memory is not one that a spike has left.
        func missed(_ intervals: [Int]) -> [Double] {
            zip(intervals, logProbabilities(intervals)).dropFirst()
                .map { log(law.probabilities[$0 - 1]) - $1 }
        }
        result.trainingMissed = SampleStatistics.mean(of: missed(training))
        let others = missed(heldOut)
        result.heldOutMissed = SampleStatistics.mean(of: others)
        result.standardError = SampleStatistics.standardError(of: others) ?? 0
    }
}
