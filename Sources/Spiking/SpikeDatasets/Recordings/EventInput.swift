import EventRecordings
import Files

/// How recordings of events become the spikes that a network is given.
public struct EventInput: Sendable, Hashable, Codable {
    /// What is done to the events first.
    public var transforms: EventPipeline
    /// What a step is.
    public var bins: EventBinning.Division

    public init(transforms: EventPipeline = EventPipeline(), bins: EventBinning.Division = .time) {
        (self.transforms, self.bins) = (transforms, bins)
    }

    /// Pixels and polarities that are left of a sensor.
    ///
    /// - Throws: `EventTransformError`.
    func shape(_ sensor: EventSensor) throws(EventTransformError) -> InputShape {
        let sensor = try transforms.sensor(after: sensor)
        return InputShape(
            planeCount: transforms.separatesPolarities ? 2 : 1, height: sensor.height, width: sensor.width)
    }
}
