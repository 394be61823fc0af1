/// How much a network fires: the cost of a run on neuromorphic hardware, summed up over batches.
///
/// ```swift
/// var statistics = SpikeStatistics(neuronCounts: [1000, 100])
/// for batch in batches { try statistics.add(rasters(of: batch)) }
/// print(statistics.spikesPerStep)
/// ```
public struct SpikeStatistics: Sendable, Hashable {
    /// The counts of one layer.
    public struct Layer: Sendable, Hashable {
        public let neuronCount: Int
        /// Spikes of the layer over all samples and steps.
        public fileprivate(set) var spikeCount = 0
        /// Rows counted: samples × steps.
        public fileprivate(set) var rowCount = 0

        /// Mean spikes of the layer in one step of one sample.
        public var spikesPerStep: Double { rowCount == 0 ? 0 : Double(spikeCount) / Double(rowCount) }

        /// Mean spikes of one neuron in one step, 0…1: the layer's firing rate.
        public var spikesPerNeuronPerStep: Double {
            neuronCount == 0 ? 0 : spikesPerStep / Double(neuronCount)
        }
    }

    /// The layers, in the order given.
    public private(set) var layers: [Layer]

    /// Nothing counted yet.
    ///
    /// - Parameter neuronCounts: neurons of each layer.
    public init(neuronCounts: [Int]) {
        layers = neuronCounts.map { Layer(neuronCount: $0) }
    }

    /// The statistics of one batch.
    ///
    /// - Throws: ``SpikeTrainError/rowCounts(_:)`` for layers with different samples or steps.
    public init(_ rasters: [SpikeRaster]) throws(SpikeTrainError) {
        self.init(neuronCounts: rasters.map(\.neuronCount))
        try add(rasters)
    }

    /// Adds a batch.
    ///
    /// - Parameter rasters: one for each layer, in the order of ``layers``, all with the same samples and steps.
    /// - Throws: ``SpikeTrainError/neuronCount(found:expected:)``, ``SpikeTrainError/rowCounts(_:)``.
    public mutating func add(_ rasters: [SpikeRaster]) throws(SpikeTrainError) {
        let (found, expected) = (rasters.map(\.neuronCount), layers.map(\.neuronCount))
        guard found == expected else { throw .neuronCount(found: found, expected: expected) }
        guard Set(rasters.map(\.rowCount)).count <= 1 else { throw .rowCounts(rasters.map(\.rowCount)) }
        for (index, raster) in rasters.enumerated() {
            layers[index].spikeCount += raster.spikeCount
            layers[index].rowCount += raster.rowCount
        }
    }

    /// Mean spikes of the whole network in one step of one sample.
    public var spikesPerStep: Double { layers.reduce(0) { $0 + $1.spikesPerStep } }

    /// Mean spikes of one neuron of the network in one step, 0…1.
    public var spikesPerNeuronPerStep: Double {
        let neuronCount = layers.reduce(0) { $0 + $1.neuronCount }
        return neuronCount == 0 ? 0 : spikesPerStep / Double(neuronCount)
    }
}
