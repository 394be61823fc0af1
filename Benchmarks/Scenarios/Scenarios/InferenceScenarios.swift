import Compute
import SpikeTrains
import Networks

/// Forward and decoded predictions of a batch that is already encoded.
struct InferenceScenario: Scenario {
    private let workload: Workload
    private let network: Network
    private let simulator: NetworkSimulator
    private let decoder: RateDecoder
    private var input: SpikeRaster
    private var sampleIndices: [Int] = []

    init(_ workload: Workload) throws {
        self.workload = workload
        network = try workload.network()
        simulator = NetworkSimulator(
            network, stepCount: workload.stepCount, parallelism: workload.parallelism,
            precision: workload.precision)
        simulator.compile(network)
        decoder = try RateDecoder(classCount: workload.outputCount)
        input = workload.networkInput(repetition: 0)
    }

    mutating func prepare(repetition: Int) {
        input = workload.networkInput(repetition: repetition)
        sampleIndices = workload.sampleIndices(repetition: repetition)
    }

    mutating func run() throws {
        simulator.run(
            network, input: input, sampleIndices: sampleIndices, seed: Workload.seed, epoch: 0)
        _ = try decoder.predictions(
            simulator.outputRaster, sampleIndices: sampleIndices,
            random: RandomStream(seed: Workload.seed, purpose: .tie))
    }

    var work: Double { Double(workload.batchSize) }
}
