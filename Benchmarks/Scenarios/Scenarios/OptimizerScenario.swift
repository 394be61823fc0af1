import Compute
import Learning
import Networks
import Neurons

/// One Adam update of all synapses onto the hidden layer, tile by tile as the gradient arrives in training: the
/// gradient of a tile lies in cache, parameters and moments come from memory.
struct OptimizerScenario: Scenario {
    private let workload: Workload
    private var network: Network
    private var state: OptimizerState
    private let gradient: AlignedBuffer<Float>
    private let optimizer = Optimizer.adam()

    init(_ workload: Workload) throws {
        self.workload = workload
        network = try workload.network()
        state = OptimizerState(optimizer, network: network)
        gradient = AlignedBuffer(repeating: 1e-4, count: network.projections[0].tileSize)
    }

    static func parameterCount(_ workload: Workload) -> Int {
        Population.tileCount(workload.hiddenCount) * tileWidth * workload.inputCount
    }

    /// Bytes of the parameters and their two moments.
    static func workingSetBytes(_ workload: Workload) -> Int {
        3 * parameterCount(workload) * MemoryLayout<Float>.size
    }

    mutating func run() {
        state.updateCount += 1
        let update = ParameterUpdate(
            &network, &state, optimizer: optimizer, learningRate: workload.plan.learningRate,
            angleRateFactor: 1, gradientScale: 1, kernels: InstructionSet.current.kernels)
        let gradient = gradient.view
        workload.parallelism.forEach(Population.tileCount(workload.hiddenCount)) { tile, _ in
            update.receiveWeights(projection: 0, offset: tile * gradient.count, gradient: gradient)
        }
    }

    var work: Double { Double(network.projections[0].weights.count) }
}
