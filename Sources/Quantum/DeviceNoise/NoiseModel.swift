import QuantumCircuits

/// The noise of a device, as a neuron's circuit meets it.
///
/// After each gate: over-rotation, depolarising, relaxation (T1, T2) of each qubit touched for the gate's duration, amplitude
/// damping, phase damping, bit flip, phase flip, and given Kraus operators, in this order. The rotation that embeds a
/// current is a gate on its input-output qubit; one that is not applied makes no noise. While the input-output qubits are
/// measured, each memory qubit relaxes for as long as the slowest of those measurements, and is dephased if the model says so. The spike that is recorded is the one read, by
/// each channel's readout confusion; the reset is perfect.
///
/// A value that exists has figures that can be: they are checked once, in ``init(_:)``.
public struct NoiseModel: Hashable, Sendable {
    public let parameters: NoiseParameters

    /// No noise at all.
    public static let none = NoiseModel(checked: NoiseParameters())

    /// - Throws: ``NoiseError/parameters(_:)`` with every figure that cannot be.
    public init(_ parameters: NoiseParameters) throws(NoiseError) {
        let problems = parameters.problems
        guard problems.isEmpty else { throw .parameters(problems) }
        self.parameters = parameters
    }

    init(checked parameters: NoiseParameters) { self.parameters = parameters }

    /// A channel, and the qubits of the neuron it acts on.
    public struct Placement: Hashable, Sendable {
        public let channel: NoiseChannel
        public let qubits: [Int]
    }

    // MARK: What follows a gate

    /// The map after a gate, on the gate's qubits in the gate's order; the identity where the gate makes no noise.
    ///
    /// The factor of an over-rotation is not in it, but in the circuit of ``executed(_:)``.
    public func noise(after gate: Gate) -> PauliTransferMatrix {
        Self.composed(channels(after: gate), on: gate.qubits)
    }

    /// The map on an input-output qubit after its embedding rotation, if one is applied.
    public func noiseAfterEmbedding(channel: Int) -> PauliTransferMatrix {
        Self.composed(channelsAfterEmbedding(channel: channel), on: [channel])
    }

    /// The map on a memory qubit while the input-output qubits are measured, and before the next step.
    public func noiseDuringMeasurement(qubit: Int, ioQubits: Int) -> PauliTransferMatrix {
        Self.composed(channelsDuringMeasurement(qubit: qubit, ioQubits: ioQubits), on: [qubit])
    }

    /// How the spike of a channel is read.
    public func readout(channel: Int) -> ReadoutConfusion {
        guard let readout = parameters.qubitNoise(channel).readout else { return .exact }
        return ReadoutConfusion(falseSpike: readout[0][1], missedSpike: readout[1][0])
    }

    // MARK: Over-rotation in proportion to the angle

    /// The circuit as the device turns it: gates that over-rotate by a factor take (1 + factor) times their angle.
    public func executed(_ circuit: Circuit) -> Circuit {
        circuit.replacingAngles { gate in
            let factor = 1 + (gateNoise(gate).overRotation?.factor ?? 0)
            return switch gate.angle {
            case .none: .none
            case .fixed(let angle): .fixed(factor * angle)
            case .parameter(let index, let scale): .parameter(index: index, scale: factor * scale)
            }
        }
    }

    /// 1 + factor of the embedding rotation of a channel: φ = factor · π z.
    public func embeddingFactor(channel: Int) -> Double {
        1 + (embeddingNoise(channel).overRotation?.factor ?? 0)
    }

    // MARK: The channels one by one

    /// The same as ``noise(after:)``, channel by channel.
    public func channels(after gate: Gate) -> [Placement] {
        channels(gateNoise(gate), kind: gate.kind, qubits: gate.qubits)
    }

    /// The same as ``noiseAfterEmbedding(channel:)``, channel by channel.
    public func channelsAfterEmbedding(channel: Int) -> [Placement] {
        channels(embeddingNoise(channel), kind: .rx, qubits: [channel])
    }

    /// The same as ``noiseDuringMeasurement(qubit:ioQubits:)``, channel by channel.
    public func channelsDuringMeasurement(qubit: Int, ioQubits: Int) -> [Placement] {
        let duration = (0..<ioQubits).compactMap { parameters.qubitNoise($0).measurement }.max() ?? 0
        let dephasing = parameters.memoryDephasing?.channel.map { Placement(channel: $0, qubits: [qubit]) }
        return [relaxation(of: qubit, duration: duration), dephasing].compactMap(\.self)
    }

    private func gateNoise(_ gate: Gate) -> GateNoise {
        parameters.gateNoise(names: [gate.kind.name], qubits: gate.qubits)
    }

    private func embeddingNoise(_ channel: Int) -> GateNoise {
        parameters.gateNoise(
            names: [GateKind.rx.name, NoiseParameters.embedding], qubits: [channel])
    }

    private func channels(_ noise: GateNoise, kind: GateKind, qubits: [Int]) -> [Placement] {
        var channels: [Placement] = []
        if kind.takesAngle, let offset = noise.overRotation?.offset, offset != 0 {
            channels.append(Placement(channel: .overRotation(kind, angle: offset), qubits: qubits))
        }
        if let probability = noise.depolarizing, probability > 0 {
            channels.append(
                Placement(
                    channel: .depolarizing(probability: probability, qubitCount: qubits.count), qubits: qubits
                ))
        }
        channels += qubits.compactMap { relaxation(of: $0, duration: noise.duration ?? 0) }
        let damping: [(Double?, (Double) -> NoiseChannel)] = [
            (noise.amplitudeDamping, NoiseChannel.amplitudeDamping),
            (noise.phaseDamping, NoiseChannel.phaseDamping),
            (noise.bitFlip, NoiseChannel.bitFlip), (noise.phaseFlip, NoiseChannel.phaseFlip),
        ]
        for (probability, channel) in damping {
            guard let probability, probability > 0 else { continue }
            channels += qubits.map { Placement(channel: channel(probability), qubits: [$0]) }
        }
        if let matrices = noise.kraus {
            channels.append(Placement(channel: .kraus(KrausOperators(checked: matrices)), qubits: qubits))
        }
        return channels
    }

    private func relaxation(of qubit: Int, duration nanoseconds: Double) -> Placement? {
        let noise = parameters.qubitNoise(qubit)
        let t1 = noise.t1 ?? .infinity
        let t2 = noise.t2 ?? 2 * t1
        guard nanoseconds > 0, t1.isFinite || t2.isFinite else { return nil }
        return Placement(
            channel: .relaxation(t1: t1, t2: t2, duration: nanoseconds / 1000), qubits: [qubit])
    }

    /// One map on the given qubits from channels on some of them.
    private static func composed(_ channels: [Placement], on qubits: [Int]) -> PauliTransferMatrix {
        let identity = PauliTransferMatrix.identity(qubitCount: 1)
        return channels.reduce(.identity(qubitCount: qubits.count)) { product, placement in
            let map = placement.channel.transferMatrix
            guard map.qubitCount < qubits.count else { return map * product }
            let isFirst = placement.qubits[0] == qubits[0]
            return (isFirst ? map.tensor(identity) : identity.tensor(map)) * product
        }
    }
}
