import EventRecordings
import Files
import SpikeTrains

/// How samples that go on over time become the spikes that a network is given: first events, if they are none, then transforms,
/// then steps. Series can also be given as the numbers that they are.
public struct EventInput: Sendable, Hashable, Codable {
    /// How sounds become events; nil of other data, and for what ``SoundEncoding`` says by itself.
    public var sound: SoundEncoding?
    /// How series become events; nil of other data, and for what ``SeriesEncoding`` says by itself.
    public var series: SeriesEncoding?
    /// What is done to the events.
    public var transforms: EventPipeline
    /// What a step is.
    public var bins: EventBinning.Division

    public init(
        sound: SoundEncoding? = nil, series: SeriesEncoding? = nil,
        transforms: EventPipeline = EventPipeline(),
        bins: EventBinning.Division = .time
    ) {
        (self.sound, self.series) = (sound, series)
        (self.transforms, self.bins) = (transforms, bins)
    }

    /// What the inputs of a network give.
    public var signal: InputSignal { series == .currents ? .values : .spikes }
}
