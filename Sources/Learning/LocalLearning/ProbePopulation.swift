import Compute
import QuantumCircuits
import Neurons

/// The probes of one population at one scale of the noise, as a population of their own.
final class ProbePopulation: @unchecked Sendable {
    // Sharing between threads is sound as for PopulationSimulator: the angles change only in `compile`, before the threads run.
    let plan: ProbePlan
    let simulator: PopulationSimulator
    private var population: Population
    private let uses: [AngleUse]
    private let neuronCount: Int

    /// - Parameters:
    ///   - model: of the neurons.
    ///   - fold: of the noise, 1 to 3: the circuit is folded to about that length.
    ///   - runLength: steps of one run.
    init(
        _ plan: ProbePlan, model: any NeuronModel, neuronCount: Int, fold: Int, runLength: Int,
        parallelism: Parallelism
    ) throws {
        self.plan = plan
        self.neuronCount = neuronCount
        let (separated, uses) = try model.separatingAngles(fold: fold)
        self.uses = uses
        population = Population(
            separated, lanes: plan.tileCount(neuronCount: neuronCount) * tileWidth)
        simulator = PopulationSimulator(population, stepCount: runLength, parallelism: parallelism)
    }

    /// Takes the angles of the neurons themselves.
    func compile(_ neurons: Population, parallelism: Parallelism) {
        for neuron in 0..<neuronCount {
            let angles = neurons[parameters: neuron]
            let share = neuron / plan.neuronsPerTile
            for (index, probe) in plan.probes.enumerated() {
                let (tile, lane) = plan.place(neuron: neuron, probe: index)
                population[parameters: (share * plan.tilesPerNeuron + tile) * tileWidth + lane] =
                    zip(uses, probe.shifts).map { use, shift in
                        Float(use.scale * Double(angles[use.parameter]) + shift)
                    }
            }
        }
        simulator.compile(population, parallelism: parallelism)
    }
}

/// A neuron that can learn by the local rule: it turns by angles, which probes shift, and knows the probability of its spikes.
public protocol LocalNeuron: NeuronModel {
    /// The gates that turn by a trainable angle.
    var angleUses: [AngleUse] { get }

    /// The same neuron with an angle for each gate, its circuit folded to about `fold` times its length.
    func separatingAngles(fold: Int) throws -> Self
}

extension SQS: LocalNeuron {
    public var angleUses: [AngleUse] { stepCircuit.separatingAngles().uses }
    public func separatingAngles(fold: Int) throws -> SQS {
        SQS(try stepCircuit.separated(fold: fold), noise: noise)
    }
}

extension MemorylessSQS: LocalNeuron {
    public var angleUses: [AngleUse] { stepCircuit.separatingAngles().uses }
    public func separatingAngles(fold: Int) throws -> MemorylessSQS {
        MemorylessSQS(try stepCircuit.separated(fold: fold))
    }
}

/// The classical neuron's angles add up to one, as those of rotations do.
extension LastSpikeFeedback: LocalNeuron {
    public var angleUses: [AngleUse] { (0..<3).map { AngleUse(kind: .rx, parameter: $0, scale: 1) } }
    public func separatingAngles(fold: Int) -> LastSpikeFeedback { self }
}

extension Circuit {
    fileprivate func separated(fold: Int) throws -> Circuit {
        try separatingAngles().circuit.folded(about: fold).circuit
    }
}

extension NeuronModel {
    /// The same model, as one that learns by the local rule.
    ///
    /// - Parameter population: whose neurons they are, for a message.
    /// - Throws: ``LocalRuleError`` where it cannot.
    package func asLocalNeuron(of population: String? = nil) throws(LocalRuleError) -> any LocalNeuron {
        guard let neuron = self as? any LocalNeuron else { throw .model(kind, population: population) }
        return neuron
    }

    var angleUses: [AngleUse] { (self as? any LocalNeuron)?.angleUses ?? [] }

    func separatingAngles(fold: Int) throws -> (model: any NeuronModel, uses: [AngleUse]) {
        let neuron = try asLocalNeuron()
        return (try neuron.separatingAngles(fold: fold), neuron.angleUses)
    }
}
