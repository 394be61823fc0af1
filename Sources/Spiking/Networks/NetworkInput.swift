import SpikeTrains

/// What a network is given.
public enum NetworkInput: Sendable {
    /// `[sample][step][input][channel]`
    case spikes(SpikeRaster)
    case values(ValueSeries)

    public var signal: InputSignal {
        switch self {
        case .spikes: .spikes
        case .values: .values
        }
    }

    public var sampleCount: Int {
        switch self {
        case .spikes(let raster): raster.sampleCount
        case .values(let series): series.sampleCount
        }
    }

    public var stepCount: Int {
        switch self {
        case .spikes(let raster): raster.stepCount
        case .values(let series): series.stepCount
        }
    }

    public var inputCount: Int {
        switch self {
        case .spikes(let raster): raster.neuronCount
        case .values(let series): series.inputCount
        }
    }

    public var channelCount: Int {
        switch self {
        case .spikes(let raster): raster.channelCount
        case .values: 1
        }
    }

    /// The same for a network whose inputs have so many channels.
    package func repeated(channelCount: Int) -> NetworkInput {
        guard case .spikes(let raster) = self, raster.channelCount == 1 else { return self }
        return .spikes(raster.repeated(channelCount: channelCount))
    }

    /// Every sample `count` times, one after the other.
    package func repeatingSamples(_ count: Int) -> NetworkInput {
        switch self {
        case .spikes(let raster): .spikes(raster.repeatingSamples(count))
        case .values(let series): .values(series.repeatingSamples(count))
        }
    }
}

/// What can be given to a network.
public protocol NetworkInputConvertible: Sendable {
    var networkInput: NetworkInput { get }
}

extension NetworkInput: NetworkInputConvertible {
    public var networkInput: NetworkInput { self }
}

extension SpikeRaster: NetworkInputConvertible {
    public var networkInput: NetworkInput { .spikes(self) }
}

extension ValueSeries: NetworkInputConvertible {
    public var networkInput: NetworkInput { .values(self) }
}
