import Compute
import Foundation
import Testing

@testable import Benchmarks

/// The levels that this processor has.
private let levels = InstructionSet.allCases.filter { $0 <= .best }

struct RooflineTests {
    @Test("rows are added in the order given, at every level", arguments: levels)
    func rowStream(level: InstructionSet) {
        let rowCount = 7
        // Whole numbers, whose sums are exact in any order.
        let rows = AlignedBuffer((0..<rowCount * tileWidth).map { Float($0 % 101) })
        // An odd count, with a row that comes twice and one that does not come.
        let order: [UInt32] = [6, 0, 3, 3, 1, 2, 5]
        var sums = AlignedBuffer<Float>(repeating: 10, count: tileWidth)
        let list = AlignedBuffer(order)
        withExtendedLifetime((rows, list)) {
            level.kernels.addRowStream(
                RowStreamTask(
                    rows: rows.base, order: list.base, count: order.count, sums: sums.mutableBase()))
        }
        let expected = (0..<tileWidth).map { lane in
            order.reduce(10) { $0 + rows[Int($1) * tileWidth + lane] }
        }
        #expect(sums.array == expected)
    }

    /// More rows than sixteen bits add up, of the largest numbers.
    @Test("rows in fixed point are added exactly, at every level", arguments: levels)
    func fixedRowStream(level: InstructionSet) {
        let rows = AlignedBuffer((0..<2 * tileWidth).map { $0 % 2 == 0 ? Int16(2047) : -2047 })
        let order = AlignedBuffer((0..<37).map { UInt32($0 % 2) })
        var sums = AlignedBuffer<Int32>(repeating: 10, count: tileWidth)
        withExtendedLifetime((rows, order)) {
            level.kernels.addRowStream(
                RowStreamTask(
                    rows: rows.base, order: order.base, count: order.count, sums: sums.mutableBase()))
        }
        // Pairs of neighbours lie sixteen columns apart.
        let expected = (0..<tileWidth).map { $0 % 32 < 16 ? Int32(10 + 37 * 2047) : 10 - 37 * 2047 }
        #expect(sums.array == expected)
    }

    @Test("the additions counted are the additions done, at every level", arguments: levels)
    func registers(level: InstructionSet) {
        var sums = AlignedBuffer<Float>(repeating: 0, count: RegisterAdditionTask.sumCount)
        let count = level.kernels.addRegisters(
            RegisterAdditionTask(roundCount: 1000, sums: sums.mutableBase()))
        // Each addition adds 2⁻²⁰, exactly: 1000 of them need ten bits.
        #expect(sums.array.reduce(0, +) == Float(count) * 0x1p-20)
        #expect(count >= 1000 * 32)
    }

    @Test("each element of the three arrays is changed once, at every level", arguments: levels)
    func streams(level: InstructionSet) {
        var arrays = (0..<3).map { AlignedBuffer(repeating: Float($0), count: 48) }
        // All but the last block of 16, which must stay as it is.
        level.kernels.updateStreams(
            StreamUpdateTask(
                first: arrays[0].mutableBase(), second: arrays[1].mutableBase(),
                third: arrays[2].mutableBase(), count: 32))
        for (index, array) in arrays.enumerated() {
            let value = Float(index)
            #expect(
                array.array == Array(repeating: value + 0x1p-20, count: 32)
                    + Array(repeating: value, count: 16))
        }
    }

    @Test("a working set lies in the first level that holds it")
    func levelOfBytes() {
        func level(_ name: String, _ bytes: Int) -> Roofline.Level {
            let rate = Roofline.Rate(oneThread: 1, allThreads: 2)
            return Roofline.Level(
                name: name, workingSetBytes: bytes, random: rate, sequential: rate, randomFixed: rate)
        }
        let roofline = Roofline(
            registers: Roofline.Rate(oneThread: 1, allThreads: 2),
            levels: [level("L1", 100), level("L2", 1000), level("DRAM", 10_000)],
            streams: Roofline.Rate(oneThread: 1, allThreads: 2))
        #expect(roofline.level(ofBytes: 100)?.name == "L1")
        #expect(roofline.level(ofBytes: 101)?.name == "L2")
        #expect(roofline.level(ofBytes: 1_000_000)?.name == "DRAM")
    }

    @Test("cache sizes are read as Linux writes them; instruction caches do not count")
    func cacheSizes() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "sqsnn-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        // As in /sys/devices/system/cpu/cpu0/cache of a server.
        let caches = [
            ("1", "Data", "48K"), ("1", "Instruction", "64K"), ("2", "Unified", "2048K"),
            ("3", "Unified", "36M"),
        ]
        for (index, (level, type, size)) in caches.enumerated() {
            let cache = folder.appending(path: "index\(index)")
            try FileManager.default.createDirectory(at: cache, withIntermediateDirectories: true)
            for (name, text) in [("level", level), ("type", type), ("size", size)] {
                try Data("\(text)\n".utf8).write(to: cache.appending(path: name))
            }
        }
        #expect(
            CacheSizes(folder: folder.path)
                == CacheSizes(first: 48 << 10, second: 2 << 20, last: 36 << 20))
        #expect(CacheSizes(folder: "/nowhere") == nil)
    }
}
