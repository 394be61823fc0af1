import Compute

/// The batches of an epoch, or of the rest of one that was interrupted; each is made ready while the one before it trains.
package struct EpochBatches<Batch: Sendable> {
    /// Batches of the whole epoch.
    package let count: Int
    private let order: [Int]
    private let batchSize: Int
    private let parallelism: Parallelism
    private let make: @Sendable ([Int]) throws -> Batch
    private var number: Int
    private var ahead: BatchAhead<Batch>?

    /// - Parameters:
    ///   - sampleCount: samples of the epoch, in random order where `isShuffled`.
    ///   - make: takes numbers of samples in the order wanted; called on another thread where there are several.
    package init(
        sampleCount: Int, isShuffled: Bool, plan: TrainingPlan, seed: UInt64, progress: TrainingProgress,
        parallelism: Parallelism, make: @escaping @Sendable ([Int]) throws -> Batch
    ) {
        var order = Array(0..<sampleCount)
        if isShuffled {
            var shuffling = RandomStream(seed: seed, purpose: .shuffle, epoch: progress.epoch).generator()
            order.shuffle(using: &shuffling)
        }
        self.order = order
        batchSize = plan.batchSize
        count = (sampleCount + batchSize - 1) / batchSize
        number = progress.batch
        self.parallelism = parallelism
        self.make = make
        ahead = begin()
    }

    /// Whether all batches were given out.
    package var isAtEnd: Bool { ahead == nil }

    /// The next batch, and the numbers of its samples.
    ///
    /// - Throws: what making it throws.
    package mutating func next() throws -> (batch: Batch, sampleIndices: [Int])? {
        guard let current = ahead else { return nil }
        let indices = samples(number)
        number += 1
        ahead = begin()
        return (try current.take(), indices)
    }

    private func begin() -> BatchAhead<Batch>? {
        guard number < count else { return nil }
        let indices = samples(number)
        return BatchAhead(parallelism) { [make] in try make(indices) }
    }

    private func samples(_ number: Int) -> [Int] {
        let first = number * batchSize
        return Array(order[first..<min(first + batchSize, order.count)])
    }
}
