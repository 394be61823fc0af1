import Compute
import SpikeTrains
import Neurons

/// How much working memory a simulator of a graph takes, known without making it.
package struct SimulatorSize: Sendable {
    private let stepCount: Int
    private let threadCount: Int
    private let precision: SumPrecision
    private let populations: [PopulationSize]
    /// Currents and channels of each.
    private let counts: [(currents: Int, channels: Int)]
    private let projections: [Part]

    private struct Part {
        let size: ProjectionSize
        /// Whether real numbers arrive in place of spikes.
        let takesValues: Bool
        /// Whether a population is the source, whose errors are wanted.
        let hasErrors: Bool
        let sourceChannelCount: Int
        /// Whether the source's raster is read as it is.
        let isDirect: Bool
        let pooling: SpikePooling?
        /// Of the weights in fixed point.
        let fixedTileCount: Int
    }

    /// - Parameters: as of ``NetworkSimulator/init(_:stepCount:parallelism:truncation:precision:carriesMemory:keepsActivity:instructionSet:)``.
    package init(
        _ graph: NetworkGraph, stepCount: Int, threadCount: Int, truncation: Int? = nil,
        precision: SumPrecision, keepsActivity: Bool = false
    ) {
        self.stepCount = stepCount
        self.threadCount = threadCount
        self.precision = precision
        let schedule = NetworkSchedule(graph)
        let cyclic = Set(schedule.components.filter(\.isCyclic).flatMap(\.nodes))
        populations = graph.nodes.enumerated().map { index, node in
            PopulationSize(
                node.model, tileCount: Population.tileCount(node.neuronCount), stepCount: stepCount,
                windowLength: keepsActivity || cyclic.contains(index) ? 1 : truncation,
                carriesMemory: keepsActivity)
        }
        counts = graph.nodes.map { ($0.model.currentCount, $0.model.channelCount) }
        projections = zip(graph.edges, graph.projectionSizes()).map { edge, size in
            let channels = graph.sourceChannelCount(edge)
            let takesValues = graph.nodeIndex(edge.source) == nil && graph.input.signal == .values
            return Part(
                size: size, takesValues: takesValues, hasErrors: graph.nodeIndex(edge.source) != nil,
                sourceChannelCount: channels,
                isDirect: edge.delay == 0 && channels == 1 && edge.pooling == nil, pooling: edge.pooling,
                fixedTileCount: precision == .fixed16 && size.isFull && !takesValues
                    ? FixedWeights.placeCount(
                        tileCount: size.currentCount * Population.tileCount(size.neuronCount),
                        keepsAll: schedule.isReturning(edge, of: graph), threadCount: threadCount) : 0)
        }
    }

    /// Working memory that a training batch takes at most, in bytes: all buffers at their largest, as if every input
    /// spiked at every step.
    package func memoryCeiling(sampleCount: Count, regularizes: Bool) -> Count {
        let rows = sampleCount.times(stepCount)
        let ranges = sampleCount.dividedRoundingUp(by: Shares.samplesPerShare)
        var total = forwardCeiling(sampleCount: sampleCount)
        for (population, counts) in zip(populations, counts) {
            // ∂L/∂s and ∂L/∂z.
            total += rows.times(4, population.tileCount, counts.currents, tileWidth)
            total += ranges.times(4, population.tileCount, population.engine.compiled)
            if regularizes { total += rows.times(4, 32 * population.tileCount + 2) }
        }
        var largestScratch = forwardScratch
        for part in projections {
            let size = part.size
            if part.hasErrors {
                total += size.keptWeightCount.times(4)
                if let plane = part.pooling?.plane {
                    total += rows.times(4, plane.pooledTileCount, part.sourceChannelCount * tileWidth)
                    largestScratch = max(largestScratch, plane.scratchSize)
                }
            }
            guard size.isFull else {
                total += ranges.times(size.currentSize).times(4)
                continue
            }
            guard !part.takesValues else {
                largestScratch = max(
                    largestScratch, GradientSums.gradientSize(inputCount: size.inputCount))
                continue
            }
            let transposed = TransposedPatterns.memoryCeiling(
                sampleCount: sampleCount, stepCount: stepCount, inputCount: size.inputCount)
            total += transposed.times(part.sourceChannelCount)
            let patterns = SpikePatterns.patternCount(stepCount: stepCount)
            largestScratch = max(
                largestScratch,
                GradientSums.gradientSize(inputCount: size.inputCount)
                    + GradientSums.scratchSize(patternCount: patterns, precision: precision))
        }
        return total + Count.of(4, threadCount, largestScratch - forwardScratch)
    }

    /// Working memory of a run that keeps its activity, and plain copies of all that can be recorded.
    package func activityCeiling(sampleCount: Count) -> Count {
        let rows = sampleCount.times(stepCount)
        return zip(populations, counts).reduce(forwardCeiling(sampleCount: sampleCount)) { total, entry in
            let (population, counts) = entry
            let numbers = 2 * counts.currents + counts.channels
            return total + rows.times(4, population.tileCount, numbers * tileWidth)
                + rows.times(4, population.tileCount, population.engine.memory)
        }
    }

    /// Elements of working memory of one thread.
    private var forwardScratch: Int {
        projections.filter { !$0.size.isFull }.reduce(Shares.samplesPerShare * stepCount * tileWidth) {
            max(
                $0,
                RunPass.scratchSize(inputCount: $1.size.inputCount, neuronCount: $1.size.neuronCount))
        }
    }

    /// Working memory of a batch that is run and not reversed.
    package func forwardCeiling(sampleCount: Count) -> Count {
        let rows = sampleCount.times(stepCount)
        var total = Count.of(4, threadCount, forwardScratch)
        for (population, counts) in zip(populations, counts) {
            // Currents and spikes.
            total += rows.times(population.tileCount, 4 * tileWidth * counts.currents + 8 * counts.channels)
            total += population.memoryCeiling(sampleCount: sampleCount, threadCount: threadCount)
        }
        for part in projections {
            let size = part.size
            guard !part.takesValues else {
                total += ArrivingValues.memoryCeiling(rows: rows, inputCount: size.inputCount)
                continue
            }
            let words = Population.tileCount(size.inputCount) * part.sourceChannelCount
            if !part.isDirect { total += rows.times(8, words) }
            // The spikes of one step, inside cycles.
            total += sampleCount.times(8, words)
            guard size.isFull else { continue }
            total += Count.of(2, part.fixedTileCount, size.inputCount, tileWidth)
            total += sampleCount.times(part.sourceChannelCount, 4 * 3 + 2 * size.inputCount)
            let lists = SpikePatterns.listCeiling(
                sampleCount: sampleCount, stepCount: stepCount, inputCount: size.inputCount)
            total += lists.times(part.sourceChannelCount)
        }
        return total
    }
}
