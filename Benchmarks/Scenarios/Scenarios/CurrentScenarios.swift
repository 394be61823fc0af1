import Compute
import SpikeTrains
import SpikingNetworks
import SpikingNeurons

/// The sums of weights of one batch over the synapses onto the hidden layer.
struct CurrentsForwardScenario: Scenario {
    init(_ workload: Workload) throws {}
    mutating func run() {}
    var work: Double { 1 }
}

/// The sums of errors of one batch over the synapses onto the hidden layer: the gradient of their weights.
struct CurrentsBackwardScenario: Scenario {
    init(_ workload: Workload) throws {}
    mutating func run() {}
    var work: Double { 1 }
}

enum CurrentSums {
    static func workingSetBytes(_ workload: Workload, of name: ScenarioName) -> Int { 1 }
}

/// One sample after the other.
struct InferenceSingleScenario: Scenario {
    init(_ workload: Workload) throws {}
    mutating func run() {}
    var work: Double { 1 }
}
