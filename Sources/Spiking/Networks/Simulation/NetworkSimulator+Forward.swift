import Compute
import Neurons
import SpikeTrains

extension NetworkSimulator {
    /// Runs one population that depends on others only: all steps at once, currents and neurons of a share in one go.
    func runAllSteps(_ node: Int, _ network: Network, _ pass: ForwardPass) {
        for index in edges[node].arriving { bringAllSteps(index, firstStep: pass.firstStep) }
        let currents = prepareCurrents(node, network)
        let step = neuronStep(node, network, pass)
        let isGiven = pass.given.contains(node)
        step.shares.forEach(parallelism) { share, thread in
            let (tile, samples) = step.shares[share]
            currents.sum(tile: tile, samples: samples, thread: thread)
            if !isGiven { step.run(share, thread: thread, windows: 0..<step.simulator.windowCount) }
        }
    }

    /// Runs the populations of a cycle, step by step; what comes from outside is summed before, all steps at once.
    func runTogether(_ component: NetworkSchedule.Component, _ network: Network, _ pass: ForwardPass) {
        for node in component.nodes {
            for index in edges[node].arriving { bringAllSteps(index, firstStep: pass.firstStep) }
            let currents = prepareCurrents(node, network)
            let shares = shares(node, network).balanced
            shares.forEach(parallelism) { share, thread in
                let (tile, samples) = shares[share]
                currents.sum(tile: tile, samples: samples, thread: thread)
            }
        }
        for step in 0..<stepCount {
            for node in component.nodes {
                for index in edges[node].returning {
                    bringStep(index, step, firstStep: pass.firstStep)
                    addCurrents(ofStep: step, index, network)
                }
                let neurons = neuronStep(node, network, pass)
                parallelism.forEach(neurons.shares.count) { share, thread in
                    neurons.run(share, thread: thread, windows: step..<step + 1)
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
        let memory = populations[node]
        let hasRuns = indices.contains { network.projections[$0].runs != nil }
        if hasRuns {
            memory.currents.view.fill(with: 0)
            for index in indices { addRunCurrents(index, network) }
        }
        let scratchSize = Shares.samplesPerShare * stepCount * tileWidth
        scratch.reserve(parallelism.threadCount * scratchSize)
        return PopulationCurrents(
            simulator: SharedSimulator(self), network: network, indices: indices, memory: memory,
            scratch: scratch, scratchSize: scratchSize, isBegun: hasRuns)
    }

    /// Sums of one current along a full projection, all steps at once, of which the spikes have been listed.
    fileprivate func currentSums(_ index: Int, _ current: Int, _ network: Network) -> FullSums {
        guard projections[index].takesValues else {
            return .spikes(currentSums(index, current, network, isOneStep: false))
        }
        return .values(
            ValueSums(
                network.projections[index], projections[index].values, current: current,
                stepCount: stepCount, kernels: kernels))
    }

    private func currentSums(
        _ index: Int, _ current: Int, _ network: Network, isOneStep: Bool
    ) -> CurrentSums {
        let channel = projections[index].channel(ofCurrent: current)
        return CurrentSums(
            network.projections[index],
            isOneStep ? projections[index].stepPatterns[channel] : projections[index].patterns[channel],
            fixed: projections[index].fixedWeights, current: current, kernels: kernels)
    }

    private func addRunCurrents(_ index: Int, _ network: Network) {
        guard let runs = network.projections[index].runs else { return }
        for current in 0..<projections[index].currentCount {
            let raster = arrivingRaster(index, projections[index].channel(ofCurrent: current))
            addRunCurrents(index, current, runs, network, raster: raster, step: 0)
        }
    }

    /// A projection of runs onto a current, from a step on. Rows are those of the raster.
    private func addRunCurrents(
        _ index: Int, _ current: Int, _ runs: SynapseRuns, _ network: Network, raster: SpikeRaster, step: Int
    ) {
        let (memory, projection) = (populations[projections[index].target], network.projections[index])
        scratch.reserve(runs.scratchSize * parallelism.threadCount)
        let pass = RunPass(
            runs: runs, spikes: raster,
            postsynaptic: memory.currents.view[(current * memory.planeSize + step * tileWidth)...],
            postsynapticTileStride: memory.tileSize,
            rowStride: raster.stepCount == 1 ? stepCount * tileWidth : tileWidth,
            weights: projection.weights.view.part(current, size: projection.currentSize), scratch: scratch)
        let kernels = kernels
        RunPass.forEachShare(ofSamples: raster.sampleCount, parallelism) { samples, thread in
            let rows = samples.lowerBound * raster.stepCount..<samples.upperBound * raster.stepCount
            pass.addCurrents(rows, thread: thread, kernels)
        }
    }

    /// Adds the currents of one step along a projection inside a cycle.
    private func addCurrents(ofStep step: Int, _ index: Int, _ network: Network) {
        let node = projections[index].target
        for current in 0..<projections[index].currentCount {
            let raster = projections[index].arrivingStep[projections[index].channel(ofCurrent: current)]
            if let runs = network.projections[index].runs {
                addRunCurrents(index, current, runs, network, raster: raster, step: step)
                continue
            }
            let sums = currentSums(index, current, network, isOneStep: true)
            let shares = shares(node, network).balanced
            let size = Shares.samplesPerShare * tileWidth
            scratch.reserve(parallelism.threadCount * size)
            let (memory, scratch, stepCount) = (populations[node], scratch, stepCount)
            parallelism.forEach(shares.count) { share, thread in
                let (tile, samples) = shares[share]
                let part = scratch.part(thread, size: size)
                sums.sum(
                    tile: tile, samples: samples, to: part, firstRow: samples.lowerBound, thread: thread)
                let plane = memory.currents.view[(tile * memory.tileSize + current * memory.planeSize)...]
                for (place, sample) in samples.enumerated() {
                    plane.part(sample * stepCount + step, size: tileWidth)
                        .add(part.part(place, size: tileWidth).view)
                }
            }
        }
    }

    // MARK: Neurons

    private func neuronStep(_ node: Int, _ network: Network, _ pass: ForwardPass) -> NeuronStep {
        let spikes = populations[node].raster.words.mutableView()
        let memory = populations[node]
        return NeuronStep(
            simulator: memory.simulator, neuronCount: network.populations[node].neuronCount,
            shares: shares(node, network).balanced, rowCount: memory.raster.rowCount,
            tileSize: memory.tileSize,
            channelCount: memory.channelCount, currents: memory.currents.view.view, spikes: spikes,
            wordsPerRow: memory.raster.wordsPerRow,
            firing: memory.firing.count > 0 ? memory.firing.view : nil,
            activitySums: pass.regularizes ? memory.activitySums.view : nil, identities: identities.view.view,
            random: pass.random(node), firstStep: pass.firstStep)
    }
}

/// The currents of one population along its full projections, share by share.
private struct PopulationCurrents: Sendable {
    let simulator: SharedSimulator
    let network: Network
    /// Projections, of which those of runs are left out.
    let indices: [Int]
    let memory: PopulationMemory
    let scratch: WorkingBuffer<Float>
    let scratchSize: Int
    /// Whether other currents are there to be added to.
    let isBegun: Bool

    func sum(tile: Int, samples: Range<Int>, thread: Int) {
        let stepCount = memory.simulator.stepCount
        let rows = samples.lowerBound * stepCount..<samples.upperBound * stepCount
        for current in 0..<memory.currentCount {
            let plane = memory.currents.part(
                tile * memory.currentCount + current, size: memory.planeSize)
            let target = plane[rows.lowerBound * tileWidth..<rows.upperBound * tileWidth]
            var isBegun = isBegun
            for index in indices where network.projections[index].runs == nil {
                let sum = simulator.currentSums(index, current, network)
                if isBegun {
                    let addend = scratch.part(thread, size: scratchSize)[0..<target.count]
                    sum.sum(
                        tile: tile, samples: samples, to: addend, firstRow: rows.lowerBound, thread: thread)
                    target.add(addend.view)
                } else {
                    sum.sum(
                        tile: tile, samples: samples, to: target, firstRow: rows.lowerBound, thread: thread)
                }
                isBegun = true
            }
            if !isBegun { target.fill(with: 0) }
        }
    }
}

/// A simulator for the threads of a pass.
private struct SharedSimulator: @unchecked Sendable {
    // Sharing is sound because the threads only read, and nothing else runs before they are done.
    private let simulator: NetworkSimulator

    init(_ simulator: NetworkSimulator) { self.simulator = simulator }

    func currentSums(_ index: Int, _ current: Int, _ network: Network) -> FullSums {
        simulator.currentSums(index, current, network)
    }
}

/// The neurons of one population, share by share.
private struct NeuronStep: Sendable {
    let simulator: PopulationSimulator
    let neuronCount: Int
    let shares: Shares
    let rowCount: Int
    let tileSize: Int
    let channelCount: Int
    let currents: BufferView<Float>
    let spikes: MutableBufferView<UInt64>
    let wordsPerRow: Int
    /// Like the currents; nil where nobody asks.
    let firing: MutableBufferView<Float>?
    let activitySums: MutableBufferView<Float>?
    let identities: BufferView<UInt32>
    let random: RandomStream
    let firstStep: Int

    func run(_ share: Int, thread: Int, windows: Range<Int>) {
        let (tile, samples) = shares[share]
        let place = PopulationSimulator.Share(
            tile: tile, thread: thread, neuronCount: min(neuronCount - tile * tileWidth, tileWidth),
            rowCount: rowCount, samples: samples)
        for window in windows {
            simulator.step(
                place, window: window, currents: currents.part(tile, size: tileSize),
                spikes: spikes[(tile * channelCount)...], wordsPerRow: wordsPerRow,
                firing: firing?.part(tile, size: tileSize),
                activitySums: activitySums?.part(tile, size: rowCount * 32), identities: identities,
                random: random, firstStep: firstStep)
        }
    }
}
