/// What `sqsnn bench events` measures.
public enum EventWork: String, Sendable, Hashable, Codable, CaseIterable {
    // Readers, each of the same events in a file of its own.
    case aedat2 = "aedat-2"
    case atis, prophesee, npy, npz
    case aedat4 = "aedat-4"
    case aedat4LZ4 = "aedat-4-lz4"
    case aedat4Zstd = "aedat-4-zstd"
    /// Three transforms one after the other, on events in memory.
    case transforms
    /// 20 steps of a recording in memory.
    case binning

    /// What a build with or without the package trait AEDAT4 can do.
    public static let available = allCases.filter { work in
        #if AEDAT4
            true
        #else
            work != .aedat4LZ4 && work != .aedat4Zstd
        #endif
    }

    /// The name of its recording; nil of work on events in memory.
    var fileName: String? {
        switch self {
        case .aedat2: "events.aedat"
        case .atis: "events.bin"
        case .prophesee: "events.dat"
        case .npy, .npz: "events.\(rawValue)"
        case .aedat4, .aedat4LZ4, .aedat4Zstd: "\(rawValue).aedat4"
        case .transforms, .binning: nil
        }
    }

    /// Events a second and core.
    static let goal = Goal.ratePerThread(2e7)
}
