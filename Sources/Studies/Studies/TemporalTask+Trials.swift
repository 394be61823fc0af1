import Compute
import SpikeTrains

extension TemporalTask {
    /// Some trials of a task: the input spikes and the right answers.
    public struct Trials: Sendable {
        /// Spikes of the channels, `[trial][step][channel]`.
        public let input: SpikeRaster
        /// The answers, `[trial][target step]`.
        public let answers: [Bool]
    }

    /// Draws trials at random.
    ///
    /// - Parameters:
    ///   - indices: numbers of the trials; the same number under the same stream is the same trial.
    ///   - random: where the data come from.
    public func trials(_ indices: some Collection<Int>, random: RandomStream) -> Trials {
        let (stepCount, targetSteps) = (stepCount, targetSteps)
        let bias = UInt64(1) << UInt64(channels.count - 1)
        var rows: [UInt64] = []
        var answers: [Bool] = []
        rows.reserveCapacity(indices.count * stepCount)
        answers.reserveCapacity(indices.count * targetSteps.count)
        for index in indices {
            let trial = drawTrial(random.words(sample: index))
            for step in 0..<stepCount { rows.append(trial.channels(at: step) | bias) }
            for step in targetSteps { answers.append(answer(to: trial, at: step)) }
        }
        var input = SpikeRaster(
            sampleCount: indices.count, stepCount: stepCount, neuronCount: channels.count)
        input.words = AlignedBuffer(rows)
        return Trials(input: input, answers: answers)
    }

    /// The spikes of a trial, without the bias: bit t of a channel is its spike at step t.
    private struct Trial {
        var first: UInt64 = 0
        var second: UInt64 = 0

        /// Bit c is the spike of channel c.
        func channels(at step: Int) -> UInt64 {
            first >> UInt64(step) & 1 | (second >> UInt64(step) & 1) << 1
        }
    }

    private func drawTrial(_ words: SIMD4<UInt32>) -> Trial {
        switch self {
        case .delay, .windowParity, .runningParity:
            return Trial(first: UInt64(words[0]) << 32 | UInt64(words[1]))
        case .recall: return Trial(first: UInt64(words[0] & 1))
        case .recallOnGo: return Trial(first: UInt64(words[0] & 1), second: 1 << UInt64(stepCount - 1))
        case .order:
            // One of the steps, then one of the others: each but for 2⁻³² equally likely.
            let first = Self.scaled(words[0], to: Self.orderWindow)
            let distance = 1 + Self.scaled(words[1], to: Self.orderWindow - 1)
            let second = (first + distance) % Self.orderWindow
            return Trial(first: 1 << UInt64(first), second: 1 << UInt64(second))
        case .copy(let count):
            let data = UInt64(words[0]) & (1 << UInt64(count) - 1)
            return Trial(first: data, second: bits(of: targetSteps))
        case .match(let silence):
            let (sample, probe) = (UInt64(words[0] & 1), UInt64(words[1] & 1))
            return Trial(first: sample | probe << UInt64(silence + 1), second: bits(of: targetSteps))
        }
    }

    /// The spikes of some steps.
    private func bits(of steps: [Int]) -> UInt64 { steps.reduce(0) { $0 | 1 << UInt64($1) } }

    /// A random word as a number of `0 ..< count`.
    private static func scaled(_ word: UInt32, to count: Int) -> Int {
        Int((UInt64(word) * UInt64(count)) >> 32)
    }

    private func answer(to trial: Trial, at step: Int) -> Bool {
        /// Parity of the data of the last steps, at most 63.
        func parity(of count: Int) -> Bool {
            let window = trial.first >> UInt64(step - count + 1) & (1 << UInt64(count) - 1)
            return window.nonzeroBitCount % 2 == 1
        }
        return switch self {
        case .delay(let delay): trial.first >> UInt64(step - delay) & 1 == 1
        case .windowParity(let window): parity(of: window)
        case .runningParity: parity(of: step + 1)
        case .recall, .recallOnGo: trial.first & 1 == 1
        case .order: trial.first < trial.second
        case .copy: trial.first >> UInt64(step - targetSteps[0]) & 1 == 1
        case .match: trial.first & 1 == trial.first >> UInt64(step) & 1
        }
    }
}
