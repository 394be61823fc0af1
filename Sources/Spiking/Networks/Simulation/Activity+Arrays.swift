import Compute
import Files
import SpikeTrains

extension Activity {
    /// Everything as arrays, `[step][neuron][channel, current or quantity]`, of several samples with `[sample]` before:
    /// `NAME/spikes` of the input (`NAME/values` of real numbers) and of every population, and `NAME/probabilities`, `NAME/currents`, `NAME/memory` where
    /// they are recorded. The quantities of the memory are the labels of its array.
    package func arrays(input: NetworkInput, named inputName: String) -> [NamedArray] {
        [input.array(named: inputName)] + populations.flatMap(\.arrays)
    }

    /// Without quantities that are not wanted.
    package func keeping(_ quantities: Set<Quantity>) -> Activity {
        Activity(
            populations: populations.map { population in
                Population(
                    name: population.name, spikes: population.spikes,
                    probabilities: quantities.contains(.probabilities) ? population.probabilities : nil,
                    currents: quantities.contains(.currents) ? population.currents : nil,
                    memory: quantities.contains(.memory) ? population.memory : nil,
                    currentCount: population.currentCount, memoryNames: population.memoryNames)
            })
    }

    /// A run of which nothing but spikes is kept.
    package init(spikes: [SpikeRaster], of graph: NetworkGraph) {
        populations = zip(graph.nodes, spikes).map { node, raster in
            Population(
                name: node.name, spikes: raster, probabilities: nil, currents: nil, memory: nil,
                currentCount: node.model.currentCount, memoryNames: node.model.memoryNames)
        }
    }

    /// Numbers of four bytes that a step of a graph records, beside spikes.
    package static func numberCount(of graph: NetworkGraph, recording quantities: Set<Quantity>) -> Count {
        graph.nodes.total { node in
            Count(node.neuronCount).times(
                quantities.reduce(0) { sum, quantity in
                    switch quantity {
                    case .probabilities: sum + node.model.channelCount
                    case .currents: sum + node.model.currentCount
                    case .memory: sum + node.model.memoryNames.count
                    }
                })
        }
    }
}

extension NetworkInput {
    /// `NAME/spikes` or `NAME/values`, as ``Activity/arrays(input:named:)`` has it.
    package func array(named name: String) -> NamedArray {
        switch self {
        case .spikes(let raster):
            NamedArray(
                [name, "spikes"], dimensions: raster.dimensions(raster.channelCount), .bytes(raster.bytes))
        case .values(let series):
            NamedArray(
                [name, "values"],
                dimensions: (series.sampleCount == 1 ? [] : [series.sampleCount])
                    + [series.stepCount, series.inputCount], .floats(series.values))
        }
    }
}

extension Activity.Population {
    fileprivate var arrays: [NamedArray] {
        func array(
            _ quantity: Activity.Quantity, _ numbers: [Float]?, _ count: Int, _ labels: [String]? = nil
        )
            -> NamedArray?
        {
            numbers.map {
                NamedArray(
                    [name, quantity.rawValue], dimensions: spikes.dimensions(count), .floats($0),
                    labels: labels)
            }
        }
        return [
            NamedArray(
                [name, "spikes"], dimensions: spikes.dimensions(spikes.channelCount), .bytes(spikes.bytes))
        ]
            + [
                array(.probabilities, probabilities, spikes.channelCount),
                array(.currents, currents, currentCount),
                array(.memory, memory, memoryNames.count, memoryNames),
            ].compactMap(\.self)
    }
}

extension SpikeRaster {
    fileprivate func dimensions(_ count: Int) -> [Int] {
        (sampleCount == 1 ? [] : [sampleCount]) + [stepCount, neuronCount, count]
    }

    /// 1 for a spike, `[sample][step][neuron][channel]`.
    fileprivate var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(rowCount * neuronCount * channelCount)
        for row in 0..<rowCount {
            for neuron in 0..<neuronCount {
                for channel in 0..<channelCount {
                    bytes.append(self[row / stepCount, row % stepCount, neuron, channel] ? 1 : 0)
                }
            }
        }
        return bytes
    }
}
