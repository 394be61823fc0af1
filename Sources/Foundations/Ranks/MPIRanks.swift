import Files
import Glibc
import KernelTasks

#if MPI
    import CMPI
#endif

/// The ranks that `mpirun` or `srun` has started.
public struct MPIRanks: RankGroup {
    public let rank: Int
    public let count: Int

    /// Joins the other processes, where a launcher has started several; nil where this is the only one.
    ///
    /// - Throws: ``RankError/builtWithoutMPI(rankCount:)``, ``RankError/communication(_:)``.
    public static func launched() throws(RankError) -> MPIRanks? {
        guard let count = launchedCount, count > 1 else { return nil }
        #if MPI
            try check(mpiStart())
            // Ranks that left without it would be taken for failed ones.
            atexit { MPI_Finalize() }
            let ranks = MPIRanks(rank: Int(mpiRank()), count: Int(mpiCount()))
            return ranks.count > 1 ? ranks : nil
        #else
            throw .builtWithoutMPI(rankCount: count)
        #endif
    }

    /// The library's name and version; nil where the program was built without it.
    public static var libraryVersion: String? {
        #if MPI
            var text = [CChar](repeating: 0, count: Int(mpiVersionSize()))
            mpiVersion(&text)
            // Some libraries tell their lives.
            let line = text.prefix { $0 != 0 && $0 != 10 && $0 != 44 }
            return String(decoding: line.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        #else
            return nil
        #endif
    }

    /// Ends the processes of all ranks, if this one has joined others.
    public static func abort(code: Int32) {
        #if MPI
            if mpiIsRunning() != 0 { mpiAbort(code) }
        #endif
    }

    /// Ranks of one's own machine, as far as the launcher tells.
    public static var countOfMachine: Int {
        max(1, number(of: ["OMPI_COMM_WORLD_LOCAL_SIZE", "MPI_LOCALNRANKS"]) ?? 1)
    }

    /// As the launchers of Open MPI, MPICH and Slurm with PMI say.
    private static var launchedCount: Int? { number(of: ["OMPI_COMM_WORLD_SIZE", "PMI_SIZE"]) }

    private static func number(of variables: [String]) -> Int? {
        variables.lazy.compactMap { getenv($0) }.compactMap { Int(String(cString: $0)) }.first
    }

    public func sum(_ terms: MutableBufferView<Int64>) throws(RankError) {
        #if MPI
            // Counts of MPI have 31 bits.
            let most = 1 << 28
            var first = 0
            while first < terms.count {
                let part = terms[first..<min(first + most, terms.count)]
                try Self.check(mpiSum(part.pointer, Int32(part.count)))
                first += most
            }
        #endif
    }

    public func broadcast(_ bytes: [UInt8]) throws(RankError) -> [UInt8] {
        #if MPI
            var size = Int64(bytes.count)
            try Self.check(mpiBroadcast(&size, 8))
            guard size <= Int32.max else {
                throw .communication("found \(size) bytes to hand out at once, expected less than 2 GiB")
            }
            var copy = isFirst ? bytes : [UInt8](repeating: 0, count: Int(size))
            try Self.check(mpiBroadcast(&copy, Int32(size)))
            return copy
        #else
            return bytes
        #endif
    }

    public func gather(_ bytes: [UInt8]) throws(RankError) -> [[UInt8]] {
        #if MPI
            var own = Int32(bytes.count)
            var counts = [Int32](repeating: 0, count: count)
            try Self.check(mpiGatherCounts(&own, &counts))
            var places: [Int32] = []
            var total: Int32 = 0
            for count in counts {
                places.append(total)
                total += count
            }
            var all = [UInt8](repeating: 0, count: Int(total))
            try Self.check(mpiGather(bytes, own, &all, counts, places))
            return zip(places, counts).map { Array(all[Int($0)..<Int($0 + $1)]) }
        #else
            return [bytes]
        #endif
    }

    #if MPI
        private static func check(_ error: Int32) throws(RankError) {
            guard error != MPI_SUCCESS else { return }
            var text = [CChar](repeating: 0, count: Int(mpiTextSize()))
            mpiText(error, &text)
            throw .communication(
                String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
        }
    #endif
}
