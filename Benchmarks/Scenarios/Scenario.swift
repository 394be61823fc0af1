/// A piece of the library's work that can be done again and again.
protocol Scenario {
    /// Makes ready what a repetition needs and is no part of it.
    mutating func prepare(repetition: Int)
    /// The work itself.
    mutating func run() async throws
    /// What the last run did, in the unit of its ``ScenarioName``.
    var work: Double { get }
}

extension Scenario {
    mutating func prepare(repetition: Int) {}
}

/// The scenarios, in the order of the table.
public enum ScenarioName: String, Sendable, Hashable, Codable, CaseIterable {
    case loadData = "load data"
    case encode
    case currentsForward = "currents forward"
    case currentsBackward = "currents backward"
    case neuronStep = "neuron step"
    case neuronAdjoint = "neuron adjoint"
    case optimizer = "optimiser"
    case trainingStep = "training step"
    case epoch
    case inferenceBatch = "inference batch"
    case inferenceSingle = "inference single"

    /// What ``Scenario/work`` counts.
    ///
    /// An addition is a spike times a postsynaptic neuron: what one addition for each spike and synapse would do,
    /// whatever the kernel does.
    public var unit: String {
        switch self {
        case .loadData, .trainingStep, .epoch, .inferenceBatch, .inferenceSingle: "images"
        case .encode: "draws"
        case .currentsForward, .currentsBackward: "additions"
        case .neuronStep, .neuronAdjoint: "neuron-steps"
        case .optimizer: "parameters"
        }
    }

    public var goal: Goal {
        switch self {
        case .loadData: .seconds(1)
        case .encode: .ratePerThread(1e9)
        case .currentsForward, .currentsBackward, .optimizer: .fractionOfLimit(0.6)
        case .neuronStep: .ratePerThread(2e8)
        case .neuronAdjoint: .ratePerThread(1e8)
        case .trainingStep: .timesPeer(5)
        case .epoch: .seconds(3)
        case .inferenceBatch: .timesPeer(4)
        case .inferenceSingle: .allocations(0)
        }
    }

    var plan: RepetitionPlan { self == .epoch ? .long : .standard }
}

/// What a scenario should reach.
public enum Goal: Sendable, Hashable {
    /// At least this many units a second and thread.
    case ratePerThread(Double)
    /// At least this part of the machine's limit, measured in the same run.
    case fractionOfLimit(Double)
    /// At most this long, in the median.
    case seconds(Double)
    /// At most this many a repetition.
    case allocations(Int)
    /// At least so many times as fast as a peer: `Benchmarks/Peers` measures both.
    case timesPeer(Double, name: String = "PyTorch")

    /// Whether a measurement reaches the goal; nil where this run cannot tell.
    func isMet(by measurement: Measurement, threadCount: Int) -> Bool? {
        switch self {
        case .ratePerThread(let rate): measurement.rate >= rate * Double(threadCount)
        case .fractionOfLimit(let fraction): measurement.fractionOfLimit.map { $0 >= fraction }
        case .seconds(let seconds): measurement.timing.median <= seconds
        case .allocations(let count): measurement.allocations.map { $0 <= count }
        case .timesPeer: nil
        }
    }

    /// As in the table, such as `≥ 200 M/s a thread`.
    public var text: String {
        switch self {
        case .ratePerThread(let rate): "≥ \(Quantity.text(rate))/s a thread"
        case .fractionOfLimit(let fraction): "≥ \(Quantity.percent(fraction)) of limit"
        case .seconds(let seconds): "≤ \(Quantity.seconds(seconds))"
        case .allocations(let count): "≤ \(count) allocations"
        case .timesPeer(let ratio, let name): "≥ \(Quantity.text(ratio)) × \(name)"
        }
    }
}
