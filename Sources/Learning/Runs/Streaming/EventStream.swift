import Dispatch
import Compute
import EventRecordings
import Files
import Glibc
import Learning
import SpikeDatasets
import Synchronization

/// A trained network that follows a stream of events: a file, or a pipe as they come.
///
/// One thread reads events, takes them through the transforms of the run, and makes steps of them; another one, which calls
/// ``run(isStopped:each:)``, lets the network take the steps. Where the network is slower than the events, the reader waits, and with it whoever
/// writes into the pipe; no event is lost. With ``Settings/liveLimit`` it does not wait: steps that are over when so many are waiting already
/// are dropped as a whole, and counted.
public struct EventStream: Sendable {
    public struct Settings: Sendable {
        /// The file, or `-` for standard input.
        public var path: String
        /// Nil for what its first bytes and its name say.
        public var format: EventFormat?
        /// What a step is; nil for the span of time that the run was trained with.
        public var length: EventStepper.Length?
        /// Whether events come at their times, as from a camera, rather than as fast as they can be read.
        public var isPaced = false
        /// Steps that may wait before others are dropped; nil to drop none.
        public var liveLimit: Int?
        /// As of `StreamedClassifier/init(_:window:seed:sample:)`.
        public var window: Int?
        public var seed: UInt64?
        public var sample = 0

        public init(path: String) { self.path = path }
    }

    /// A step and what the network says after it.
    public struct Answer: Sendable {
        public let step: EventStepper.Step
        public let decision: StreamedClassifier.Decision
    }

    /// What became of a stream.
    public struct Outcome: Sendable {
        /// Steps that the network took.
        public internal(set) var stepCount = 0
        /// Events of these steps.
        public internal(set) var eventCount = 0
        /// Events that were read.
        public internal(set) var readCount = 0
        /// Events that came after their step was over.
        public internal(set) var lateCount = 0
        /// Steps that were dropped, and their events.
        public internal(set) var droppedSteps = 0
        public internal(set) var droppedEvents = 0
        /// From the beginning to the end, in seconds.
        public internal(set) var seconds = 0.0
        /// What ended it, where it is not the end of the events.
        public internal(set) var error: (any Error)?
        var latencies = LatencyRecord()

        /// From the arrival of the event that ended a step, the first one after a span or the last one of a number, until the answer was
        /// given, in milliseconds: of half the steps no longer.
        public var medianLatency: Double { latencies.quantile(0.5) }
        /// Of 99 % of the steps no longer.
        public var highLatency: Double { latencies.quantile(0.99) }
        public var worstLatency: Double { latencies.worst.milliseconds }
    }

    public static let liveLimits = 1...10_000

    /// Names of the classes.
    public let classNames: [String]
    /// What a step is.
    public let length: EventStepper.Length
    /// Steps that a decision is made from.
    public let window: Int
    private let settings: Settings
    private let trainer: Trainer
    private let sensor: EventSensor
    private let transforms: EventPipeline

    /// - Throws: ``RunError/noStepLength(_:bins:)``, ``RunError/notSpiking(_:model:)``, `DatasetError` of a run on images, `LearningError`
    ///   of a network that is not read by rates; what reading the folder throws.
    public init(_ folder: RunFolder, _ settings: Settings) throws {
        let input = try folder.configuration().input ?? EventInput()
        let (trainer, entry) = try folder.trainedNetwork(threads: 1)
        sensor = try entry.eventSensor(input)
        switch (settings.length, input.bins) {
        case (let length?, _): self.length = length
        case (nil, .span(let span)): length = .span(span)
        case (nil, let bins): throw RunError.noStepLength(folder.path, bins: "\(bins)")
        }
        window = try StreamedClassifier(trainer, window: settings.window).window
        classNames = entry.classNames
        (self.settings, self.trainer, transforms) = (settings, trainer, input.transforms)
    }

    private struct Arrived: Sendable {
        let step: EventStepper.Step
        let time: ContinuousClock.Instant
    }

    /// What the reading thread tells, beside steps.
    private final class Counts: Sendable {
        let read = Atomic(0)
        let late = Atomic(0)
        let droppedSteps = Atomic(0)
        let droppedEvents = Atomic(0)
        let isStopped = Atomic(false)
    }

    /// Follows the stream to its end.
    ///
    /// - Parameters:
    ///   - isStopped: asked between steps, ten times a second at least; a thread that waits for events then ends with the next one.
    ///   - each: is told every answer; the time that it takes counts.
    public func run(isStopped: () -> Bool = { false }, each: (Answer) throws -> Void) -> Outcome {
        var outcome = Outcome()
        let start = ContinuousClock.now
        let counts = Counts()
        do {
            try follow(counts, &outcome, isStopped, each)
        } catch {
            outcome.error = error
        }
        counts.isStopped.store(true, ordering: .relaxed)
        outcome.seconds = start.duration(to: .now).milliseconds / 1000
        outcome.readCount = counts.read.load(ordering: .relaxed)
        outcome.lateCount = counts.late.load(ordering: .relaxed)
        outcome.droppedSteps = counts.droppedSteps.load(ordering: .relaxed)
        outcome.droppedEvents = counts.droppedEvents.load(ordering: .relaxed)
        return outcome
    }

    private func follow(
        _ counts: Counts, _ outcome: inout Outcome, _ isStopped: () -> Bool, _ each: (Answer) throws -> Void
    ) throws {
        let classifier = try StreamedClassifier(
            trainer, window: window, seed: settings.seed, sample: settings.sample)
        let queue = StepQueue<Arrived>(capacity: settings.liveLimit ?? 1)
        DispatchQueue(label: "reader").async { [self] in
            do {
                try read(into: queue, counts)
                queue.end()
            } catch {
                queue.end(error)
            }
        }
        while !isStopped() {
            switch queue.take(within: 100) {
            case .nothing: continue
            case .end(let error):
                if let error { throw error }
                return
            case .element(let arrived):
                let decision = try classifier.step(arrived.step.inputs)
                try each(Answer(step: arrived.step, decision: decision))
                outcome.latencies.add(arrived.time.duration(to: .now))
                outcome.stepCount += 1
                outcome.eventCount += arrived.step.eventCount
            }
        }
    }

    private func read(into queue: StepQueue<Arrived>, _ counts: Counts) throws {
        var (_, reader) = try EventFile.open(settings.path, format: settings.format, sensor: sensor)
        // Nothing is by chance here: training refuses such transforms.
        var filter = try transforms.filter(sensor, random: RandomStream(seed: 0, purpose: .augmentation))
        var stepper = EventStepper(
            length, sensor: filter.sensor, separatesPolarities: transforms.separatesPolarities)
        func pass(_ step: EventStepper.Step) {
            let arrived = Arrived(step: step, time: .now)
            if settings.liveLimit == nil {
                queue.put(arrived)
            } else if !queue.offer(arrived) {
                counts.droppedSteps.add(1, ordering: .relaxed)
                counts.droppedEvents.add(step.eventCount, ordering: .relaxed)
            }
        }
        var pace: (start: ContinuousClock.Instant, first: Int64)?
        var events: [Event] = []
        while !counts.isStopped.load(ordering: .relaxed) {
            // One at a time, for a reader of more would wait for them.
            events.removeAll(keepingCapacity: true)
            try reader.read(1, into: &events)
            guard var event = events.first else { break }
            if settings.isPaced {
                let (start, first) = pace ?? (.now, event.time)
                pace = (start, first)
                let wait = ContinuousClock.now.duration(to: start + .microseconds(event.time &- first))
                wait.pause()
            }
            counts.read.add(1, ordering: .relaxed)
            guard filter.passes(&event) else { continue }
            try stepper.take(event, pass)
            counts.late.store(stepper.lateCount, ordering: .relaxed)
        }
        if let last = stepper.finish() { pass(last) }
    }
}
