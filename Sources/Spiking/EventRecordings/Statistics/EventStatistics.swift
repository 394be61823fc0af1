import Compute
import Files

/// What recordings of one kind have in common: by which a simulation is judged, or another sensor.
public struct EventStatistics: Sendable {
    /// Events a second.
    public let rate: Double
    /// Share of ON events.
    public let onShare: Double
    /// Distance between the columns, and rows, beyond which a tenth of the events lies on either side, pixels.
    public let width: Double
    public let height: Double
    /// Share of events whose pixel next has one of the same polarity.
    public let repetition: Double
    /// Pixels with more than three events.
    public let activePixelCount: Int
    /// Events a second and pixel in the rim of the sensor, an eighth of its width and height on each side.
    public let rimRate: Double
    /// Times between two events of a pixel, in ms, ascending.
    public let intervals: [Double]
    /// Events of the pixels that have some, ascending.
    public let pixelCounts: [Double]
    /// Columns and rows of the events, from their middle (median), ascending.
    public let columns: [Double]
    public let rows: [Double]

    /// nil of recordings without two events at different times.
    ///
    /// - Parameter path: of its file, which an error names.
    /// - Throws: ``EventError/tooManyPixels(path:_:)``.
    public init?(_ recording: EventRecording, path: String) throws(EventError) {
        let (events, sensor) = (recording.events, recording.sensor)
        guard sensor.hasTable else { throw .tooManyPixels(path: path, sensor) }
        guard let first = events.first?.time, let last = events.last?.time, last > first else { return nil }
        let seconds = Double(last - first) / 1e6
        rate = Double(events.count) / seconds
        onShare = Double(events.count { $0.isOn }) / Double(events.count)

        var latest = [Event?](repeating: nil, count: sensor.width * sensor.height)
        var counts = [Int](repeating: 0, count: latest.count)
        var (intervals, repeated) = ([Double](), 0)
        for event in events where sensor.contains(event) {
            let pixel = Int(event.y) * sensor.width + Int(event.x)
            if let before = latest[pixel] {
                intervals.append(Double(event.time - before.time) / 1e3)
                if before.isOn == event.isOn { repeated += 1 }
            }
            latest[pixel] = event
            counts[pixel] += 1
        }
        repetition = intervals.isEmpty ? 0 : Double(repeated) / Double(intervals.count)
        self.intervals = intervals.sorted()
        activePixelCount = counts.count { $0 > 3 }
        pixelCounts = counts.filter { $0 > 0 }.map(Double.init).sorted()

        let rim = SIMD2(sensor.width / 8, sensor.height / 8)
        let inner = (sensor.width - 2 * rim.x) * (sensor.height - 2 * rim.y)
        let rimEvents = events.count { event in
            let (x, y) = (Int(event.x), Int(event.y))
            return x < rim.x || x >= sensor.width - rim.x || y < rim.y || y >= sensor.height - rim.y
        }
        rimRate = Double(rimEvents) / seconds / Double(max(counts.count - inner, 1))

        let (xs, ys) = (events.map { Double($0.x) }.sorted(), events.map { Double($0.y) }.sorted())
        width = Self.middle(xs)
        height = Self.middle(ys)
        columns = Self.centred(xs)
        rows = Self.centred(ys)
    }

    /// How far the middle 80 % reach.
    private static func middle(_ sorted: [Double]) -> Double {
        SampleStatistics.quantile(ofSorted: sorted, 0.9) - SampleStatistics.quantile(ofSorted: sorted, 0.1)
    }

    private static func centred(_ sorted: [Double]) -> [Double] {
        let middle = SampleStatistics.quantile(ofSorted: sorted, 0.5)
        return sorted.map { $0 - middle }
    }
}

extension EventStatistics {
    /// Reads a recording, or those of a folder and the folders in it, but for ones without two events at different times.
    ///
    /// - Parameters:
    ///   - transforms: done to each first; those by chance are left out.
    ///   - limit: recordings at most, evenly from all of them.
    /// - Throws: ``EventError``, ``EventTransformError``.
    public static func reading(
        _ path: String, transforms: EventPipeline, limit: Int, parallelism: Parallelism
    ) throws -> [EventStatistics] {
        let names =
            Folder.exists(path)
            ? EventFolderSummary.files(in: path).recordings.map { "\(path)/\($0)" } : [path]
        let count = min(limit, names.count)
        let paths = (0..<count).map { names[$0 * names.count / count] }
        let statistics = try parallelism.map(paths.count) { index, _ in
            Result {
                var recording = try EventRecording(reading: paths[index])
                try transforms.withoutChance.apply(
                    to: &recording, of: paths[index], random: RandomStream(seed: 0, purpose: .augmentation))
                return try EventStatistics(recording, path: paths[index])
            }
        }.compactMap { try $0.get() }
        guard !statistics.isEmpty else { throw EventError.noRecordings(path: path) }
        return statistics
    }
}
