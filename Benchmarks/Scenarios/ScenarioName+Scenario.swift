import SpikeDatasets

extension ScenarioName {
    /// The scenario on a workload.
    func scenario(_ workload: Workload) async throws -> any Scenario {
        switch self {
        case .loadData: LoadingScenario()
        case .encode: EncodingScenario(workload)
        case .currentsForward: try CurrentsForwardScenario(workload)
        case .currentsBackward: try CurrentsBackwardScenario(workload)
        case .neuronStep: try NeuronStepScenario(workload)
        case .neuronAdjoint: try NeuronAdjointScenario(workload)
        case .optimizer: try OptimizerScenario(workload)
        case .trainingStep: try TrainingStepScenario(workload)
        case .epoch:
            try EpochScenario(
                workload, images: try await DatasetCatalog.loadImages(LoadingScenario.dataset).train)
        case .inferenceBatch: try InferenceScenario(workload)
        case .inferenceSingle: try StreamScenario(workload)
        }
    }

    /// Why the scenario cannot run here, nil if it can.
    var obstacle: String? {
        guard self == .loadData || self == .epoch else { return nil }
        let entry = try? DatasetCatalog.entry(named: LoadingScenario.dataset)
        return entry?.folder() == nil
            ? "\(LoadingScenario.dataset) is not here; sqsnn data fetch \(LoadingScenario.dataset)" : nil
    }

    /// Units a second that the machine allows on all threads of a workload; nil where no measured limit applies.
    func limit(_ workload: Workload, roofline: Roofline) -> Double? {
        switch self {
        case .currentsForward, .currentsBackward:
            roofline.level(
                ofBytes: SynapsePasses.workingSetBytes(workload, isForward: self == .currentsForward)
            ).map { workload.precision == .fixed16 ? $0.randomFixed : $0.random }?.allThreads
        case .optimizer:
            roofline.streams.allThreads
        case .loadData, .encode, .neuronStep, .neuronAdjoint, .trainingStep, .epoch, .inferenceBatch,
            .inferenceSingle:
            nil
        }
    }
}
