import DeviceNoise
import Compute
import QuantumCircuits

/// What the kernels of noisy neurons need to know of a circuit and its noise, the same for all neurons of a population.
final class NoisyInstrument<Real: BinaryFloatingPoint & BitwiseCopyable & Sendable>: Sendable {
    let layout: NoisyLayout
    private let constants: AlignedBuffer<Real>
    private let operations: AlignedBuffer<NoisyOperation>
    private let pairs: AlignedBuffer<SIMD2<Int32>>
    private let starts: AlignedBuffer<Int32>
    private let places: AlignedBuffer<Int32>
    private let values: AlignedBuffer<Real>
    private let columns: AlignedBuffer<Int32>
    private let stateCount: Int

    init(_ circuit: Circuit, _ noise: NoiseModel) {
        layout = NoisyLayout(circuit, noise)
        constants = AlignedBuffer(
            (0..<circuit.ioQubits).flatMap { channel in
                let map = noise.noiseAfterEmbedding(channel: channel)
                // After RX(φ) on |0⟩, 1, Y, Z are 1, −sin φ, cos φ.
                let ofForms = [3, 2, 1].flatMap { [map[$0, 0], map[$0, 3], -map[$0, 2]] }
                return ([2 * noise.embeddingFactor(channel: channel)] + ofForms).map { Real($0) }
            })
        let program = NoisyOperations(circuit, noise)
        operations = AlignedBuffer(program.operations)
        pairs = AlignedBuffer(program.pairs)
        starts = AlignedBuffer(program.starts)
        places = AlignedBuffer(program.places)
        values = AlignedBuffer(program.values.map { Real($0) })
        let index = PauliIndex(qubitCount: circuit.qubitCount)
        stateCount = index.count
        let layout = layout
        columns = AlignedBuffer(
            (0..<layout.columnCount).map { column in
                var (place, form) = (column % layout.memoryCount, column / layout.memoryCount)
                for channel in (0..<circuit.ioQubits).reversed() {
                    place = index.replacing(place, channel, by: [0, 3, 2, 1][form % layout.formsPerChannel])
                    form /= layout.formsPerChannel
                }
                return Int32(place)
            })
    }

    /// Valid while this instrument is alive, as is ``program``.
    var embedding: NoisyEmbedding<Real> { NoisyEmbedding(constants: constants.base, layout: layout) }

    var program: NoisyProgram<Real> {
        NoisyProgram(
            operations: UnsafeBufferPointer(start: operations.base, count: operations.count),
            pairs: pairs.base, starts: starts.base, places: places.base, values: values.base,
            stateCount: stateCount, columns: columns.base, layout: layout)
    }
}

extension NoisyLayout {
    init(_ circuit: Circuit, _ noise: NoiseModel) {
        // X of an embedded qubit comes from noise alone.
        let makesX = (0..<circuit.ioQubits).contains { channel in
            let map = noise.noiseAfterEmbedding(channel: channel)
            return [0, 2, 3].contains { abs(map[1, $0]) > SparseMap.negligible }
        }
        self.init(
            ioQubits: circuit.ioQubits, memoryQubits: circuit.memoryQubits,
            formsPerChannel: makesX ? 4 : 3)
    }
}
