// The names are C's.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CSQSNN
import Compute
import Files
import Neurons
import Reservoirs

/// A reservoir of a caller.
final class ReservoirObject {
    let reservoir: Reservoir
    let parallelism: Parallelism

    init(_ reservoir: Reservoir, _ parallelism: Parallelism) {
        (self.reservoir, self.parallelism) = (reservoir, parallelism)
    }
}

@c @implementation
public func sqs_reservoir_create(
    _ model: UnsafePointer<CChar>?, _ neurons: Int64, _ inputs: Int64, _ spread: Double, _ range: Double,
    _ gain: Double, _ seed: UInt64, _ threads: Int32, _ reservoir: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
    call {
        let model = try decoded(AnyNeuronModel.self, model, "model").model
        guard (1...Int64(Population.largestCount)).contains(inputs) else {
            throw CallError(description: "inputs: found \(inputs), expected 1 to \(Population.largestCount)")
        }
        for (name, value, bounds) in [
            ("spread", spread, ReservoirSettings.spreads), ("range", range, ReservoirSettings.ranges),
            ("gain", gain, ReservoirSettings.gains),
        ] where !bounds.contains(value) {
            throw CallError(
                description: "\(name): found \(value), expected \(bounds.lowerBound) to \(bounds.upperBound)")
        }
        let made = try Reservoir(
            model, neuronCount: Int(neurons), inputCount: Int(inputs),
            settings: ReservoirSettings(spread: spread, range: range, gain: gain), seed: seed)
        try give(
            ReservoirObject(made, Parallelism(threadCount: threadCount(threads))), "reservoir", to: reservoir)
    }
}

@c @implementation
public func sqs_reservoir_size(_ reservoir: OpaquePointer?) -> Int64 {
    guard let object: ReservoirObject = try? object(reservoir, "reservoir") else { return 0 }
    return Int64(object.reservoir.featureCount)
}

@c @implementation
public func sqs_reservoir_features(
    _ reservoir: OpaquePointer?, _ values: UnsafePointer<Double>?, _ series: Int64, _ steps: Int64,
    _ shots: Int64, _ features: UnsafeMutablePointer<Double>?
) -> Int32 {
    call {
        let object: ReservoirObject = try object(reservoir, "reservoir")
        guard steps > 0, (0...1_000_000).contains(shots) else {
            throw CallError(
                description: "steps, shots: found \(steps) and \(shots), expected at least 1 and 0 to 1000000"
            )
        }
        let size = try count(series, steps, Int64(object.reservoir.inputCount), name: "values")
        let given = try array(values, size, name: "values")
        if let place = given.firstIndex(where: { !(0...1).contains($0) }) {
            throw CallError(description: "values: found \(given[place]) at element \(place), expected 0 to 1")
        }
        let found = try object.reservoir.features(
            ofSeries: given, stepCount: Int(steps), shots: shots == 0 ? nil : Int(shots),
            parallelism: object.parallelism)
        guard let features else {
            throw CallError(description: "features: found NULL, expected room for \(found.count) numbers")
        }
        features.update(from: found, count: found.count)
    }
}

@c @implementation
public func sqs_reservoir_free(_ reservoir: OpaquePointer?) { free(reservoir, ReservoirObject.self) }
