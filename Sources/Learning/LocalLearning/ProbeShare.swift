import Compute
import Neurons

/// Some neurons and some runs of a population's probes: what one thread does at a time.
///
/// Currents and spikes of every probe are laid out as the kernels of populations want them, neuron after neuron in the lanes.
struct ProbeShare {
    let plan: ProbePlan
    let neurons: Range<Int>
    /// First tile of the share in its population.
    let firstTile: Int
    /// Runs of the probes, `runLength` rows each.
    let runs: Range<Int>
    let runLength: Int
    let channelCount: Int
    /// `[tile][channel][row][64]`
    private let currents: WorkingBuffer<Float>
    /// `[tile][row][channel]`
    private let spikes: WorkingBuffer<UInt64>
    private let laneCounts: [Int]

    var rowCount: Int { runs.count * runLength }
    /// First row of the batch.
    var firstRow: Int { runs.lowerBound * runLength }
    /// Elements of one number for each lane and row of all tiles.
    var size: Int { plan.tilesPerNeuron * rowCount * tileWidth }

    init(
        _ plan: ProbePlan, share: Int, runs: Range<Int>, runLength: Int, _ activity: LocalActivity,
        perturbationSize: Float, _ signs: PerturbationSigns, _ batch: LocalBatch
    ) {
        self.plan = plan
        self.runs = runs
        self.runLength = runLength
        neurons = plan.neurons(ofShare: share, neuronCount: activity.neuronCount)
        firstTile = share * plan.tilesPerNeuron
        channelCount = activity.channelCount
        let neuronCount = activity.neuronCount
        laneCounts = (0..<plan.tilesPerNeuron).map {
            plan.laneCount(share: share, tile: $0, neuronCount: neuronCount)
        }
        let rowCount = runs.count * runLength
        currents = WorkingBuffer(count: plan.tilesPerNeuron * channelCount * rowCount * tileWidth)
        spikes = WorkingBuffer(count: plan.tilesPerNeuron * rowCount * channelCount)
        for neuron in neurons {
            fillSpikes(neuron, activity)
            for channel in 0..<channelCount {
                fillCurrents(
                    neuron, channel: channel, activity, perturbationSize: perturbationSize, signs, batch)
            }
        }
    }

    private func fillSpikes(_ neuron: Int, _ activity: LocalActivity) {
        var lanes = [UInt64](repeating: 0, count: plan.tilesPerNeuron)
        for probe in plan.probes.indices {
            let (tile, lane) = plan.place(neuron: neuron, probe: probe)
            lanes[tile] |= 1 << UInt64(lane)
        }
        let spikes = spikes.view
        for row in 0..<rowCount {
            for channel in 0..<channelCount
            where activity.hasFired(neuron, channel: channel, row: firstRow + row) {
                for tile in lanes.indices {
                    spikes[(tile * rowCount + row) * channelCount + channel] |= lanes[tile]
                }
            }
        }
    }

    private func fillCurrents(
        _ neuron: Int, channel: Int, _ activity: LocalActivity, perturbationSize: Float,
        _ signs: PerturbationSigns, _ batch: LocalBatch
    ) {
        let own = (0..<rowCount).map { activity.current(neuron, channel: channel, row: firstRow + $0) }
        let currents = currents.view
        // A pair's two probes follow one another, and share what they are perturbed by.
        var pair = -1
        var perturbed = [Float](repeating: 0, count: rowCount)
        for (index, probe) in plan.probes.enumerated() {
            let (tile, lane) = plan.place(neuron: neuron, probe: index)
            var factor: Float = 0
            if let perturbation = probe.perturbation {
                factor = perturbation.sign * perturbationSize
                if perturbation.pair != pair {
                    pair = perturbation.pair
                    perturbed = sums(neuron, channel: channel, pair: pair, activity, signs, batch)
                }
            }
            let first = (tile * channelCount + channel) * rowCount
            for row in 0..<rowCount {
                currents[(first + row) * tileWidth + lane] = own[row] + factor * perturbed[row]
            }
        }
    }

    /// Σ_p Δ_p x_{t,p} of each row, over all projections.
    private func sums(
        _ neuron: Int, channel: Int, pair: Int, _ activity: LocalActivity, _ signs: PerturbationSigns,
        _ batch: LocalBatch
    ) -> [Float] {
        var sums = [Float](repeating: 0, count: rowCount)
        for projection in activity.projections where projection.current == channel {
            let words = WorkingBuffer<UInt64>(count: projection.wordCount).view
            for run in runs {
                let first = run * runLength
                signs.draw(
                    projection, neuron: neuron, pair: pair,
                    sample: batch.identities[first / batch.stepCount], step: first % batch.stepCount,
                    to: words)
                for row in first..<first + runLength {
                    sums[row - firstRow] += Float(
                        projection.current(of: words.view, neuron: neuron, row: row))
                }
            }
        }
        return sums
    }

    /// Index of a lane's number in the row of a run.
    func index(neuron: Int, probe: Int, row: Int) -> Int {
        let (tile, lane) = plan.place(neuron: neuron, probe: probe)
        return (tile * rowCount + row) * tileWidth + lane
    }

    /// The current of one probe.
    func current(neuron: Int, probe: Int, channel: Int, row: Int) -> Float {
        let (tile, lane) = plan.place(neuron: neuron, probe: probe)
        return currents.view[((tile * channelCount + channel) * rowCount + row) * tileWidth + lane]
    }

    /// The probability of the neurons' spikes at some steps of all runs, `[tile][row][64]`.
    ///
    /// - Parameters:
    ///   - memoryBefore, memoryAfter: `[tile][run]`, of the simulator's size; nil where they are |0…0⟩ or not wanted.
    func findLikelihoods(
        _ simulator: PopulationSimulator, thread: Int, steps: Range<Int>,
        to likelihoods: MutableBufferView<Float>, memoryBefore: BufferView<Float>? = nil,
        memoryAfter: MutableBufferView<Float>? = nil
    ) {
        let memorySize = runs.count * simulator.memorySize
        for tile in 0..<plan.tilesPerNeuron where laneCounts[tile] > 0 {
            simulator.findLikelihoods(
                PopulationSimulator.Share(
                    tile: firstTile + tile, thread: thread, neuronCount: laneCounts[tile],
                    rowCount: rowCount, samples: 0..<runs.count),
                steps: steps, currents: currents.part(tile, size: channelCount * rowCount * tileWidth).view,
                spikes: spikes.part(tile, size: rowCount * channelCount).view, wordsPerRow: channelCount,
                likelihoods: likelihoods.part(tile, size: rowCount * tileWidth),
                memoryBefore: memoryBefore?.part(tile, size: memorySize),
                memoryAfter: memoryAfter?.part(tile, size: memorySize))
        }
    }
}
