import Compute
import Glibc
import Networks

extension Roofline {
    /// Measures the machine with the vectors of the instruction set in use. Takes one or two seconds.
    ///
    /// - Parameter streamCount: elements of each of the three arrays of ``streams``.
    static func measure(
        threadCount: Int, streamCount: Int, caches: CacheSizes = .current
    ) -> Roofline {
        let bench = RowBench(caches: caches, threadCount: threadCount)
        let workingSets = [
            ("L1", caches.first / 2), ("L2", caches.second / 2), ("L3", caches.last / 2),
            ("DRAM", RowBench.largestWorkingSet(caches)),
        ]
        return Roofline(
            registers: Rate(
                oneThread: RegisterBench.rate(threadCount: 1),
                allThreads: RegisterBench.rate(threadCount: threadCount)),
            levels: workingSets.map { name, bytes in
                Level(
                    name: name, workingSetBytes: bytes, random: bench.rate(bytes: bytes, isRandom: true),
                    sequential: bench.rate(bytes: bytes, isRandom: false),
                    randomFixed: bench.rate(bytes: bytes, isRandom: true, precision: .fixed16))
            },
            streams: Rate(
                oneThread: StreamBench.rate(count: streamCount, threadCount: 1),
                allThreads: StreamBench.rate(count: streamCount, threadCount: threadCount)))
    }
}

/// The fastest of several rounds, each long enough that starting the threads costs nothing beside it.
///
/// - Parameter round: does its work `scale` times on each thread and returns how much all did.
private func bestRate(threadCount: Int, _ round: (_ scale: Int) -> Int) -> Double {
    let clock = ContinuousClock()
    func seconds(_ scale: Int) -> (work: Int, seconds: Double) {
        let start = clock.now
        let work = round(scale)
        return (work, (clock.now - start).inSeconds)
    }
    var scale = 1
    while seconds(scale).seconds < 0.004, scale < 1 << 30 { scale *= 2 }
    return (0..<12).reduce(0) { best, _ in
        let (work, spent) = seconds(scale)
        return max(best, Double(work) / spent)
    }
}

/// Additions without loads.
private enum RegisterBench {
    static func rate(threadCount: Int) -> Double {
        let kernels = InstructionSet.current.kernels
        let size = RegisterAdditionTask.sumCount
        var sums = AlignedBuffer((0..<size * threadCount).map(Float.init))
        let target = sums.mutableView()
        return bestRate(threadCount: threadCount) { scale in
            Parallelism(threadCount: threadCount).map(threadCount) { part, _ in
                kernels.addRegisters(
                    RegisterAdditionTask(
                        roundCount: 1000 * scale, sums: target.part(part, size: size).pointer))
            }.reduce(0, +)
        }
    }
}

/// Rows loaded and added, from working sets of any size up to the largest.
private struct RowBench {
    /// More than any cache, but not more than a small machine has to spare.
    private static let mostBytes = 512 << 20

    private let rows: AlignedBuffer<Float>
    private let threadCount: Int

    static func largestWorkingSet(_ caches: CacheSizes) -> Int { min(4 * caches.last, mostBytes) }

    init(caches: CacheSizes, threadCount: Int) {
        rows = AlignedBuffer(repeating: 1, count: Self.largestWorkingSet(caches) / MemoryLayout<Float>.size)
        self.threadCount = threadCount
    }

    func rate(bytes: Int, isRandom: Bool, precision: SumPrecision = .float32) -> Roofline.Rate {
        let rowCount = bytes / (tileWidth * precision.byteCount)
        // Small working sets are listed several times over, so that one call of the kernel does enough.
        var order = (0..<max(1, 1024 / rowCount)).flatMap { _ in (0..<rowCount).map(UInt32.init) }
        var random = RandomStream(seed: Workload.seed, purpose: .analysis).generator(sample: rowCount)
        if isRandom { order.shuffle(using: &random) }
        let list = AlignedBuffer(order)
        return Roofline.Rate(
            oneThread: rate(order: list, threads: 1, precision),
            allThreads: rate(order: list, threads: threadCount, precision))
    }

    private func rate(order: AlignedBuffer<UInt32>, threads: Int, _ precision: SumPrecision) -> Double {
        let kernels = InstructionSet.current.kernels
        let sums = WorkingBuffer<Float>(count: tileWidth * threads)
        let (source, list, listCount) = (rows.view, order.view, order.count)
        // A call adds `chunk` rows; each goes on in the list where the thread's last one ended, so that a large
        // working set is walked through and not its beginning again and again.
        let chunk = min(listCount, 1024)
        var starts = AlignedBuffer((0..<threads).map { $0 * (listCount / threads) })
        let positions = starts.mutableView()
        return bestRate(threadCount: threads) { scale in
            Parallelism(threadCount: threads).forEach(threads) { part, _ in
                for _ in 0..<scale {
                    if positions[part] + chunk > listCount { positions[part] = 0 }
                    let (order, target) = (list[positions[part]...], sums.part(part, size: tileWidth))
                    switch precision {
                    case .float32:
                        kernels.addRowStream(
                            RowStreamTask(
                                rows: source.pointer, order: order.pointer, count: chunk,
                                sums: target.pointer))
                    case .fixed16:
                        // What the bits mean does not matter here.
                        let rows = UnsafeRawPointer(source.pointer).assumingMemoryBound(to: Int16.self)
                        kernels.addRowStream(
                            RowStreamTask(
                                rows: rows, order: order.pointer, count: chunk,
                                sums: UnsafeMutableRawPointer(target.pointer)
                                    .assumingMemoryBound(to: Int32.self)))
                    }
                    positions[part] += chunk
                }
            }
            return scale * chunk * tileWidth * threads
        }
    }
}

/// Three arrays changed side by side, each thread its own part of them.
private enum StreamBench {
    static func rate(count: Int, threadCount: Int) -> Double {
        let kernels = InstructionSet.current.kernels
        let arrays = (0..<3).map { _ in WorkingBuffer<Float>(count: count) }
        let part = count / threadCount / 16 * 16
        return bestRate(threadCount: threadCount) { scale in
            Parallelism(threadCount: threadCount).forEach(threadCount) { index, _ in
                for _ in 0..<scale {
                    kernels.updateStreams(
                        StreamUpdateTask(
                            first: arrays[0].part(index, size: part).pointer,
                            second: arrays[1].part(index, size: part).pointer,
                            third: arrays[2].part(index, size: part).pointer, count: part))
                }
            }
            return scale * part * threadCount
        }
    }
}
