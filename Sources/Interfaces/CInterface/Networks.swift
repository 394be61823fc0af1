// The names are C's.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CSQSNN
import Compute
import Files
import Networks
import SpikeTrains

/// A network of a caller.
final class NetworkObject {
    let network: Network

    init(_ network: Network) { self.network = network }
}

@c @implementation
public func sqs_network_create(
    _ graph: UnsafePointer<CChar>?, _ seed: UInt64, _ network: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
    call {
        let graph = try decoded(NetworkGraph.self, graph, "graph")
        var made = try Network(graph)
        try made.initialize(seed: seed)
        try give(NetworkObject(made), "network", to: network)
    }
}

@c @implementation
public func sqs_trainer_network(
    _ trainer: OpaquePointer?, _ network: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
    call {
        let object: TrainerObject = try object(trainer, "trainer")
        try give(NetworkObject(object.trainer.network), "network", to: network)
    }
}

@c @implementation
public func sqs_network_graph(
    _ network: OpaquePointer?, _ graph: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
    call {
        let object: NetworkObject = try object(network, "network")
        try give(JSONDocument.encode(object.network.graph), to: graph)
    }
}

@c @implementation
public func sqs_network_run(
    _ network: OpaquePointer?, _ spikes: UnsafePointer<UInt8>?, _ values: UnsafePointer<Float>?,
    _ samples: Int64, _ steps: Int64, _ quantities: UnsafePointer<CChar>?, _ seed: UInt64, _ threads: Int32,
    _ arrays: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
    call {
        let network = try (object(network, "network") as NetworkObject).network
        let graph = network.graph
        let input: NetworkInput =
            switch graph.input.signal {
            case .spikes:
                try .spikes(
                    raster(
                        spikes, samples, steps, graph.input.neuronCount, channels: graph.input.channelCount))
            case .values:
                try .values(
                    ValueSeries(
                        array(
                            values, count(samples, steps, Int64(graph.input.neuronCount), name: "values"),
                            name: "values"),
                        sampleCount: Int(samples), stepCount: Int(steps),
                        inputCount: graph.input.neuronCount))
            }
        let recorded = try Set(
            text(quantities, "quantities").split(separator: ",").map { word in
                guard let quantity = Activity.Quantity(rawValue: String(word)) else {
                    let known = Activity.Quantity.allCases.map(\.rawValue).joined(separator: ", ")
                    throw CallError(description: "quantities: found '\(word)', expected some of \(known)")
                }
                return quantity
            })
        let parallelism = Parallelism(threadCount: try threadCount(threads))
        let activity =
            try recorded.isEmpty
            ? Activity(spikes: network.run(input, seed: seed, parallelism: parallelism), of: graph)
            : network.activity(input, recording: recorded, seed: seed, parallelism: parallelism)
        // The input is the caller's own.
        let found = activity.arrays(input: input, named: graph.input.name).dropFirst()
        try give(NamedArrays(Array(found)), "arrays", to: arrays)
    }
}

@c @implementation
public func sqs_network_free(_ network: OpaquePointer?) { free(network, NetworkObject.self) }

/// Spikes of a caller, a byte each, `[sample][step][input][channel]`.
func raster(
    _ spikes: UnsafePointer<UInt8>?, _ samples: Int64, _ steps: Int64, _ inputs: Int, channels: Int = 1
) throws -> SpikeRaster {
    let count = try count(samples, steps, Int64(inputs), Int64(channels), name: "spikes")
    var raster = try SpikeRaster(
        samples: Int(samples), steps: Int(steps), neurons: inputs, channels: channels)
    guard count > 0 else { return raster }
    guard let spikes else { throw CallError(description: "spikes: found NULL, expected \(count) spikes") }
    var place = 0
    for sample in 0..<Int(samples) {
        for step in 0..<Int(steps) {
            for neuron in 0..<inputs {
                for channel in 0..<channels {
                    guard spikes[place] <= 1 else {
                        throw CallError(
                            description: "spikes: found \(spikes[place]) at element \(place), expected 0 or 1"
                        )
                    }
                    if spikes[place] == 1 { raster[sample, step, neuron, channel] = true }
                    place += 1
                }
            }
        }
    }
    return raster
}
