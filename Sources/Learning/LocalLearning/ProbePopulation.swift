import Compute
import QuantumCircuits
import Neurons

/// The probes of one population at one scale of the noise, as a population of their own.
final class ProbePopulation: @unchecked Sendable {
    // Sharing between threads is sound as for PopulationKernel: the angles change only in `compile`, before the threads run.
    let plan: ProbePlan
    let kernel: PopulationKernel
    private var population: Population
    private let uses: [AngleUse]
    private let neuronCount: Int

    /// - Parameters:
    ///   - model: of the neurons.
    ///   - fold: of the noise, 1 to 3: the circuit is folded to about that length.
    ///   - runLength: steps of one run.
    init(
        _ plan: ProbePlan, model: NeuronModel, neuronCount: Int, fold: Int, runLength: Int,
        parallelism: Parallelism
    ) throws {
        self.plan = plan
        self.neuronCount = neuronCount
        let (separated, uses) = try model.separatingAngles(fold: fold)
        self.uses = uses
        population = Population(
            separated, lanes: plan.tileCount(neuronCount: neuronCount) * tileWidth)
        kernel = PopulationKernel(population, stepCount: runLength, parallelism: parallelism)
    }

    /// Takes the angles of the neurons themselves.
    func compile(_ neurons: Population, parallelism: Parallelism) {
        for neuron in 0..<neuronCount {
            let angles = neurons[angles: neuron]
            let share = neuron / plan.neuronsPerTile
            for (index, probe) in plan.probes.enumerated() {
                let (tile, lane) = plan.place(neuron: neuron, probe: index)
                population[angles: (share * plan.tilesPerNeuron + tile) * tileWidth + lane] =
                    zip(uses, probe.shifts).map { use, shift in
                        Float(use.scale * Double(angles[use.parameter]) + shift)
                    }
            }
        }
        kernel.compile(population, parallelism: parallelism)
    }
}

extension NeuronModel {
    /// The gates that turn by a trainable angle. The classical neuron's angles add up to one, as those of rotations do.
    var angleUses: [AngleUse] {
        switch self {
        case .quantum(let circuit), .memoryless(let circuit), .noisy(let circuit, _):
            circuit.separatingAngles().uses
        case .lastSpikeFeedback: (0..<3).map { AngleUse(kind: .rx, parameter: $0, scale: 1) }
        }
    }

    /// The same neuron with an angle for each gate, its circuit folded to about `fold` times its length.
    func separatingAngles(fold: Int) throws -> (model: NeuronModel, uses: [AngleUse]) {
        func folded(_ circuit: Circuit) throws -> Circuit {
            try circuit.separatingAngles().circuit.folded(about: fold).circuit
        }
        let model: NeuronModel =
            switch self {
            case .quantum(let circuit): .quantum(try folded(circuit))
            case .memoryless(let circuit): .memoryless(try folded(circuit))
            case .noisy(let circuit, let noise): .noisy(try folded(circuit), noise)
            case .lastSpikeFeedback: self
            }
        return (model, angleUses)
    }
}
