import Compute
import SpikeTrains
import Neurons

extension NetworkSimulator {
    /// Runs one population that depends on others only: all steps at once, currents and neurons of a share in one go.
    func runAllSteps(_ node: Int, _ network: Network, _ pass: ForwardPass) {
        for index in edges[node].arriving { bringAllSteps(index, network, firstStep: pass.firstStep) }
        let currents = prepareCurrents(node, network)
        let step = neuronStep(node, network, pass)
        withExtendedLifetime(self) {
            parallelism.forEach(step.shares.count) { share, thread in
                let (tile, samples) = step.shares[share]
                currents.sum(tile: tile, samples: samples, thread: thread)
                if pass.given.contains(node) { return }
                step.run(share, thread: thread, windows: 0..<step.kernel.windowCount)
            }
        }
    }

    /// Runs the populations of a cycle, step by step; what comes from outside is summed before, all steps at once.
    func runTogether(_ component: NetworkSchedule.Component, _ network: Network, _ pass: ForwardPass) {
        for node in component.nodes {
            for index in edges[node].arriving { bringAllSteps(index, network, firstStep: pass.firstStep) }
            let currents = prepareCurrents(node, network)
            let shares = shares(node, network)
            withExtendedLifetime(self) {
                parallelism.forEach(shares.count) { share, thread in
                    let (tile, samples) = shares[share]
                    currents.sum(tile: tile, samples: samples, thread: thread)
                }
            }
        }
        for step in 0..<stepCount {
            for node in component.nodes {
                for index in edges[node].returning {
                    bringStep(index, step, network, firstStep: pass.firstStep)
                    addCurrents(ofStep: step, index, network)
                }
                let neurons = neuronStep(node, network, pass)
                withExtendedLifetime(self) {
                    parallelism.forEach(neurons.shares.count) { share, thread in
                        neurons.run(share, thread: thread, windows: step..<step + 1)
                    }
                }
            }
        }
    }

    func shares(_ node: Int, _ network: Network) -> Shares {
        Shares(
            tileCount: network.populations[node].tileCount,
            sampleCount: populations[node].raster.sampleCount)
    }

    // MARK: Currents

    /// The currents of a population along the projections from outside its cycle: those of runs are summed here, those of
    /// full ones by the value that is returned.
    private func prepareCurrents(_ node: Int, _ network: Network) -> PopulationCurrents {
        let indices = edges[node].arriving
        let hasRuns = indices.contains { network.projections[$0].runs != nil }
        if hasRuns {
            populations[node].currents.mutableBase().update(
                repeating: 0, count: populations[node].currents.count)
            for index in indices { addRunCurrents(index, network) }
        }
        let rowsPerShare = Shares.samplesPerShare * stepCount
        scratch.resize(to: max(scratch.count, parallelism.threadCount * rowsPerShare * tileWidth))
        return PopulationCurrents(
            simulator: SharedSimulator(self), network: network, indices: indices,
            currents: SharedPointer(populations[node].currents.mutableBase()),
            scratch: SharedPointer(scratch.mutableBase()), scratchSize: rowsPerShare * tileWidth,
            channelCount: populations[node].channelCount, rowCount: populations[node].raster.rowCount,
            stepCount: stepCount, isBegun: hasRuns)
    }

    private func addRunCurrents(_ index: Int, _ network: Network) {
        for channel in 0..<network.projections[index].channelCount {
            let raster = arrivingRaster(index, channel)
            let ranges = Shares(tileCount: 1, sampleCount: raster.sampleCount)
            let task = runTask(index, channel, network, raster: raster, step: 0)
            let (stepCount, kernels) = (stepCount, kernels)
            withExtendedLifetime((self, network, raster)) {
                guard let task else { return }
                parallelism.forEach(ranges.count) { range, _ in
                    let samples = ranges[range].samples
                    let rows = samples.lowerBound * stepCount..<samples.upperBound * stepCount
                    task.run(rows) { kernels.addRuns($0) }
                }
            }
        }
    }

    /// Adds the currents of one step along a projection inside a cycle.
    private func addCurrents(ofStep step: Int, _ index: Int, _ network: Network) {
        let node = projections[index].target
        let projection = network.projections[index]
        for channel in 0..<projection.channelCount {
            let raster = projections[index].arrivingStep[channel]
            if let task = runTask(index, channel, network, raster: raster, step: step) {
                let ranges = Shares(tileCount: 1, sampleCount: raster.sampleCount)
                let kernels = kernels
                withExtendedLifetime((self, network, raster)) {
                    parallelism.forEach(ranges.count) { range, _ in
                        task.run(ranges[range].samples) { kernels.addRuns($0) }
                    }
                }
                continue
            }
            let sums = CurrentSums(
                projection, projections[index].stepPatterns[channel], channel: channel, kernels: kernels)
            let shares = shares(node, network)
            let size = Shares.samplesPerShare * tileWidth
            scratch.resize(to: max(scratch.count, parallelism.threadCount * size))
            let working = SharedPointer(scratch.mutableBase())
            let (rowCount, tileSize) = (populations[node].raster.rowCount, populations[node].tileSize)
            let currents = SharedPointer(populations[node].currents.mutableBase())
            let stepCount = stepCount
            withExtendedLifetime(self) {
                parallelism.forEach(shares.count) { share, thread in
                    let (tile, samples) = shares[share]
                    let part = working.base + thread * size - samples.lowerBound * tileWidth
                    sums.sum(tile: tile, samples: samples, to: part)
                    let target = currents.base + tile * tileSize + (channel * rowCount + step) * tileWidth
                    for sample in samples {
                        let row = target + sample * stepCount * tileWidth
                        for lane in 0..<tileWidth { row[lane] += part[sample * tileWidth + lane] }
                    }
                }
            }
        }
    }

    /// A projection of runs onto the currents, from a step on; nil where it is full. Rows are those of the raster.
    private func runTask(
        _ index: Int, _ channel: Int, _ network: Network, raster: SpikeRaster, step: Int
    ) -> RunPass? {
        let projection = network.projections[index]
        guard let runs = projection.runs else { return nil }
        let node = projections[index].target
        let rowCount = populations[node].raster.rowCount
        let currents = populations[node].currents.mutableBase() + (channel * rowCount + step) * tileWidth
        return RunPass(
            runs: runs, spikes: raster, postsynaptic: SharedPointer(currents), presynaptic: nil,
            postsynapticTileStride: populations[node].tileSize, presynapticTileStride: 0,
            rowStride: raster.stepCount == 1 ? stepCount * tileWidth : tileWidth,
            weights: SharedPointer(
                UnsafeMutablePointer(mutating: projection.weights.base) + channel * projection.channelSize))
    }

    // MARK: Neurons

    private func neuronStep(_ node: Int, _ network: Network, _ pass: ForwardPass) -> NeuronStep {
        NeuronStep(
            kernel: populations[node].kernel, neuronCount: network.populations[node].neuronCount,
            shares: shares(node, network), rowCount: populations[node].raster.rowCount,
            tileSize: populations[node].tileSize, channelCount: populations[node].channelCount,
            currents: SharedConstantPointer(populations[node].currents.base),
            spikes: SharedPointer(populations[node].raster.words.mutableBase()),
            wordsPerRow: populations[node].raster.wordsPerRow,
            firing: node == outputIndex && firingProbabilities.count > 0
                ? SharedPointer(firingProbabilities.mutableBase()) : nil,
            rowSums: pass.regularizes ? SharedPointer(populations[node].rowSums.mutableBase()) : nil,
            identities: sharedIdentities, random: pass.random(node), firstStep: pass.firstStep)
    }
}

/// The currents of one population along its full projections, share by share.
private struct PopulationCurrents: Sendable {
    let simulator: SharedSimulator
    let network: Network
    /// Projections, of which those of runs are left out.
    let indices: [Int]
    let currents: SharedPointer<Float>
    let scratch: SharedPointer<Float>
    let scratchSize: Int
    let channelCount: Int
    let rowCount: Int
    let stepCount: Int
    /// Whether other currents are there to be added to.
    let isBegun: Bool

    func sum(tile: Int, samples: Range<Int>, thread: Int) {
        let tileCurrents = currents.base + tile * channelCount * rowCount * tileWidth
        let (first, count) = (samples.lowerBound * stepCount, samples.count * stepCount * tileWidth)
        for channel in 0..<channelCount {
            let target = tileCurrents + channel * rowCount * tileWidth
            var isBegun = isBegun
            for index in indices where network.projections[index].runs == nil {
                let sums = simulator.currentSums(index, channel, network)
                if isBegun {
                    let addend = scratch.base + thread * scratchSize
                    sums.sum(tile: tile, samples: samples, to: addend - first * tileWidth)
                    let rows = target + first * tileWidth
                    for element in 0..<count { rows[element] += addend[element] }
                } else {
                    sums.sum(tile: tile, samples: samples, to: target)
                }
                isBegun = true
            }
            if !isBegun { (target + first * tileWidth).update(repeating: 0, count: count) }
        }
    }
}

/// A simulator for the threads of a pass.
private struct SharedSimulator: @unchecked Sendable {
    // Sharing is sound because the threads only read, and nothing else runs before they are done.
    private let simulator: NetworkSimulator

    init(_ simulator: NetworkSimulator) { self.simulator = simulator }

    /// Sums along a full projection, of which the spikes have been listed.
    func currentSums(_ index: Int, _ channel: Int, _ network: Network) -> CurrentSums {
        CurrentSums(
            network.projections[index], simulator.projections[index].patterns[channel], channel: channel,
            kernels: simulator.kernels)
    }
}

/// The neurons of one population, share by share.
private struct NeuronStep: Sendable {
    let kernel: PopulationKernel
    let neuronCount: Int
    let shares: Shares
    let rowCount: Int
    let tileSize: Int
    let channelCount: Int
    let currents: SharedConstantPointer<Float>
    let spikes: SharedPointer<UInt64>
    let wordsPerRow: Int
    /// Firing probabilities, like the currents; nil where nobody asks.
    let firing: SharedPointer<Float>?
    let rowSums: SharedPointer<Float>?
    let identities: SharedConstantPointer<UInt32>
    let random: RandomStream
    let firstStep: Int

    func run(_ share: Int, thread: Int, windows: Range<Int>) {
        let (tile, samples) = shares[share]
        let place = PopulationKernel.Share(
            tile: tile, thread: thread, neuronCount: min(neuronCount - tile * tileWidth, tileWidth),
            rowCount: rowCount, samples: samples)
        for window in windows {
            kernel.step(
                place, window: window, currents: currents.base + tile * tileSize,
                spikes: spikes.base + tile * channelCount, wordsPerRow: wordsPerRow,
                firingProbabilities: firing.map { $0.base + tile * tileSize },
                rowSums: rowSums.map { $0.base + tile * rowCount * 32 },
                identities: identities.base, random: random, firstStep: firstStep)
        }
    }
}
