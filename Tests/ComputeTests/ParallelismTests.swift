import Compute
import Synchronization
import Testing

struct ParallelismTests {
    @Test("every index runs exactly once, on a thread that exists", arguments: 1...4, [0, 1, 2, 3, 7, 1000])
    func everyIndexOnce(threadCount: Int, count: Int) {
        let runs = Mutex([Int](repeating: 0, count: count))
        let threads = Mutex(Set<Int>())
        Parallelism(threadCount: threadCount).forEach(count) { index, thread in
            runs.withLock { $0[index] += 1 }
            threads.withLock { _ = $0.insert(thread) }
        }
        #expect(runs.withLock { $0 } == [Int](repeating: 1, count: count))
        #expect(threads.withLock { $0 }.isSubset(of: Set(0..<threadCount)))
    }

    @Test("no two bodies with the same thread number run at the same time", arguments: 2...4)
    func threadNumbersAreExclusive(threadCount: Int) {
        let busy = Mutex([Bool](repeating: false, count: threadCount))
        let collisions = Mutex(0)
        Parallelism(threadCount: threadCount).forEach(2000) { _, thread in
            let wasBusy = busy.withLock { state in
                defer { state[thread] = true }
                return state[thread]
            }
            if wasBusy { collisions.withLock { $0 += 1 } }
            busy.withLock { $0[thread] = false }
        }
        #expect(collisions.withLock { $0 } == 0)
    }
}
