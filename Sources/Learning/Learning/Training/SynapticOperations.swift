import Networks
import SpikeTrains

/// Synaptic operations of some inferences, as NeuroBench counts them (Yik et al., Nature Communications 16, 2025): what arrives at
/// synapses, over all steps; constants and the neurons' own arithmetic are not part of it.
///
/// A synapse onto a neuron with several currents counts once for each, as it has a weight for each.
public struct SynapticOperations: Sendable, Hashable, Codable {
    /// Inferences counted: samples, each in one pass.
    public var inferences = 0
    /// `Dense`: every synapse at every step, whatever arrives and whatever its weight. Only synapses that there are: NeuroBench,
    /// which knows no other layers than full and convolutional ones, would count the gaps of sparse ones as well.
    public var dense = 0
    /// `Effective_MACs`: multiplications with a weight that is not 0 of a number that is not 0, in layers whose inputs are
    /// other numbers than −1, 0 and 1: of a network of spikes, those of an input of values.
    public var effectiveMACs = 0
    /// `Effective_ACs`: the same in layers whose inputs are −1, 0 and 1, where nothing has to be multiplied: each spike, times the
    /// synapses with a weight that it goes out by.
    public var effectiveACs = 0

    public init() {}

    private enum CodingKeys: String, CodingKey {
        case inferences, dense
        case effectiveMACs = "effective_macs"
        case effectiveACs = "effective_acs"
    }
}

/// Counts the synaptic operations of the runs of a network, exactly.
struct SynapseCounter {
    /// A projection, as spikes see it.
    private struct Path {
        /// Node; nil for the input.
        let source: Int?
        let delay: Int
        /// Synapses with a weight, by channel and number of the presynaptic neuron.
        let fanOuts: [[Int]]
    }

    private let paths: [Path]
    private let synapseCount: Int
    private(set) var operations = SynapticOperations()

    init(_ network: Network) {
        let graph = network.graph
        synapseCount = network.projections.reduce(0) { $0 + $1.synapseCount }
        paths = zip(graph.edges, network.projections).map { edge, projection in
            let source = graph.nodeIndex(edge.source)
            let channelCount = source.map { graph.nodes[$0].model.channelCount } ?? graph.input.channelCount
            var fanOuts = [[Int]](
                repeating: [Int](repeating: 0, count: projection.inputCount), count: channelCount)
            for current in 0..<projection.currentCount {
                // A single channel makes all currents.
                let channel = channelCount == 1 ? 0 : current
                for (input, count) in projection.fanOuts(current: current).enumerated() {
                    fanOuts[channel][input] += count
                }
            }
            return Path(source: source, delay: edge.delay, fanOuts: fanOuts)
        }
    }

    /// Adds a run.
    ///
    /// - Parameter rasters: one a population.
    mutating func add(input: NetworkInput, rasters: [SpikeRaster]) {
        operations.inferences += input.sampleCount
        operations.dense += input.sampleCount * input.stepCount * synapseCount
        for path in paths {
            let raster: SpikeRaster
            switch (path.source, input) {
            case (let source?, _): raster = rasters[source]
            case (nil, .spikes(let spikes)): raster = spikes
            case (nil, .values(let series)):
                addValues(series, path)
                continue
            }
            // What is sent at the last steps of a delayed projection arrives after the end.
            let stepCount = max(raster.stepCount - path.delay, 0)
            for (channel, fanOuts) in path.fanOuts.enumerated() {
                var count = 0
                for sample in 0..<raster.sampleCount {
                    for step in 0..<stepCount {
                        raster.forEachActive(row: sample * raster.stepCount + step, channel: channel) {
                            count += fanOuts[$0]
                        }
                    }
                }
                operations.effectiveACs += count
            }
        }
    }

    private mutating func addValues(_ series: ValueSeries, _ path: Path) {
        let stepCount = max(series.stepCount - path.delay, 0)
        for (place, value) in series.values.enumerated() where value != 0 {
            let (row, input) = place.quotientAndRemainder(dividingBy: series.inputCount)
            if row % series.stepCount < stepCount { operations.effectiveMACs += path.fanOuts[0][input] }
        }
    }
}
