import Glibc

/// A limit on the spikes of a population, held in training by a price on spikes.
///
/// The loss gets the term μ · S/B, with S the batch's mean spikes a step and B the limit. The price μ follows the excess
/// e = S/B − 1 (kept within ±1): μ = max(0, Σ 0.02 e + e), the sum over all updates so far and never below 0; it settles
/// where the limit holds. The limit shrinks: it begins at what the untrained network fires, falls geometrically to the
/// budget over the first half of the updates, and stays there, so that a network can find a solution first and then has
/// to make it cheaper.
struct SpikeBudget: Sendable {
    /// How fast the price follows the excess.
    private static let rate = 0.02
    /// The limit at the end is this share of the budget: a batch's mean wavers.
    private static let margin = 0.95

    /// The budget, spikes of the population a step.
    let spikesPerStep: Double
    /// What the untrained network fires a step.
    private var initial: Double?
    private var price = 0.0

    init(spikesPerStep: Double) { self.spikesPerStep = spikesPerStep }

    /// ∂(μ · S/B)/∂s of each spike of a batch.
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
        let excess = min(max(found / limit - 1, -1), 1)
        price = max(price + Self.rate * excess, 0)
        return max(price + excess, 0) / (limit * Double(rowCount))
    }
}
