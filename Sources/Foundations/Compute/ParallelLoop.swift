import Dispatch
import Synchronization

/// How many threads share out the tiles of a loop.
public struct Parallelism: Sendable, Hashable {
    public let threadCount: Int

    public init(threadCount: Int) {
        precondition(threadCount > 0)
        self.threadCount = threadCount
    }

    /// Runs `body(index, thread)` for every index of `0 ..< count`, each once, in any order.
    ///
    /// `thread` is below ``threadCount`` and names working memory that no other call uses at the same
    /// time. Results must not depend on it, nor on the order: threads share out results, never the terms
    /// of a sum.
    public func forEach(_ count: Int, _ body: @Sendable (_ index: Int, _ thread: Int) -> Void) {
        let workers = min(threadCount, count)
        if workers <= 1 {
            for index in 0..<count { body(index, 0) }
            return
        }
        let next = Atomic<Int>(0)
        DispatchQueue.concurrentPerform(iterations: workers) { thread in
            while true {
                let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                if index >= count { return }
                body(index, thread)
            }
        }
    }
}

extension Parallelism {
    /// What `body(index, thread)` gives for every index of `0 ..< count`, in their order.
    public func map<Result: Sendable>(
        _ count: Int, _ body: @Sendable (_ index: Int, _ thread: Int) -> Result
    ) -> [Result] {
        let results = Mutex([Result?](repeating: nil, count: count))
        forEach(count) { index, thread in
            let result = body(index, thread)
            results.withLock { $0[index] = result }
        }
        return results.withLock { $0.compactMap(\.self) }
    }
}
