import Compute
import QuantumCircuits
import Neurons

/// The circuits that a neuron runs in an update beside its own: the same circuit with its synapses perturbed or an angle
/// shifted. They are neurons of a population of their own, side by side in the lanes of a tile, so that the kernels of
/// populations run them.
struct ProbePlan: Sendable {
    /// One circuit.
    struct Probe: Sendable {
        /// Pair and sign of the perturbation of its synapses; nil for none.
        var perturbation: (pair: Int, sign: Float)?
        /// What is added to the angle of each gate, radians: the gates with trainable angles, in their order.
        var shifts: [Double]
    }

    /// One term of an angle's derivative.
    struct AngleTerm: Sendable {
        let parameter: Int
        /// Includes the scale by which the gate turns.
        let coefficient: Float
        let shifts: [Double]
    }

    let probes: [Probe]
    /// Tiles of one neuron, 1 where several neurons share one.
    let tilesPerNeuron: Int
    let neuronsPerTile: Int

    init(_ probes: [Probe]) {
        self.probes = probes
        tilesPerNeuron = max((probes.count + tileWidth - 1) / tileWidth, 1)
        neuronsPerTile = max(tileWidth / max(probes.count, 1), 1)
    }

    /// Shares of neurons that can be run for themselves.
    func shareCount(neuronCount: Int) -> Int { (neuronCount + neuronsPerTile - 1) / neuronsPerTile }

    func tileCount(neuronCount: Int) -> Int { shareCount(neuronCount: neuronCount) * tilesPerNeuron }

    /// Neurons of a share.
    func neurons(ofShare share: Int, neuronCount: Int) -> Range<Int> {
        share * neuronsPerTile..<min((share + 1) * neuronsPerTile, neuronCount)
    }

    /// Shares of neurons with so many probes each, and tiles of a share.
    static func tiles(probeCount: Count, neuronCount: Int) -> (shares: Count, perShare: Count) {
        let perShare = max(probeCount.dividedRoundingUp(by: tileWidth), Count(1))
        let neuronsPerTile = max(tileWidth / max(probeCount.value, 1), 1)
        return (Count(neuronCount).dividedRoundingUp(by: neuronsPerTile), perShare)
    }

    /// Tile, counted from the share's first, and lane of a probe.
    func place(neuron: Int, probe: Int) -> (tile: Int, lane: Int) {
        tilesPerNeuron > 1
            ? (probe / tileWidth, probe % tileWidth)
            : (0, neuron % neuronsPerTile * probes.count + probe)
    }

    /// Lanes of one tile of a share that have a probe.
    func laneCount(share: Int, tile: Int, neuronCount: Int) -> Int {
        tilesPerNeuron > 1
            ? min(probes.count - tile * tileWidth, tileWidth)
            : neurons(ofShare: share, neuronCount: neuronCount).count * probes.count
    }

    /// The terms of all angles' derivatives.
    static func angleTerms(_ uses: [AngleUse], parameterCount: Int, _ rule: ShiftRule) -> [AngleTerm] {
        switch rule {
        case .twoTerm:
            return (0..<parameterCount).flatMap { parameter in
                [1.0, -1.0].map { (sign: Double) -> AngleTerm in
                    let turn = sign * Double.pi / 2
                    let shifts = uses.map { $0.parameter == parameter ? turn * $0.scale : 0.0 }
                    return AngleTerm(
                        parameter: parameter, coefficient: Float(sign / 2), shifts: shifts)
                }
            }
        case .exact:
            return uses.indices.flatMap { index in
                uses[index].kind.shiftTerms.map { term in
                    AngleTerm(
                        parameter: uses[index].parameter,
                        coefficient: Float(uses[index].scale * term.coefficient),
                        shifts: uses.indices.map { $0 == index ? term.shift : 0 })
                }
            }
        }
    }
}
