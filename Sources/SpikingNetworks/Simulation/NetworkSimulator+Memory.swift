import Compute
import SpikeTrains
import SpikingNeurons

extension NetworkSimulator {
    /// Working memory that a training batch takes at most, in bytes: all buffers at their largest, as if every input
    /// spiked at every step.
    package func memoryCeiling(_ network: Network, sampleCount: Int, regularizes: Bool) -> Int {
        let rowCount = sampleCount * stepCount
        let ranges = Shares(tileCount: 1, sampleCount: sampleCount).rangeCount
        var total = 0
        for (population, memory) in zip(network.populations, populations) {
            let rows = population.tileCount * memory.channelCount * rowCount
            total += 2 * 4 * rows * tileWidth + 8 * rows
            total += memory.kernel.memoryCeiling(sampleCount: sampleCount)
            total += 4 * population.tileCount * ranges * memory.kernel.instrumentSize
            if regularizes { total += 4 * rowCount * (32 * population.tileCount + 2) }
        }
        let threads = parallelism.threadCount
        var largestScratch = Shares.samplesPerShare * stepCount * tileWidth
        for (projection, memory) in zip(network.projections, projections) {
            let words = Population.tileCount(projection.inputCount) * projection.channelCount
            if !memory.isDirect { total += 8 * words * rowCount }
            // The spikes of one step, inside cycles.
            total += 8 * words * sampleCount
            if projection.runs == nil {
                total += projection.channelCount * sampleCount * (4 * 3 + 2 * projection.inputCount)
            }
            if memory.source != nil { total += 4 * projection.keptWeightCount }
            guard projection.runs == nil else {
                total += 4 * ranges * projection.channelSize
                continue
            }
            let lists = SpikePatterns.memoryCeiling(
                sampleCount: sampleCount, stepCount: stepCount, inputCount: projection.inputCount)
            total += projection.channelCount * lists
            let patternCount = SpikePatterns.patternCount(stepCount: stepCount)
            largestScratch = max(
                largestScratch,
                GradientSums.gradientSize(inputCount: projection.inputCount)
                    + GradientSums.scratchSize(patternCount: patternCount))
        }
        return total + 4 * threads * largestScratch
    }

    /// Working memory that is held now, in bytes: what ``memoryCeiling(_:sampleCount:regularizes:)`` bounds.
    package var memoryInUse: Int {
        let ofPopulations = populations.reduce(0) { sum, memory in
            let numbers =
                memory.currents.count + memory.errors.count + memory.rowSums.count + memory.factors.count
                + memory.instrumentGradient.count
            return sum + 4 * numbers + 8 * memory.raster.words.count + memory.kernel.memoryInUse
        }
        return projections.reduce(ofPopulations + 4 * scratch.count) { sum, memory in
            let rasters = (memory.arriving + memory.arrivingStep).reduce(0) { $0 + $1.words.count }
            let patterns = (memory.patterns + memory.stepPatterns).reduce(0) { $0 + $1.memoryInUse }
            return sum + 8 * rasters + patterns + memory.transposed.reduce(0) { $0 + $1.memoryInUse }
                + 4 * (memory.keptWeights.count + memory.runGradients.count)
        }
    }
}
