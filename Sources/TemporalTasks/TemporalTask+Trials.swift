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
    public func trials(_ indices: Range<Int>, random: RandomStream) -> Trials {
        var input = SpikeRaster(
            sampleCount: indices.count, stepCount: stepCount, neuronCount: channels.count)
        var answers: [Bool] = []
        answers.reserveCapacity(indices.count * targetSteps.count)
        for (trial, index) in indices.enumerated() {
            for step in 0..<stepCount { input[trial, step, channels.count - 1] = true }
            var generator = random.generator(sample: index)
            draw(trial, into: &input, &answers, random: &generator)
        }
        return Trials(input: input, answers: answers)
    }

    private func draw(
        _ trial: Int, into input: inout SpikeRaster, _ answers: inout [Bool], random: inout RandomWalk
    ) {
        switch self {
        case .delay, .windowParity, .runningParity:
            let data = (0..<stepCount).map { _ in Bool.random(using: &random) }
            for (step, bit) in data.enumerated() where bit { input[trial, step, 0] = true }
            answers += targetSteps.map { answer(to: data, at: $0) }
        case .recall, .recallOnGo:
            let isCued = Bool.random(using: &random)
            if isCued { input[trial, 0, 0] = true }
            if case .recallOnGo = self { input[trial, stepCount - 1, 1] = true }
            answers.append(isCued)
        case .order:
            let first = Int.random(in: 0..<Self.orderWindow, using: &random)
            // One of the six other steps, all equally likely.
            let distance = Int.random(in: 1..<Self.orderWindow, using: &random)
            let second = (first + distance) % Self.orderWindow
            input[trial, first, 0] = true
            input[trial, second, 1] = true
            answers.append(first < second)
        }
    }

    /// The answer that a stream of data asks for at one step.
    private func answer(to data: [Bool], at step: Int) -> Bool {
        func parity(_ steps: ClosedRange<Int>) -> Bool { steps.reduce(false) { $0 != data[$1] } }
        return switch self {
        case .delay(let delay): data[step - delay]
        case .windowParity(let window): parity(step - window + 1...step)
        case .runningParity: parity(0...step)
        case .recall, .recallOnGo, .order: preconditionFailure("\(name) has no stream of data")
        }
    }
}
