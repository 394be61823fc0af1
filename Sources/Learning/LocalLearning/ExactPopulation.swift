import Compute
import Glibc
import Networks
import Neurons
import SpikeTrains

/// The exact gradient of the log-likelihood of a population's own spikes, by the adjoint of its engine: ideal local learning.
final class ExactPopulation {
    private static let runsPerShare = 64

    private let simulator: PopulationSimulator
    private let rule: LocalRule
    private let stepCount: Int
    private let parallelism: Parallelism

    init(_ rule: LocalRule, population: Population, stepCount: Int, parallelism: Parallelism) {
        self.rule = rule
        self.stepCount = stepCount
        self.parallelism = parallelism
        simulator = PopulationSimulator(population, stepCount: stepCount, parallelism: parallelism)
    }

    func compile(_ population: Population) { simulator.compile(population, parallelism: parallelism) }

    /// Bytes that a run takes, with what it returns.
    static func memoryCeiling(
        _ model: any NeuronModel, neuronCount: Int, stepCount: Int, runCount: Count, threadCount: Int
    ) -> Count {
        let tileCount = Population.tileCount(neuronCount)
        let size = PopulationSize(model, tileCount: tileCount, stepCount: stepCount)
        let rows = runCount.times(stepCount)
        let ranges = runCount.dividedRoundingUp(by: runsPerShare)
        let perTile =
            rows.times(model.channelCount + 1, tileWidth) + Count.of(model.parameterCount, tileWidth)
            + ranges.times(size.engine.compiled)
        return size.memoryCeiling(sampleCount: .zero, threadCount: threadCount)
            + perTile.times(4, tileCount) + rows.times(4, neuronCount)
    }

    struct Result {
        /// Σ_t c_t · ∂ log p(s_t | s^{t−1})/∂z, in the layout of the currents.
        let currentErrors: WorkingBuffer<Float>
        /// `[tile][parameter][64]`
        let parameters: WorkingBuffer<Float>
        /// log p(s_t | s^{t−1}), `[neuron][row]`.
        let ownLogLikelihoods: WorkingBuffer<Float>
    }

    /// - Parameter credit: c_t, `[row]`.
    func run(_ activity: LocalActivity, _ population: Population, credit: [Float], runCount: Int) -> Result {
        let rowCount = runCount * stepCount
        let (channelCount, neuronCount) = (activity.channelCount, activity.neuronCount)
        let tileSize = channelCount * rowCount * tileWidth
        let rangeCount = (runCount + Self.runsPerShare - 1) / Self.runsPerShare
        let shareCount = population.tileCount * rangeCount
        let errors = WorkingBuffer<Float>(count: activity.currents.count)
        let likelihoods = WorkingBuffer<Float>(count: population.tileCount * rowCount * tileWidth)
        let logs = WorkingBuffer<Float>(count: neuronCount * rowCount)
        let compiled = WorkingBuffer<Float>(count: shareCount * simulator.compiledSize)
        let (simulator, stepCount, floor) = (simulator, stepCount, rule.floor)
        let spikes = activity.spikes.words.view
        parallelism.forEach(shareCount) { number, thread in
            let (tile, range) = number.quotientAndRemainder(dividingBy: rangeCount)
            let first = range * Self.runsPerShare
            let runs = first..<min(first + Self.runsPerShare, runCount)
            let place = PopulationSimulator.Share(
                tile: tile, thread: thread, neuronCount: min(neuronCount - tile * tileWidth, tileWidth),
                rowCount: rowCount, samples: runs)
            let currents = activity.currents.part(tile, size: tileSize)
            let own = likelihoods.part(tile, size: rowCount * tileWidth)
            let spikes = spikes[(tile * channelCount)...]
            simulator.findLikelihoods(
                place, currents: currents, spikes: spikes, wordsPerRow: activity.spikes.wordsPerRow,
                likelihoods: own)
            let errors = errors.part(tile, size: tileSize)
            let logs = logs.view
            for row in runs.lowerBound * stepCount..<runs.upperBound * stepCount {
                for lane in 0..<place.neuronCount {
                    let neuron = tile * tileWidth + lane
                    let likelihood = max(own[row * tileWidth + lane], floor)
                    logs[neuron * rowCount + row] = log(likelihood)
                    // Of one channel, p(s_t = 0) = 1 − p(s_t = 1).
                    let isSilent = channelCount == 1 && !activity.hasFired(neuron, channel: 0, row: row)
                    errors[row * tileWidth + lane] = (isSilent ? -1 : 1) * credit[row] / likelihood
                }
            }
            simulator.adjoint(
                place, currents: currents, spikes: spikes, wordsPerRow: activity.spikes.wordsPerRow,
                errors: errors, surrogate: channelCount == 1 ? .straightThrough : .recordedPattern,
                compiledGradient: compiled.part(number, size: simulator.compiledSize))
        }
        return Result(
            currentErrors: errors, parameters: pullBack(population, compiled, rangeCount: rangeCount),
            ownLogLikelihoods: logs)
    }

    /// Each range of runs has a gradient of its own; they are added up in their order.
    private func pullBack(
        _ population: Population, _ compiled: WorkingBuffer<Float>, rangeCount: Int
    ) -> WorkingBuffer<Float> {
        let gradient = WorkingBuffer<Float>(count: population.parameters.count)
        let (simulator, size) = (simulator, simulator.compiledSize)
        parallelism.forEach(population.tileCount) { tile, thread in
            let total = compiled.part(tile * rangeCount, size: size)
            for range in 1..<max(rangeCount, 1) {
                total.add(compiled.part(tile * rangeCount + range, size: size).view)
            }
            simulator.pullBack(
                tile: tile, thread: thread, population: population, compiledGradient: total,
                gradient: gradient.part(tile, size: population.parameterCount * tileWidth))
        }
        return gradient
    }
}
