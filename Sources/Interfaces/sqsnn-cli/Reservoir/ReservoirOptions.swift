import CommandParsing
import Compute
import Foundation
import QuantumCircuits
import Reservoirs
import Neurons

/// What both measures of a reservoir have in common.
struct ReservoirOptions {
    static let arguments: [ArgumentDescription] =
        [
            .option(name: "neurons", value: "COUNT", help: "Neurons of a reservoir.", default: "50"),
            .option(
                name: "shots", value: "COUNT",
                help: "Runs that firing probabilities are estimated from; 1 reads single spikes.",
                default: "exact probabilities"),
            .option(name: "seeds", value: "COUNT", help: "Reservoirs and inputs drawn.", default: "5"),
            .option(name: "seed", value: "SEED", help: "The first seed.", default: "1"),
            .option(name: "washout", value: "STEPS", help: "Steps not looked at.", default: "200"),
            .option(name: "train", value: "STEPS", help: "Steps that train the read-out.", default: "2000"),
            .option(name: "test", value: "STEPS", help: "Steps that test it.", default: "2000"),
            .option(
                name: "ridge", value: "LAMBDA",
                help: "Ridge of the read-out, relative to the features' mean variance.", default: "1e-9"),
        ] + NeuronSelection.options + [
            .option(
                name: "threads", value: "K", help: "Threads; without effect on the result.",
                default: "all cores")
        ]

    let selection: NeuronSelection
    let schedule: ReservoirSchedule
    let shots: Int?
    let ridge: Double
    let parallelism: Parallelism
    private let neuronCount: Int
    private let seeds: ClosedRange<UInt64>

    init(_ arguments: ParsedArguments) throws {
        selection = try NeuronSelection(arguments)
        schedule = try ReservoirSchedule(
            washout: arguments.integer("washout", in: ReservoirSchedule.washouts) ?? 200,
            trainingSteps: arguments.integer("train", in: ReservoirSchedule.stepCounts) ?? 2000,
            testSteps: arguments.integer("test", in: ReservoirSchedule.stepCounts) ?? 2000)
        shots = try arguments.integer("shots", in: 1...1_000_000)
        ridge = try arguments.number("ridge", in: 1e-14...1e6) ?? 1e-9
        neuronCount = try arguments.integer("neurons", in: Reservoir.neuronCounts) ?? 50
        let first = UInt64(try arguments.integer("seed", in: 0...Int.max / 2) ?? 1)
        seeds = first...first + UInt64(try arguments.integer("seeds", in: 1...1000) ?? 5) - 1
        parallelism = Parallelism(
            threadCount: try arguments.integer("threads", in: 1...1024)
                ?? ProcessInfo.processInfo.activeProcessorCount)
    }

    /// Measures every neuron at every seed.
    func map<Value>(
        _ terminal: Terminal, _ body: (Reservoir, UInt64) throws -> Value
    ) throws -> [(neuron: NeuronSelection.Neuron, label: String, featureCount: Int, values: [Value])] {
        try zip(selection.neurons, selection.labels).map { neuron, label in
            if terminal.isErrorInteractive { terminal.writeError("Measuring \(label) …") }
            var featureCount = 0
            let values = try seeds.map { seed in
                let reservoir = try Reservoir(
                    selection.underNoise(neuron.model), neuronCount: neuronCount, angles: selection.angles,
                    seed: seed)
                featureCount = reservoir.featureCount
                return try body(reservoir, seed)
            }
            return (neuron, label, featureCount, values)
        }
    }

    /// Something that needs no reservoir, at every seed.
    func map<Value>(_ body: (UInt64) throws -> Value) rethrows -> [Value] { try seeds.map(body) }

    /// How the features were read, in words.
    var reading: [String] {
        func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
        var words = [count(neuronCount, "neuron"), count(seeds.count, "seed")]
        words.append(shots.map { count($0, "shot") } ?? "exact probabilities")
        words += selection.noiseName.map { ["noise \($0)"] } ?? []
        return words
    }
}
