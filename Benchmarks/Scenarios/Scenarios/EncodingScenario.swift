import Compute
import SpikeTrains

/// Rate encoding of one batch: a Bernoulli draw for each input and step.
struct EncodingScenario: Scenario {
    private let workload: Workload
    private var repetition = 0

    init(_ workload: Workload) { self.workload = workload }

    mutating func prepare(repetition: Int) { self.repetition = repetition }

    mutating func run() { _ = workload.input(repetition: repetition) }

    var work: Double { Double(workload.batchSize * workload.stepCount * workload.inputCount) }
}
