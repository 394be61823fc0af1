import Compute
import EventRecordings

/// A recording from its file, piece by piece.
struct EventReadingScenario: Scenario {
    let path: String
    private(set) var work = 0.0

    init(path: String) { self.path = path }

    mutating func run() throws {
        var (count, reader) = (0, try EventFile.open(path).reader)
        try reader.forEachPiece { count += $0.count }
        work = Double(count)
    }
}

/// A recording in memory through filters.
struct EventTransformScenario: Scenario {
    let recording: EventRecording
    private let pipeline: EventPipeline
    private var events: [Event] = []

    init(_ recording: EventRecording) throws {
        self.recording = recording
        pipeline = try EventPipeline(["crop=112x112", "downsample=2", "refractory=1ms"])
    }

    var work: Double { Double(recording.events.count) }

    mutating func prepare(repetition: Int) { events = recording.events }

    mutating func run() throws {
        var filter = try pipeline.filter(
            recording.sensor, random: RandomStream(seed: 0, purpose: .augmentation))
        filter.apply(to: &events)
    }
}

/// A recording in memory as steps.
struct EventBinningScenario: Scenario {
    let recording: EventRecording
    private(set) var spikeCount = 0

    init(_ recording: EventRecording) { self.recording = recording }

    var work: Double { Double(recording.events.count) }

    mutating func run() {
        let bins = EventBinning(stepCount: 20, division: .time).bins(recording.events, recording.sensor)
        spikeCount = bins.inputs.count
    }
}
