import Learning

/// The mean loss over each eighth of a training's updates: whether it had come to rest.
struct LossCurve {
    private static let partCount = 8

    /// nats an answer, as far as the training is.
    private(set) var means: [Double] = []
    private let updateCount: Int
    private var sumBefore = 0.0
    private var samplesBefore = 0

    init(updateCount: Int) { self.updateCount = updateCount }

    /// - Returns: true, to go on.
    mutating func add(_ progress: TrainingProgress) -> Bool {
        let end = (means.count + 1) * updateCount / Self.partCount
        guard progress.batch >= end || progress.batch == 0 else { return true }
        let sum = progress.loss * Double(progress.sampleCount)
        if progress.sampleCount > samplesBefore {
            means.append((sum - sumBefore) / Double(progress.sampleCount - samplesBefore))
        }
        (sumBefore, samplesBefore) = (sum, progress.sampleCount)
        return true
    }
}
