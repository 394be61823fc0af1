import Compute
import Dispatch

/// The samples of a batch, made ready on a thread of its own while something else goes on.
///
/// Sound to share: the result is written by one thread before the group is left, and read after it was waited for.
final class BatchAhead<Batch: Sendable>: @unchecked Sendable {
    private let group = DispatchGroup()
    private var result: Result<Batch, any Error>?

    /// - Parameter parallelism: with one thread, nothing goes on beside it: the batch is made at once.
    init(_ parallelism: Parallelism, _ make: @escaping @Sendable () throws -> Batch) {
        guard parallelism.threadCount > 1 else {
            result = Result(catching: make)
            return
        }
        DispatchQueue.global(qos: .userInitiated).async(group: group) {
            self.result = Result(catching: make)
        }
    }

    /// Waits for the batch.
    ///
    /// - Throws: what the source throws.
    func take() throws -> Batch {
        group.wait()
        guard let result else { preconditionFailure("the group is left once the batch is there") }
        return try result.get()
    }
}
