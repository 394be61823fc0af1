import KernelTasks

/// Processes that do one piece of work together, numbered from 0: the ranks of MPI, or threads that stand for them in tests.
///
/// Every call is made by all ranks, in the same order. Sums are of whole numbers, so that they are the same whatever the order
/// of the terms is.
public protocol RankGroup: Sendable {
    /// One's own number, below ``count``.
    var rank: Int { get }
    var count: Int { get }

    /// Puts the sum over all ranks in the place of each rank's own terms.
    ///
    /// - Throws: ``RankError/communication(_:)``.
    func sum(_ terms: MutableBufferView<Int64>) throws(RankError)

    /// What rank 0 has, at every rank.
    ///
    /// - Throws: ``RankError/communication(_:)``.
    func broadcast(_ bytes: [UInt8]) throws(RankError) -> [UInt8]

    /// What each rank has, in their order, at every rank.
    ///
    /// - Throws: ``RankError/communication(_:)``.
    func gather(_ bytes: [UInt8]) throws(RankError) -> [[UInt8]]
}

extension RankGroup {
    public var isFirst: Bool { rank == 0 }

    /// One's own of so many shares, neighbours; of fewer shares than ranks some have none.
    public func own(of shareCount: Int) -> Range<Int> {
        rank * shareCount / count..<(rank + 1) * shareCount / count
    }
}
