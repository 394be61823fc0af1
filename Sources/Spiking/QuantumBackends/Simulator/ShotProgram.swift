import Compute
import DeviceNoise
import Glibc
import Neurons
import QuantumCircuits

/// A neuron circuit and its noise, as what they do to Pauli coefficients: the operations of the noisy neurons of networks,
/// in double precision and one after the other.
struct ShotProgram: Sendable {
    let neuron: NeuronCircuit
    /// Copies of what ``NoisyOperations`` holds, in this module, where reading one costs no call.
    private let operations: [NoisyOperation]
    private let pairs: [SIMD2<Int32>]
    private let starts: [Int32]
    private let places: [Int32]
    private let values: [Double]
    /// For each channel the factor of the rotation's angle, and the Pauli transfer matrix after it, row by row.
    private let embeddings: [(factor: Double, map: [Double])]

    /// Coefficients of all qubits, 4^(N + M).
    var stateCount: Int { 1 << (2 * neuron.circuit.qubitCount) }
    /// Coefficients of the memory, 4^M.
    var memoryCount: Int { 1 << (2 * neuron.circuit.memoryQubits) }
    var patternCount: Int { neuron.circuit.patternCount }
    /// Numbers that ``turns(_:)`` gives.
    var turnCount: Int { 2 * operations.count }

    init(_ neuron: NeuronCircuit, noise: NoiseModel) {
        self.neuron = neuron
        let program = NoisyOperations(neuron.circuit, noise)
        operations = program.operations
        pairs = program.pairs
        starts = program.starts
        places = program.places
        values = program.values
        embeddings = (0..<neuron.channelCount).map {
            (noise.embeddingFactor(channel: $0), noise.noiseAfterEmbedding(channel: $0).entries)
        }
    }

    /// Cosine and sine of each operation that is a rotation, 1 and 0 of the others.
    func turns(_ parameters: [Double]) -> [Double] {
        operations.flatMap { operation -> [Double] in
            guard case .rotation(let rotation) = operation else { return [1, 0] }
            var quarterTurns = rotation.fixedTurns
            if rotation.parameter >= 0 {
                quarterTurns += rotation.scale * parameters[Int(rotation.parameter)]
            }
            return [cos(quarterTurns * .pi / 2), sin(quarterTurns * .pi / 2)]
        }
    }

    /// Coefficients of all input-output qubits after the embedding of a step, 4^N, the first channel most significant.
    func embedded(_ parameters: [Double], step: Int) -> [Double] {
        let first = neuron.circuit.parameterCount + step * neuron.channelCount
        return embeddings.enumerated().reduce([1]) { product, entry in
            let angle = entry.element.factor * parameters[first + entry.offset]
            let rotated = [1, 0, -sin(angle), cos(angle)]
            let map = entry.element.map
            let state = (0..<4).map { row in
                (0..<4).reduce(0.0) { $0 + map[4 * row + $1] * rotated[$1] }
            }
            return product.flatMap { left in state.map { left * $0 } }
        }
    }

    /// One step: coefficients of the memory after it for each pattern that is read, times the probability to read it.
    ///
    /// - Parameters:
    ///   - state: coefficients of all qubits after the embedding; overwritten.
    ///   - other: as many numbers, overwritten; holds the result, `[pattern][memory coefficient]`.
    ///   - turns: of ``turns(_:)``.
    func run(_ state: inout [Double], _ other: inout [Double], turns: [Double]) {
        for index in operations.indices {
            switch operations[index] {
            case .rotation(let rotation):
                var coefficients = state.mutableSpan
                rotate(
                    &coefficients, rotation, cosine: turns[2 * index], sine: turns[2 * index + 1])
            case .map(let map):
                var rows = other.mutableSpan
                apply(map, to: state.span, &rows)
                swap(&state, &other)
            }
        }
        // The last operation is a map, onto the memory for each pattern.
        swap(&state, &other)
    }

    private func rotate(
        _ state: inout MutableSpan<Double>, _ rotation: NoisyRotation, cosine: Double, sine: Double
    ) {
        let pairs = pairs.span
        for pair in rotation.firstPair..<rotation.firstPair + rotation.pairCount {
            let (first, second) = (Int(pairs[pair].x), Int(pairs[pair].y))
            let (left, right) = (state[first], state[second])
            state[first] = left * cosine - right * sine
            state[second] = left * sine + right * cosine
        }
    }

    private func apply(_ map: NoisyMap, to state: Span<Double>, _ result: inout MutableSpan<Double>) {
        let (starts, places, values) = (starts.span, places.span, values.span)
        for row in 0..<map.rowCount {
            var sum = 0.0
            for entry in Int(starts[map.rows + row])..<Int(starts[map.rows + row + 1]) {
                sum += values[entry] * state[Int(places[entry])]
            }
            result[row] = sum
        }
    }
}
