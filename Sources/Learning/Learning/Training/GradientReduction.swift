import Compute

/// Where the gradients of several machines come together, each of which trains on a share of every batch.
///
/// Every part of a gradient goes through here before it is clipped and before the optimiser sees it, part after part in the same
/// order everywhere: the weights of each projection that is trained, the angles of each population, the objective's own numbers.
/// Without a reduction nothing is kept for it: gradients are applied as they arrive.
public protocol GradientReduction: Sendable {
    /// Puts the sum over all machines, or their mean, in the place of one's own part.
    func reduce(_ gradient: MutableBufferView<Float>) throws
}
