import Compute
import SpikeTrains
import Neurons

/// Runs batches through a network and back: populations outside cycles one after the other, all steps at once; those of
/// a cycle together, step by step.
///
/// Holds the working memory of the largest batch so far. Threads share out tiles of neurons and ranges of
/// samples; every sum is taken in the same order whatever their number.
package final class NetworkSimulator {
    package let stepCount: Int
    package let parallelism: Parallelism
    /// Steps after which gradients are cut, K; nil for gradients through all of time.
    package let truncation: Int?
    package let precision: SumPrecision
    let kernels: any KernelSet.Type
    let outputIndex: Int
    let schedule: NetworkSchedule
    /// Nodes and edges of the graph.
    let populations: [PopulationMemory]
    var projections: [ProjectionMemory]
    /// Projections of each node.
    let edges: [NodeEdges]
    private(set) var input: NetworkInput
    private let noInput = NetworkInput.spikes(SpikeRaster(sampleCount: 0, stepCount: 1, neuronCount: 1))
    /// Whether runs may go on where the last one stopped.
    private let carriesMemory: Bool
    /// Whether the memory after every step of a run is kept.
    let keepsActivity: Bool
    /// The last row of each sample in the last run, the input's first: for delayed projections of runs that go on.
    var lastRows: [WorkingBuffer<UInt64>]
    private(set) var identities = WorkingBuffer<UInt32>()
    var scratch = WorkingBuffer<Float>()

    /// - Parameters:
    ///   - network: only its shape is used here; `compile` takes its angles.
    ///   - stepCount: time steps T of a run, at least 1.
    ///   - truncation: steps K of truncated backpropagation: no gradient crosses the steps K, 2 K, ….
    ///   - carriesMemory: whether runs may go on with the same samples where the last one stopped.
    ///   - precision: of the sums over full projections.
    ///   - keepsActivity: whether the memory after every step is kept, for ``activity``; such a simulator is not reversed.
    package init(
        _ network: Network, stepCount: Int, parallelism: Parallelism, truncation: Int? = nil,
        precision: SumPrecision, carriesMemory: Bool = false, keepsActivity: Bool = false,
        instructionSet: InstructionSet = .current
    ) {
        precondition(stepCount > 0, "a run has at least one step")
        input = noInput
        precondition(truncation.map { $0 > 0 } ?? true, "gradients go through at least one step")
        self.stepCount = stepCount
        self.parallelism = parallelism
        self.truncation = truncation.flatMap { $0 < stepCount ? $0 : nil }
        self.precision = precision
        self.carriesMemory = carriesMemory
        self.keepsActivity = keepsActivity
        kernels = instructionSet.kernels
        outputIndex = network.outputIndex
        let graph = network.graph
        let schedule = NetworkSchedule(graph)
        self.schedule = schedule
        let cyclic = Set(schedule.components.filter(\.isCyclic).flatMap(\.nodes))
        populations = network.populations.enumerated().map { index, population in
            PopulationMemory(
                simulator: PopulationSimulator(
                    population, stepCount: stepCount,
                    windowLength: keepsActivity || cyclic.contains(index) ? 1 : truncation,
                    parallelism: parallelism, carriesMemory: carriesMemory || keepsActivity,
                    instructionSet: instructionSet),
                model: population.model, neuronCount: population.neuronCount)
        }
        let kernels = kernels
        let projections = zip(graph.edges, network.projections).map { edge, projection in
            var memory = ProjectionMemory(projection, of: edge, in: graph)
            if precision == .fixed16, projection.runs == nil, !memory.takesValues {
                memory.fixedWeights = FixedWeights(
                    projection, keepsAll: carriesMemory || schedule.isReturning(edge, of: graph),
                    threadCount: parallelism.threadCount, kernels: kernels)
            }
            return memory
        }
        self.projections = projections
        edges = graph.nodes.indices.map { NodeEdges($0, projections, schedule) }
        lastRows = (0...graph.nodes.count).map { _ in WorkingBuffer() }
    }

    /// Makes the instruments from the network's angles: after every change of them, before the next run. Where runs go on from
    /// each other, also what the sums need of the weights.
    package func compile(_ network: Network) {
        if carriesMemory { fixWeights(network) }
        for (index, population) in network.populations.enumerated() {
            populations[index].simulator.compile(population, parallelism: parallelism)
        }
    }

    private func fixWeights(_ network: Network) {
        for (memory, projection) in zip(projections, network.projections) {
            memory.fixedWeights?.update(projection, parallelism: parallelism)
        }
    }

    /// What the last run was given, where runs do not go on from each other.
    package var lastInput: NetworkInput { input }

    /// Spikes of each population in the last run.
    package var rasters: [SpikeRaster] { populations.map(\.raster) }

    /// Spikes of the population that is read out.
    package var outputRaster: SpikeRaster { populations[outputIndex].raster }

    /// Whether a neuron fired in the first row of the last run.
    func hasFired(_ neuron: Int, population: Int, channel: Int = 0) -> Bool {
        populations[population].raster[0, 0, neuron, channel]
    }

    /// Firing probabilities p(s_t = 1 | own spikes before) of the output neurons in the last run, which kept them: means
    /// over steps, channels and the neurons of a group.
    ///
    /// - Returns: shape `[sample][group]`.
    package func outputFiring(neuronsPerGroup: Int) -> [Double] {
        let output = populations[outputIndex]
        let (rowCount, firing) = (output.raster.rowCount, output.firing.view)
        let groupCount = output.raster.neuronCount / neuronsPerGroup
        var means = [Double](repeating: 0, count: output.raster.sampleCount * groupCount)
        for neuron in 0..<groupCount * neuronsPerGroup {
            for channel in 0..<output.channelCount {
                let first = output.place(neuron: neuron, current: channel, row: 0)
                for row in 0..<rowCount {
                    means[row / stepCount * groupCount + neuron / neuronsPerGroup] += Double(
                        firing[first + row * tileWidth])
                }
            }
        }
        let share = 1 / Double(neuronsPerGroup * stepCount * output.channelCount)
        return means.map { $0 * share }
    }

    /// Spikes of each population in the last run, summed over samples and steps.
    package var spikeCounts: [Int] { populations.map(\.raster.spikeCount) }

    /// Runs one batch.
    ///
    /// - Parameters:
    ///   - input: of the signal and the channels that the graph's has.
    ///   - sampleIndices: identity of each sample in the random streams.
    ///   - seed, epoch: address of the random numbers of the measurements.
    ///   - firstStep: of the input in its sample: not 0 only with ``init``'s `carriesMemory`.
    ///   - regularizes: whether the sums that the regulariser needs are kept.
    ///   - tellsFiring: whether ``outputFiring(neuronsPerGroup:)`` will be asked for.
    ///   - given: spikes that some populations are given instead of those that they would draw, by node; none is part of
    ///     a cycle.
    package func run(
        _ network: Network, input: some NetworkInputConvertible, sampleIndices: [Int], seed: UInt64,
        epoch: Int, firstStep: Int = 0, regularizes: Bool = false, given: [Int: SpikeRaster] = [:],
        tellsFiring: Bool = false
    ) {
        let input = input.networkInput
        precondition(input.stepCount == stepCount && input.sampleCount == sampleIndices.count)
        precondition(input.inputCount == network.inputCount)
        precondition(input.channelCount == network.graph.input.channelCount)
        precondition(input.signal == network.graph.input.signal)
        self.input = input
        identities.resize(to: sampleIndices.count)
        let target = identities.view
        for (sample, index) in sampleIndices.enumerated() {
            target[sample] = UInt32(truncatingIfNeeded: index)
        }
        for index in populations.indices {
            populations[index].prepare(
                sampleCount: sampleIndices.count, regularizes: regularizes,
                tellsFiring: keepsActivity || tellsFiring && index == outputIndex)
        }
        if !carriesMemory { fixWeights(network) }
        for (node, raster) in given {
            precondition(raster.hasShape(of: populations[node].raster), "the spikes given fit the population")
            populations[node].raster = raster
        }
        let pass = ForwardPass(
            seed: seed, epoch: epoch, firstStep: firstStep, regularizes: regularizes,
            given: Set(given.keys))
        for component in schedule.components {
            if component.isCyclic {
                runTogether(component, network, pass)
            } else {
                runAllSteps(component.nodes[0], network, pass)
            }
        }
        if carriesMemory {
            keepLastRows()
            // Not held on to: the caller writes the next step into the same raster, which would copy it.
            self.input = noInput
        }
    }

    /// What all populations of one run have in common.
    struct ForwardPass {
        let seed: UInt64
        let epoch: Int
        let firstStep: Int
        let regularizes: Bool
        /// The nodes whose spikes are given.
        let given: Set<Int>

        func random(_ population: Int) -> RandomStream {
            RandomStream(seed: seed, purpose: .spike, population: population, epoch: epoch)
        }
    }

    private func keepLastRows() {
        guard projections.contains(where: { $0.delay > 0 }) else { return }
        for index in lastRows.indices {
            let raster = raster(ofSource: index == 0 ? nil : index - 1)
            lastRows[index].resize(to: raster.sampleCount * raster.wordsPerRow)
            let (target, words) = (lastRows[index].view, raster.words.view)
            for sample in 0..<raster.sampleCount {
                target.part(sample, size: raster.wordsPerRow)
                    .copy(words.part((sample + 1) * stepCount - 1, size: raster.wordsPerRow))
            }
        }
    }
}

extension PopulationMemory {
    /// Where a number of a neuron lies in `currents`, `errors` and `firing`.
    func place(neuron: Int, current: Int, row: Int) -> Int {
        neuron / tileWidth * tileSize + current * planeSize + row * tileWidth + neuron % tileWidth
    }
}

/// The projections of one node.
struct NodeEdges {
    /// Onto it from outside its cycle.
    let arriving: [Int]
    /// Onto it from inside its cycle.
    let returning: [Int]
    /// From it to nodes outside its cycle.
    let leaving: [Int]
    /// From it to nodes inside its cycle.
    let turning: [Int]

    /// All projections onto it.
    var incoming: [Int] { arriving + returning }

    init(_ node: Int, _ projections: [ProjectionMemory], _ schedule: NetworkSchedule) {
        let component = schedule.components.first { $0.nodes.contains(node) }
        func isInside(_ other: Int?) -> Bool { other.map { component?.nodes.contains($0) ?? false } ?? false }
        let onto = projections.indices.filter { projections[$0].target == node }
        let from = projections.indices.filter { projections[$0].source == node }
        arriving = onto.filter { !isInside(projections[$0].source) }
        returning = onto.filter { isInside(projections[$0].source) }
        leaving = from.filter { !isInside(projections[$0].target) }
        turning = from.filter { isInside(projections[$0].target) }
    }
}
