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
        case .inferenceBatch: try InferenceBatchScenario(workload)
        case .inferenceSingle: try InferenceSingleScenario(workload)
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
            // Rows of one tile: weights of all inputs, or errors of the samples and steps that are added at a time.
            roofline.level(ofBytes: CurrentSums.workingSetBytes(workload, of: self))?.random.allThreads
        case .optimizer:
            // An addition of the limit loads one number. Written numbers are counted like loaded ones.
            roofline.level(ofBytes: OptimizerScenario.workingSetBytes(workload)).map {
                let bytesPerSecond = $0.sequential.allThreads * Double(MemoryLayout<Float>.size)
                return bytesPerSecond / Double(OptimizerScenario.bytesPerParameter)
            }
        case .loadData, .encode, .neuronStep, .neuronAdjoint, .trainingStep, .epoch, .inferenceBatch,
            .inferenceSingle:
            nil
        }
    }
}
