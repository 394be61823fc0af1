import Compute
import Neurons

/// Mean and standard error of a measure over independent reservoirs and inputs.
public struct SeedStatistics: Hashable, Sendable {
    public let mean: Double
    /// The standard deviation over √n; nil, in JSON null, for a single seed.
    public let standardError: Double?

    /// - Parameter values: one for each seed, at least one.
    public init(_ values: [Double]) {
        mean = SampleStatistics.mean(of: values)
        standardError = SampleStatistics.standardError(of: values)
    }
}

extension SeedStatistics: Codable {
    private enum CodingKeys: String, CodingKey {
        case mean
        case standardError
    }

    /// An error that is not there is written as null, so that every reader meets the field.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(mean, forKey: .mean)
        try container.encode(standardError, forKey: .standardError)
    }
}

/// The memory capacity of one kind of reservoir over several seeds.
public struct CapacityReport: Codable, Hashable, Sendable {
    public let name: String
    /// M_q.
    public let memoryQubits: Int
    public let featureCount: Int
    /// MC_k, k = 0 ... K.
    public let linear: [SeedStatistics]
    public let linearTotal: SeedStatistics
    public let pastTotal: SeedStatistics
    public let quadraticTotal: SeedStatistics
    /// What a single capacity must pass to be counted in the totals.
    public let threshold: Double

    enum CodingKeys: String, CodingKey {
        case name
        case memoryQubits
        case featureCount = "features"
        case linear
        case linearTotal
        case pastTotal
        case quadraticTotal
        case threshold
    }

    /// - Parameter capacities: one for each seed, at least one.
    public init(name: String, memoryQubits: Int, featureCount: Int, _ capacities: [MemoryCapacity]) {
        self.name = name
        self.memoryQubits = memoryQubits
        self.featureCount = featureCount
        linear = capacities[0].linear.indices.map { lag in SeedStatistics(capacities.map { $0.linear[lag] }) }
        linearTotal = SeedStatistics(capacities.map(\.linearTotal))
        pastTotal = SeedStatistics(capacities.map(\.pastTotal))
        quadraticTotal = SeedStatistics(capacities.map(\.quadraticTotal))
        threshold = capacities[0].threshold
    }
}
