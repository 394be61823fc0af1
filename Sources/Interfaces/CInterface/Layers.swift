// The names are C's.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CSQSNN
import Compute
import Files
import FoundationEssentials
import Neurons

/// Neurons of a caller, between arrays.
final class Layer {
    let population: ArrayPopulation

    init(_ population: ArrayPopulation) { self.population = population }
}

@c @implementation
public func sqs_layer_create(
    _ model: UnsafePointer<CChar>?, _ neurons: Int64, _ threads: Int32,
    _ layer: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
    call {
        let model = try decoded(AnyNeuronModel.self, model, "model").model
        let population = try ArrayPopulation(
            model, neuronCount: Int(neurons), parallelism: Parallelism(threadCount: threadCount(threads)))
        try give(Layer(population), "layer", to: layer)
    }
}

@c @implementation
public func sqs_layer_channels(_ layer: OpaquePointer?) -> Int64 { number(layer, \.model.channelCount) }

@c @implementation
public func sqs_layer_currents(_ layer: OpaquePointer?) -> Int64 { number(layer, \.model.currentCount) }

@c @implementation
public func sqs_layer_parameters(_ layer: OpaquePointer?) -> Int64 { number(layer, \.parameterCount) }

@c @implementation
public func sqs_layer_record(_ layer: OpaquePointer?) -> Int64 { number(layer, \.recordSize) }

@c @implementation
public func sqs_layer_memory(_ layer: OpaquePointer?) -> Int64 { number(layer, \.memorySize) }

private func number(_ layer: OpaquePointer?, _ quantity: KeyPath<ArrayPopulation, Int>) -> Int64 {
    guard let layer: Layer = try? object(layer, "layer") else { return 0 }
    return Int64(layer.population[keyPath: quantity])
}

@c @implementation
public func sqs_layer_initial(
    _ layer: OpaquePointer?, _ seed: UInt64, _ parameters: UnsafeMutablePointer<Float>?
) -> Int32 {
    call {
        let population = try (object(layer, "layer") as Layer).population
        let initial = population.initialParameters(seed: seed)
        try lent(parameters, initial.count, "parameters").copy(AlignedBuffer(initial).view)
    }
}

@c @implementation
public func sqs_layer_step(
    _ layer: OpaquePointer?, _ samples: Int64, _ steps: Int64, _ seed: UInt64,
    _ parameters: UnsafePointer<Float>?, _ currents: UnsafePointer<Float>?,
    _ memoryBefore: UnsafePointer<Float>?, _ spikes: UnsafeMutablePointer<Float>?,
    _ firing: UnsafeMutablePointer<Float>?, _ memoryAfter: UnsafeMutablePointer<Float>?,
    _ record: UnsafeMutablePointer<UInt64>?
) -> Int32 {
    call {
        let sizes = try LayerSizes(layer, samples, steps)
        try sizes.population.step(
            sizes.shape, parameters: lent(parameters, sizes.parameters, "parameters"),
            currents: lent(currents, sizes.currents, "currents"),
            spikes: lent(spikes, sizes.channels, "spikes"),
            firing: firing.map { try lent($0, sizes.channels, "firing") },
            memoryBefore: memoryBefore.map { try lent($0, sizes.memory, "memory_before") },
            memoryAfter: memoryAfter.map { try lent($0, sizes.memory, "memory_after") },
            record: record.map { try lent($0, sizes.record, "record") }, seed: seed)
    }
}

@c @implementation
public func sqs_layer_adjoint(
    _ layer: OpaquePointer?, _ samples: Int64, _ steps: Int64, _ surrogate: Int32,
    _ parameters: UnsafePointer<Float>?, _ currents: UnsafePointer<Float>?,
    _ memoryBefore: UnsafePointer<Float>?, _ record: UnsafePointer<UInt64>?,
    _ spikeErrors: UnsafePointer<Float>?, _ memoryAfterErrors: UnsafePointer<Float>?,
    _ parameterErrors: UnsafeMutablePointer<Float>?, _ currentErrors: UnsafeMutablePointer<Float>?,
    _ memoryBeforeErrors: UnsafeMutablePointer<Float>?
) -> Int32 {
    call {
        let sizes = try LayerSizes(layer, samples, steps)
        guard let surrogate = SurrogateKind(rawValue: surrogate), surrogate != .recordedPattern else {
            throw CallError(description: "surrogate: found \(surrogate), expected 0, 1 or 2")
        }
        try sizes.population.adjoint(
            sizes.shape, parameters: lent(parameters, sizes.parameters, "parameters"),
            currents: lent(currents, sizes.currents, "currents"),
            record: lent(record, sizes.record, "record"),
            errors: lent(spikeErrors, sizes.channels, "spike_errors"), surrogate: surrogate,
            memoryBefore: memoryBefore.map { try lent($0, sizes.memory, "memory_before") },
            memoryErrors: memoryAfterErrors.map { try lent($0, sizes.memory, "memory_after_errors") },
            currentErrors: lent(currentErrors, sizes.currents, "current_errors"),
            gradient: lent(parameterErrors, sizes.parameters, "parameter_errors"),
            memoryErrorsBefore: memoryBeforeErrors.map {
                try lent($0, sizes.memory, "memory_before_errors")
            })
    }
}

@c @implementation
public func sqs_layer_free(_ layer: OpaquePointer?) { free(layer, Layer.self) }

/// Elements of the arrays of a call.
private struct LayerSizes {
    let population: ArrayPopulation
    let shape: ArrayPopulation.Shape
    let parameters, currents, channels, memory, record: Int

    init(_ layer: OpaquePointer?, _ samples: Int64, _ steps: Int64) throws {
        population = try (object(layer, "layer") as Layer).population
        guard samples >= 0, (1...Int64(Self.longest)).contains(steps), samples <= Self.most else {
            throw CallError(
                description:
                    "samples, steps: found \(samples) and \(steps), expected 0 to \(Self.most) and 1 to "
                    + "\(Self.longest)")
        }
        shape = ArrayPopulation.Shape(samples: Int(samples), steps: Int(steps))
        let rows = Count(Int(samples)).times(Int(steps), population.neuronCount)
        parameters = population.neuronCount * population.parameterCount
        currents = try Self.size(rows.times(population.model.currentCount))
        channels = try Self.size(rows.times(population.model.channelCount))
        memory = try Self.size(Count(Int(samples)).times(population.memorySize))
        record = try Self.size(Count(Int(samples)).times(Int(steps), population.recordSize))
    }

    private static let most = 1 << 32
    private static let longest = 1 << 20

    private static func size(_ count: Count) throws -> Int {
        guard !count.isBeyondRange else {
            throw CallError(description: "samples, steps: found sizes whose product is beyond a machine's")
        }
        return count.value
    }
}
