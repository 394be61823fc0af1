import Compute
import Foundation
import Neurons
import SpikeTrains
import Testing

@testable import Networks

/// SpikeProp on a case that can be solved with pencil and paper.
struct SpikeTimeTests {
    /// One input that spikes at every step onto one neuron, z^s = 0.2: the phase is 0.2 π, 0.4 π, 0.6 π, and α = (1 − cos φ)/2 passes ½ in the
    /// third step, half way: t* = 2.5.
    private static func gradient(hidden isHidden: Bool) throws -> [Double] {
        let model = try QLIF(spikeGradient: .spikeTime)
        var network = try Network(
            inputCount: 1,
            populations: (0..<(isHidden ? 2 : 1)).map { _ in try Population(model: model, neuronCount: 1) })
        network.withProjection(0) { $0[0, 0, 0] = 0.2 }
        // A single spike of the first neuron turns the second by 0.6 π, half way through its step too.
        if isHidden { network.withProjection(1) { $0[0, 0, 0] = 0.6 } }
        let stepCount = 4
        var input = SpikeRaster(sampleCount: 1, stepCount: stepCount, neuronCount: 1)
        for step in 0..<stepCount { input[0, step, 0] = true }
        let simulator = NetworkSimulator(
            network, stepCount: stepCount, parallelism: Parallelism(threadCount: 1), precision: .float32)
        simulator.compile(network)
        simulator.run(network, input: input, sampleIndices: [0], seed: 1, epoch: 0)
        for raster in simulator.rasters { #expect(raster.activeNeurons(sample: 0, step: 2) == [0]) }
        let keeper = GradientKeeper(network)
        // L is the time of the spike: what it costs to have it at step 3 in place of 2.
        _ = simulator.reverse(
            network, outputErrors: .perStep([0, 0, 0, 1]), surrogate: .straightThrough, regularization: 0,
            receiver: keeper)
        return network.projections.indices.map { keeper.weight(network, layer: $0, input: 0, neuron: 0) }
    }

    @Test("the spike of one neuron moves by −(1 − f) dα₂/dw + f dα₃/dw over the rise")
    func oneNeuron() throws {
        let rise = (cos(0.4 * Double.pi) - cos(0.6 * Double.pi)) / 2
        let (before, after) = (Double.pi * sin(0.4 * .pi), 1.5 * Double.pi * sin(0.6 * .pi))
        let expected = -(0.5 * before + 0.5 * after) / rise
        #expect(abs(expected + 12.0861) < 1e-4)
        #expect(abs(try Self.gradient(hidden: false)[0] - expected) < 1e-4)
    }

    @Test("through a hidden neuron, the spike behind moves with what the step after would have got")
    func twoNeurons() throws {
        let gradient = try Self.gradient(hidden: true)
        // The second neuron starts at 0 and ends at (1 − cos 0.6 π)/2: f = ½ over that.
        let end = (1 - cos(0.6 * Double.pi)) / 2
        let share = 0.5 / end
        let slope = Double.pi / 2 * sin(0.6 * .pi)
        #expect(abs(gradient[1] + share / end * slope) < 1e-4)
        // ∂L/∂s of the hidden neuron at step 2 is w ∂L/∂z; at step 3, where the second neuron has just fired and does so no more, 0.
        let rise = (cos(0.4 * Double.pi) - cos(0.6 * Double.pi)) / 2
        let moved = -(0.5 * Double.pi * sin(0.4 * .pi) + 0.75 * Double.pi * sin(0.6 * .pi)) / rise
        let costOfDelay = 0.6 * share / end * slope
        #expect(abs(gradient[0] - costOfDelay * moved) < 1e-3)
    }
}
