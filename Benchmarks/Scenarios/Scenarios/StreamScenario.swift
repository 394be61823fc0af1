import Networks

/// One sample, step after step, as its spikes arrive.
struct StreamScenario: Scenario {
    private let workload: Workload
    private let stream: NetworkStream
    private var sample = 0
    /// The inputs that spike, of each step.
    private var spikes: [[Int]] = []

    init(_ workload: Workload) throws {
        var workload = workload
        workload.batchSize = 1
        self.workload = workload
        stream = try NetworkStream(workload.network(), seed: Workload.seed, precision: workload.precision)
        prepare(repetition: 0)
    }

    mutating func prepare(repetition: Int) {
        let raster = workload.input(repetition: repetition)
        spikes = (0..<workload.stepCount).map { raster.activeNeurons(sample: 0, step: $0) }
        sample = workload.sampleIndices(repetition: repetition)[0]
    }

    mutating func run() throws {
        stream.reset(sample: sample)
        for active in spikes { try stream.step(active) }
    }

    var work: Double { 1 }
}
