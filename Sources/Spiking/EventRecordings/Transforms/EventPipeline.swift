import Compute
import Files

/// Transforms one after the other.
public struct EventPipeline: Sendable {
    public var transforms: [any EventTransform]

    public init(_ transforms: [any EventTransform] = []) { self.transforms = transforms }

    /// The transforms that texts can name.
    public static let kinds: [any EventTransform.Type] = [
        TimeWindow.self, Crop.self, Downsampling.self, Flip.self, PolaritySelection.self,
        RefractoryFilter.self,
        BackgroundFilter.self, RandomShift.self, RandomFlip.self, RandomLoss.self,
    ]

    /// - Parameter texts: as `crop=26x26+4+4`.
    /// - Throws: ``EventTransformError``.
    public init(_ texts: [String]) throws(EventTransformError) {
        transforms = []
        for text in texts { transforms.append(try Self.transform(text)) }
    }

    private static func transform(_ text: String) throws(EventTransformError) -> any EventTransform {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard let kind = kinds.first(where: { $0.name == parts[0] }) else {
            throw .unknown(String(parts[0]), known: kinds.map { $0.name })
        }
        guard parts.count == 2, let transform = kind.init(parts[1]) else {
            throw .value(text, expected: "\(kind.name)=\(kind.form)")
        }
        return transform
    }

    /// The texts of the transforms, which make the same ones.
    public var texts: [String] { transforms.map(\.description) }

    /// Whether ON and OFF events are told apart after it.
    public var separatesPolarities: Bool { !transforms.contains(where: \.leavesOnePolarity) }

    /// Whether what it does is decided by chance, so that it does something else in each epoch.
    public var isRandom: Bool { transforms.contains(where: \.isRandom) }

    /// The others alone.
    public var withoutChance: EventPipeline { EventPipeline(transforms.filter { !$0.isRandom }) }

    /// The sensor of the events that come out.
    ///
    /// - Throws: ``EventTransformError/sensor(_:_:)``, ``EventTransformError/tooManyPixels(_:_:)``.
    public func sensor(after sensor: EventSensor) throws(EventTransformError) -> EventSensor {
        var result = sensor
        for transform in transforms { result = try Self.sensor(transform, after: result) }
        return result
    }

    private static func sensor(
        _ transform: any EventTransform, after sensor: EventSensor
    ) throws(EventTransformError) -> EventSensor {
        guard !transform.remembersPixels || sensor.hasTable else {
            throw .tooManyPixels("\(transform)", sensor)
        }
        guard let result = transform.sensor(after: sensor) else { throw .sensor("\(transform)", sensor) }
        return result
    }

    /// Changes a whole recording.
    ///
    /// - Parameters:
    ///   - path: of its file, which errors then name.
    ///   - stream: as of ``filter(_:random:sample:)``.
    ///   - sample: likewise.
    /// - Throws: ``EventTransformError``.
    public func apply(
        to recording: inout EventRecording, of path: String? = nil, random stream: RandomStream,
        sample: Int = 0
    ) throws(EventTransformError) {
        do {
            var filter = try filter(recording.sensor, random: stream, sample: sample)
            filter.apply(to: &recording.events)
            recording.sensor = filter.sensor
        } catch {
            throw path.map { .recording($0, error) } ?? error
        }
    }

    /// The filters of one recording, as one.
    ///
    /// - Parameters:
    ///   - stream: of a run, purpose `augmentation`.
    ///   - sample: number of the recording; the address of its random numbers.
    /// - Throws: ``EventTransformError/sensor(_:_:)``, ``EventTransformError/tooManyPixels(_:_:)``.
    public func filter(
        _ sensor: EventSensor, random stream: RandomStream, sample: Int = 0
    ) throws(EventTransformError) -> EventFilterChain {
        var result = EventFilterChain(input: sensor, sensor: sensor)
        for (place, transform) in transforms.enumerated() {
            let input = result.sensor
            let output = try Self.sensor(transform, after: input)
            result.filters.append(
                transform.filter(input, random: stream.generator(sample: sample, step: place)))
            result.sensor = output
        }
        return result
    }
}

extension EventPipeline: Hashable {
    public static func == (first: EventPipeline, second: EventPipeline) -> Bool {
        first.texts == second.texts
    }
    public func hash(into hasher: inout Hasher) { hasher.combine(texts) }
}

extension EventPipeline: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let texts = try container.decode([String].self)
        do throws(EventTransformError) {
            try self.init(texts)
        } catch {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(error)")
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(texts)
    }
}

/// Filters one after the other. Events beside the sensor do not pass.
public struct EventFilterChain: EventFilter {
    /// Of the events that go in.
    public let input: EventSensor
    /// Of the events that come out.
    public fileprivate(set) var sensor: EventSensor
    fileprivate var filters: [any EventFilter] = []

    public mutating func passes(_ event: inout Event) -> Bool {
        guard input.contains(event) else { return false }
        for index in filters.indices where !filters[index].passes(&event) { return false }
        return true
    }

    public mutating func apply(to events: inout [Event]) {
        events.removeAll { !input.contains($0) }
        for index in filters.indices { filters[index].apply(to: &events) }
    }
}

/// What a transform cannot be.
public indirect enum EventTransformError: DescribedError, Equatable {
    case unknown(String, known: [String])
    case value(String, expected: String)
    /// A sensor of which nothing would be left.
    case sensor(String, EventSensor)
    /// A sensor with more pixels than a transform can remember.
    case tooManyPixels(String, EventSensor)
    /// What a transform cannot do with a recording.
    case recording(String, EventTransformError)

    public var category: ErrorCategory { .badInput }

    public var description: String {
        switch self {
        case .unknown(let name, let known):
            "transform '\(name)': expected one of \(known.joined(separator: ", "))"
                + spellingHint(name, among: known)
        case .value(let text, let expected): "transform '\(text)': expected \(expected)"
        case .sensor(let text, let sensor):
            "transform '\(text)': does not fit into \(sensor.width) × \(sensor.height) pixels; name fewer"
        case .recording(let path, let error): "\(path): \(error)"
        case .tooManyPixels(let text, let sensor): "transform '\(text)': \(sensor.excess) first"
        }
    }
}
