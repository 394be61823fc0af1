import Learning
import Networks

/// A linear read-out whose loss has a price on spikes, which holds them within a budget.
///
/// The price follows the updates; a trainer's copy has it, a checkpoint file has not.
struct BudgetedReadout: Objective {
    private var readout: LinearReadout
    private var budget: SpikeBudget
    private let updateTotal: Int
    private var updateCount = 0

    /// - Parameter updateTotal: updates of the whole training.
    init(_ readout: LinearReadout, _ budget: SpikeBudget, updateTotal: Int) {
        self.readout = readout
        self.budget = budget
        self.updateTotal = updateTotal
    }

    var trainedValues: TrainedValues? {
        get { readout.trainedValues }
        set { readout.trainedValues = newValue }
    }

    func problem(of targets: TargetShape, stepCount: Int, graph: NetworkGraph) -> String? {
        readout.problem(of: targets, stepCount: stepCount, graph: graph)
    }

    func judge(_ outputs: OutputActivity, _ targets: Targets) -> Judgement { readout.judge(outputs, targets) }

    mutating func learn(_ outputs: OutputActivity, _ targets: Targets) -> (Judgement, OutputErrors) {
        let (judgement, errors) = readout.learn(outputs, targets)
        let rowCount = outputs.spikes.rowCount
        let slope = budget.slope(
            spikesPerStep: Double(outputs.spikes.spikeCount) / Double(rowCount), rowCount: rowCount,
            progress: Double(updateCount) / Double(updateTotal))
        updateCount += 1
        guard slope != 0, case .perStep(var values) = errors else { return (judgement, errors) }
        for index in values.indices { values[index] += Float(slope) }
        return (judgement, .perStep(values))
    }
}
