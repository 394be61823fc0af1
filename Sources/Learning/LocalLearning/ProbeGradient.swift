import Compute
import Networks
import Neurons

/// The gradient of a population's parameters from what its probes came to.
///
/// Of each neuron, the synapses' gradient is Σ over runs and pairs of the pair's sum times its signs, (24): every number is
/// added in the order of the runs, whatever the number of threads.
struct ProbeGradient {
    private let probes: PopulationProbes
    private let result: ProbeResult
    private let activity: LocalActivity
    private let batch: LocalBatch
    private let network: Network
    private let parallelism: Parallelism

    init(
        _ probes: PopulationProbes, _ result: ProbeResult, _ activity: LocalActivity, _ batch: LocalBatch,
        _ network: Network, parallelism: Parallelism
    ) {
        self.probes = probes
        self.result = result
        self.activity = activity
        self.batch = batch
        self.network = network
        self.parallelism = parallelism
    }

    func handOver(to receiver: some GradientReceiver) {
        if receiver.trainsPopulation(activity.node) { handOverParameters(to: receiver) }
        guard probes.pairCount > 0 else { return }
        for index in Set(activity.projections.map(\.index)).sorted() where receiver.trainsProjection(index) {
            let gradient = WorkingBuffer<Float>(count: network.projections[index].weights.count).view
            for projection in activity.projections where projection.index == index {
                add(projection, to: gradient)
            }
            receiver.receiveWeights(projection: index, offset: 0, gradient: gradient.view)
        }
    }

    private func handOverParameters(to receiver: some GradientReceiver) {
        let population = network.populations[activity.node]
        let count = probes.parameterCount
        let runCount = batch.rowCount / probes.runLength
        let gradient = WorkingBuffer<Float>(count: population.parameters.count).view
        let sums = result.angleSums.view
        for neuron in 0..<activity.neuronCount {
            for parameter in 0..<count {
                var sum: Float = 0
                for run in 0..<runCount {
                    sum += sums[(neuron * runCount + run) * count + parameter]
                }
                gradient[(neuron / tileWidth * count + parameter) * tileWidth + neuron % tileWidth] = sum
            }
        }
        receiver.receiveParameters(population: activity.node, offset: 0, gradient: gradient.view)
    }

    /// One current of one projection: first `[neuron][input]`, then in the projection's own layout.
    private func add(_ projection: PerturbedProjection, to gradient: MutableBufferView<Float>) {
        let width = projection.wordCount * 64
        let rows = WorkingBuffer<Float>(count: activity.neuronCount * width)
        let kernels = InstructionSet.current.kernels
        let signs = PerturbationSigns(
            seed: batch.seed, epoch: batch.epoch, pairCount: probes.pairCount,
            neuronCount: activity.neuronCount)
        let (pairCount, runLength) = (probes.pairCount, probes.runLength)
        let (batch, sums) = (batch, result.pairSums.view.view)
        let runCount = batch.rowCount / runLength
        parallelism.forEach(activity.neuronCount) { neuron, _ in
            let words = WorkingBuffer<UInt64>(count: projection.wordCount).view
            for run in 0..<runCount {
                let first = run * runLength
                for pair in 0..<pairCount {
                    let value = sums[(neuron * runCount + run) * pairCount + pair]
                    if value == 0 { continue }
                    signs.draw(
                        projection, neuron: neuron, pair: pair,
                        sample: batch.identities[first / batch.stepCount], step: first % batch.stepCount,
                        to: words)
                    kernels.addSigned(
                        SignedAdditionTask(
                            signs: words.view.pointer, wordCount: projection.wordCount, value: value,
                            sums: rows.part(neuron, size: width).pointer))
                }
            }
        }
        network.projections[projection.index].add(
            rows.view.view, rowLength: width, current: projection.current, to: gradient)
    }
}
