import Foundation

/// The readers of what comes from elsewhere, each with the bytes of one input.
///
/// HDF5 is not among them: its library crashes on hostile files, and therefore runs in a child process, which a fuzzer does not see.
enum FuzzedReader: String, CaseIterable, Sendable {
    // JSON documents
    case graph, circuit, trace, recipe, run, device, calibration, extrapolation
    // Files of a run
    case checkpoint, metrics, journal
    // Data sets
    case idx, gzip
    // Recordings, sounds, series
    case aedat2, aedat3, aedat4, atis, prophesee, npy, npz, gestures, wav
    case seriesTS = "series-ts"
    case seriesCSV = "series-csv"
    case seriesNPY = "series-npy"
    case seriesNPZ = "series-npz"
    /// What the bridge to Qiskit answers.
    case bridge

    /// Reads, and does with what was read what a command would first do.
    ///
    /// - Throws: what the reader throws.
    func read(_ bytes: [UInt8]) throws {
        switch self {
        case .graph: try ScratchFile.with(bytes) { try DocumentReaders.graph($0) }
        case .circuit: try ScratchFile.with(bytes) { try DocumentReaders.circuit($0) }
        case .trace: try ScratchFile.with(bytes) { try DocumentReaders.trace($0) }
        case .recipe: try ScratchFile.with(bytes) { try DocumentReaders.recipe($0) }
        case .run: try ScratchFile.with(bytes, name: "run.json") { try RunReaders.configuration($0) }
        case .device: try ScratchFile.with(bytes) { try DocumentReaders.device($0) }
        case .calibration: try DocumentReaders.calibration(bytes)
        case .extrapolation: try ScratchFile.with(bytes) { try DocumentReaders.extrapolation($0) }
        case .checkpoint: try RunReaders.checkpoint(bytes)
        case .metrics: try RunReaders.metrics(bytes)
        case .journal: try ScratchFile.with(RunReaders.checked(bytes)) { try RunReaders.journal($0) }
        case .idx: try ScratchFile.with(bytes) { try DatasetReaders.idx($0) }
        case .gzip: try ScratchFile.with(bytes) { try DatasetReaders.gzip($0) }
        case .aedat2: try ScratchFile.with(bytes) { try RecordingReaders.events($0, .aedat2) }
        case .aedat3: try ScratchFile.with(bytes) { try RecordingReaders.events($0, .aedat3) }
        case .aedat4: try ScratchFile.with(bytes) { try RecordingReaders.events($0, .aedat4) }
        case .atis: try ScratchFile.with(bytes) { try RecordingReaders.events($0, .atis) }
        case .prophesee: try ScratchFile.with(bytes) { try RecordingReaders.events($0, .prophesee) }
        case .npy: try ScratchFile.with(bytes) { try RecordingReaders.events($0, .npy) }
        case .npz: try ScratchFile.with(bytes) { try RecordingReaders.events($0, .npz) }
        case .gestures:
            try ScratchFile.with(bytes, name: "a_labels.csv") { try RecordingReaders.gestures($0) }
        case .wav: try ScratchFile.with(bytes) { try RecordingReaders.sound($0) }
        case .seriesTS: try ScratchFile.with(bytes, name: "a.ts") { try RecordingReaders.series($0) }
        case .seriesCSV: try ScratchFile.with(bytes, name: "a.csv") { try RecordingReaders.series($0) }
        case .seriesNPY: try ScratchFile.with(bytes, name: "a.npy") { try RecordingReaders.series($0) }
        case .seriesNPZ: try ScratchFile.with(bytes, name: "a.npz") { try RecordingReaders.series($0) }
        case .bridge: try RunReaders.bridge(bytes)
        }
    }
}

/// A folder with one file, for each input anew: in memory where the system has a place for that.
enum ScratchFile {
    private static let parent =
        FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()

    static func with(_ bytes: [UInt8], name: String = "input", _ body: (String) throws -> Void) throws {
        // Tests read several inputs at a time.
        let folder = "\(parent)/sqsnn-fuzz-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Data(bytes).write(to: URL(filePath: "\(folder)/\(name)"))
        try body("\(folder)/\(name)")
    }
}
