import Compute
import Foundation
import SpikeTrains
import Networks
import Neurons

/// The exact gradient of the log-likelihood of a population's own spikes, by the adjoint of its kernel: ideal local learning.
final class ExactPopulation {
    private static let runsPerShare = 64

    private let kernel: PopulationKernel
    private let rule: LocalRule
    private let stepCount: Int
    private let parallelism: Parallelism

    init(_ rule: LocalRule, population: Population, stepCount: Int, parallelism: Parallelism) {
        self.rule = rule
        self.stepCount = stepCount
        self.parallelism = parallelism
        kernel = PopulationKernel(population, stepCount: stepCount, parallelism: parallelism)
    }

    func compile(_ population: Population) { kernel.compile(population, parallelism: parallelism) }

    /// Bytes that a run takes, with what it returns.
    static func memoryCeiling(
        _ model: NeuronModel, neuronCount: Int, stepCount: Int, runCount: Count, threadCount: Int
    ) -> Count {
        let tileCount = Population.tileCount(neuronCount)
        let kernel = PopulationKernelSize(model, tileCount: tileCount, stepCount: stepCount)
        let rows = runCount.times(stepCount)
        let ranges = runCount.dividedRoundingUp(by: runsPerShare)
        let perTile =
            rows.times(model.channelCount + 1, tileWidth) + Count.of(model.angleCount, tileWidth)
            + ranges.times(kernel.instrumentSize)
        return kernel.memoryCeiling(sampleCount: .zero, threadCount: threadCount)
            + perTile.times(4, tileCount) + rows.times(4, neuronCount)
    }

    struct Result {
        /// Σ_t c_t · ∂ log p(s_t | s^{t−1})/∂z, in the layout of the currents.
        var currentErrors: AlignedBuffer<Float>
        /// `[tile][angle][64]`
        var angles: AlignedBuffer<Float>
        /// log p(s_t | s^{t−1}), `[neuron][row]`.
        var ownLogLikelihoods: AlignedBuffer<Float>
    }

    /// - Parameter credit: c_t, `[row]`.
    func run(_ activity: LocalActivity, _ population: Population, credit: [Float], runCount: Int) -> Result {
        let rowCount = runCount * stepCount
        let (channelCount, neuronCount) = (activity.channelCount, activity.neuronCount)
        let tileSize = channelCount * rowCount * tileWidth
        let rangeCount = (runCount + Self.runsPerShare - 1) / Self.runsPerShare
        let shareCount = population.tileCount * rangeCount
        var errors = AlignedBuffer<Float>(repeating: 0, count: activity.currents.count)
        var likelihoods = AlignedBuffer<Float>(
            repeating: 0, count: population.tileCount * rowCount * tileWidth)
        var logs = AlignedBuffer<Float>(repeating: 0, count: neuronCount * rowCount)
        var instruments = AlignedBuffer<Float>(repeating: 0, count: shareCount * kernel.instrumentSize)
        let shares = ExactShares(
            errors: SharedPointer(errors.mutableBase()),
            likelihoods: SharedPointer(likelihoods.mutableBase()), logs: SharedPointer(logs.mutableBase()),
            instruments: SharedPointer(instruments.mutableBase()))
        let (kernel, stepCount, floor) = (kernel, stepCount, rule.floor)
        let size = kernel.instrumentSize
        withExtendedLifetime((self, likelihoods)) {
            parallelism.forEach(shareCount) { number, thread in
                let (tile, range) = number.quotientAndRemainder(dividingBy: rangeCount)
                let first = range * Self.runsPerShare
                let runs = first..<min(first + Self.runsPerShare, runCount)
                let place = PopulationKernel.Share(
                    tile: tile, thread: thread, neuronCount: min(neuronCount - tile * tileWidth, tileWidth),
                    rowCount: rowCount, samples: runs)
                let currents = activity.currents.base + tile * tileSize
                let spikes = activity.spikes.words.base + tile * channelCount
                let own = shares.likelihoods.base + tile * rowCount * tileWidth
                kernel.findLikelihoods(
                    place, currents: currents, spikes: spikes, wordsPerRow: activity.spikes.wordsPerRow,
                    likelihoods: own)
                let errors = shares.errors.base + tile * tileSize
                for row in runs.lowerBound * stepCount..<runs.upperBound * stepCount {
                    for lane in 0..<place.neuronCount {
                        let neuron = tile * tileWidth + lane
                        let likelihood = max(own[row * tileWidth + lane], floor)
                        shares.logs.base[neuron * rowCount + row] = log(likelihood)
                        // Of one channel, p(s_t = 0) = 1 − p(s_t = 1).
                        let isSilent =
                            channelCount == 1 && !activity.hasFired(neuron, channel: 0, row: row)
                        errors[row * tileWidth + lane] = (isSilent ? -1 : 1) * credit[row] / likelihood
                    }
                }
                kernel.adjoint(
                    place, currents: currents, spikes: spikes, wordsPerRow: activity.spikes.wordsPerRow,
                    errors: errors, regulariser: nil,
                    surrogate: channelCount == 1 ? .straightThrough : .recordedPattern,
                    instrumentGradient: shares.instruments.base + number * size)
            }
        }
        return Result(
            currentErrors: errors, angles: pullBack(population, shares.instruments, rangeCount: rangeCount),
            ownLogLikelihoods: logs)
    }

    /// Each range of runs has a gradient of its own; they are added up in their order.
    private func pullBack(
        _ population: Population, _ instruments: SharedPointer<Float>, rangeCount: Int
    ) -> AlignedBuffer<Float> {
        var angles = AlignedBuffer<Float>(repeating: 0, count: population.angles.count)
        let target = SharedPointer(angles.mutableBase())
        let kernel = kernel
        let (size, angleSize) = (kernel.instrumentSize, population.model.angleCount * tileWidth)
        parallelism.forEach(population.tileCount) { tile, thread in
            let total = instruments.base + tile * rangeCount * size
            for range in 1..<max(rangeCount, 1) {
                for element in 0..<size { total[element] += total[range * size + element] }
            }
            kernel.pullBack(
                tile: tile, thread: thread, population: population, instrumentGradient: total,
                angleGradient: target.base + tile * angleSize)
        }
        return angles
    }
}

private struct ExactShares: Sendable {
    let errors: SharedPointer<Float>
    let likelihoods: SharedPointer<Float>
    let logs: SharedPointer<Float>
    let instruments: SharedPointer<Float>
}
