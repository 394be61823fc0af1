import Compute
import EventRecordings

/// A sample of a data set over time, as the events that it is or becomes.
public struct TemporalSample: Sendable {
    /// After the transforms.
    public let recording: EventRecording
    public let label: Int
    /// Samples of its part.
    public let count: Int
    /// Whether it is a picture: not of sounds and series.
    public let isImage: Bool
}

extension CatalogEntry {
    /// Reads one sample over time.
    ///
    /// - Parameters:
    ///   - index: among those of its part.
    ///   - isTest: of which part.
    ///   - input: how sounds and series become events, and what is done to the events; its bins are without effect.
    ///   - seed: of transforms by chance.
    /// - Throws: ``DatasetError/filesNotFound(dataset:lookedIn:findings:remedies:)``, ``DatasetError/input(dataset:problem:)`` of
    ///   images, and for a sample that there is not; `EventError`, `EventTransformError`.
    public func sample(
        _ index: Int, isTest: Bool, _ input: EventInput, seed: UInt64 = 0,
        from searchPath: DatasetSearchPath = DatasetSearchPath()
    ) throws -> TemporalSample {
        // Says what of the input is of another kind of data.
        _ = try eventSensor(input)
        guard input.signal == .spikes else {
            throw DatasetError.input(
                dataset: name, problem: "series: currents are no events, expected an encoding")
        }
        guard let temporal = layout.temporal else { preconditionFailure("the data was checked") }
        let parts = try temporal.parts(of: self, at: paths(in: searchPath), input)
        let samples = (isTest ? parts.test : parts.train).samples
        guard samples.indices.contains(index) else {
            throw DatasetError.input(
                dataset: name,
                problem:
                    "found no sample \(index), expected 0 to \(samples.count - 1), the \(temporal.noun) of its part"
            )
        }
        var recording = try samples[index].read().recording
        try input.transforms.apply(
            to: &recording, random: RandomStream(seed: seed, purpose: .augmentation), sample: index)
        return TemporalSample(
            recording: recording, label: samples[index].label, count: samples.count,
            isImage: temporal.hasImages)
    }
}

extension CatalogEntry {
    /// On which the events of a sample over time lie, before the transforms.
    ///
    /// - Throws: ``DatasetError/input(dataset:problem:)`` of images, and for an encoding of other data.
    public func eventSensor(_ input: EventInput) throws(DatasetError) -> EventSensor {
        guard let temporal = layout.temporal else {
            throw .input(dataset: name, problem: "holds images, expected samples over time")
        }
        return try temporal.sensor(of: self, input)
    }
}
