import Foundation

/// A limit on the spikes of a population, held in training by a penalty.
///
/// The penalty is ρ · max(0, S/B − 1) with S the batch's mean spikes a step: nothing within the budget; ρ is so large
/// that no gain in cross-entropy (at most log 2 from chance) pays for more than a tenth above it. The budget of an update
/// shrinks: it begins at what the untrained network fires, falls geometrically to B over the first half of the updates,
/// and stays there, so that a network can find a solution first and then has to make it cheaper.
struct SpikeBudget: Sendable {
    /// ρ
    private static let strength = 8.0
    /// The budget trained for is this share of the budget named: a batch's mean wavers.
    private static let margin = 0.97

    /// B, spikes of the population a step.
    let spikesPerStep: Double
    /// What the untrained network fires a step.
    private var initial: Double?

    init(spikesPerStep: Double) { self.spikesPerStep = spikesPerStep }

    /// ∂(penalty)/∂s of each spike of a batch.
    ///
    /// - Parameters:
    ///   - spikesPerStep: S of the batch.
    ///   - rowCount: trials × steps of the batch.
    ///   - progress: share of the updates done.
    mutating func slope(spikesPerStep found: Double, rowCount: Int, progress: Double) -> Double {
        let start = initial ?? found
        initial = start
        let goal = Self.margin * spikesPerStep
        let limit = start > goal ? start * pow(goal / start, min(2 * progress, 1)) : goal
        return found > limit ? Self.strength / (limit * Double(rowCount)) : 0
    }
}
