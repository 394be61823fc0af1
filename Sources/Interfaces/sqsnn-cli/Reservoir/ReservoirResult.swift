import Reservoirs

/// One model's error or accuracy, as JSON has it.
struct ReservoirResult: Encodable {
    let name: String
    let memoryQubits: Int
    let features: Int
    let settings: ReservoirSettings
    /// Of tasks whose measure is an error.
    var error: SeedStatistics?
    /// Of those whose measure is an accuracy.
    var accuracy: SeedStatistics?

    /// - Parameter isAccuracy: whether the values are accuracies, and not errors.
    init(_ measured: ReservoirOptions.Measured<Double>, isAccuracy: Bool = false) {
        name = measured.neuron.name
        memoryQubits = measured.neuron.model.memoryQubits
        features = measured.featureCount
        settings = measured.settings
        let statistics = SeedStatistics(measured.values)
        (error, accuracy) = isAccuracy ? (nil, statistics) : (statistics, nil)
    }
}
