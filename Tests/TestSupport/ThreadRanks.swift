import Foundation
import KernelTasks
import Ranks

/// Threads of one process as ranks.
package struct ThreadRanks: RankGroup {
    package let rank: Int
    package let count: Int
    private let table: Table

    /// Runs the body as each of so many ranks; what it returns, in their order.
    package static func run<Result: Sendable>(
        _ count: Int, _ body: @escaping @Sendable (ThreadRanks) throws -> Result
    ) throws -> [Result] {
        let (table, results) = (Table(count), Results<Result>(count))
        let threads = (0..<count).map { rank in
            let thread = Thread {
                results.set(
                    rank, Swift.Result { try body(ThreadRanks(rank: rank, count: count, table: table)) })
            }
            thread.stackSize = 1 << 24
            thread.start()
            return thread
        }
        withExtendedLifetime(threads) { results.wait() }
        return try results.all.map { try $0.get() }
    }

    package func sum(_ terms: MutableBufferView<Int64>) throws(RankError) {
        let all = table.exchange(rank, terms.view.array)
        for index in terms.indices { terms[index] = all.reduce(0) { $0 &+ $1[index] } }
    }

    package func broadcast(_ bytes: [UInt8]) throws(RankError) -> [UInt8] {
        table.exchange(rank, bytes.map { Int64($0) })[0].map { UInt8($0) }
    }

    package func gather(_ bytes: [UInt8]) throws(RankError) -> [[UInt8]] {
        table.exchange(rank, bytes.map { Int64($0) }).map { $0.map { UInt8($0) } }
    }
}

/// Where ranks lay down what they have, and take up what all have.
private final class Table: @unchecked Sendable {
    // All under the condition's lock.
    private let condition = NSCondition()
    private var laid: [[Int64]]
    private var published: [[Int64]] = []
    private var arrived = 0
    private var round = 0

    init(_ count: Int) { laid = Array(repeating: [], count: count) }

    func exchange(_ rank: Int, _ terms: [Int64]) -> [[Int64]] {
        condition.lock()
        defer { condition.unlock() }
        laid[rank] = terms
        arrived += 1
        if arrived == laid.count {
            (published, arrived, round) = (laid, 0, round + 1)
            condition.broadcast()
        } else {
            let own = round
            while round == own { condition.wait() }
        }
        return published
    }
}

private final class Results<Value>: @unchecked Sendable {
    // All under the condition's lock.
    private let condition = NSCondition()
    private var results: [Result<Value, any Error>?]

    init(_ count: Int) { results = Array(repeating: nil, count: count) }

    var all: [Result<Value, any Error>] { results.compactMap(\.self) }

    func set(_ rank: Int, _ result: Result<Value, any Error>) {
        condition.lock()
        results[rank] = result
        condition.broadcast()
        condition.unlock()
    }

    func wait() {
        condition.lock()
        while results.contains(where: { $0 == nil }) { condition.wait() }
        condition.unlock()
    }
}
