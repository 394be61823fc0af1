import Compute
import Learning

/// The trainable numbers of a ``QNN``, with their gradients and moments.
package struct QNNParameters: Sendable, Equatable {
    /// W and b of the first classical layer, `[qubit][input]` and `[qubit]`, the qubits of circuit after circuit.
    package var inputWeights: TrainedValues
    package var inputBiases: TrainedValues
    /// θ, radians, `[circuit][angle]`.
    package var angles: TrainedValues
    /// W' and b' of the last, `[class][qubit]` and `[class]`.
    package var outputWeights: TrainedValues
    package var outputBiases: TrainedValues

    /// Random parameters: weights and constants uniform in ±gain/√(inputs of the layer), angles normal.
    init(
        _ qnn: QNN, inputCount: Int, classCount: Int, seed: UInt64, weightGain: Double, angleMean: Double,
        angleDeviation: Double
    ) {
        func uniform(_ count: Int, inputs: Int, _ number: Int) -> TrainedValues {
            var random = RandomStream(seed: seed, purpose: .initialization, population: number).generator()
            let bound = weightGain / Double(inputs).squareRoot()
            return TrainedValues(
                (0..<count).map { _ in Float(Double.random(in: -bound...bound, using: &random)) })
        }
        inputWeights = uniform(qnn.width * inputCount, inputs: inputCount, 0)
        inputBiases = uniform(qnn.width, inputs: inputCount, 1)
        outputWeights = uniform(classCount * qnn.width, inputs: qnn.width, 2)
        outputBiases = uniform(classCount, inputs: qnn.width, 3)
        var normal = RandomStream(seed: seed, purpose: .initialization, population: 4).generator()
        angles = TrainedValues(
            (0..<qnn.circuitCount * qnn.anglesPerCircuit).map { _ in
                Float(angleMean + angleDeviation * .standardNormal(using: &normal))
            })
    }

    /// One of the groups of numbers.
    package struct Part: Sendable {
        /// What checkpoints call it.
        package let name: String
        package let field: WritableKeyPath<QNNParameters, TrainedValues> & Sendable
    }

    /// All parts, in the order in which they are trained and kept.
    package static let parts: [Part] = [
        Part(name: "input.weights", field: \.inputWeights),
        Part(name: "input.biases", field: \.inputBiases),
        Part(name: "angles", field: \.angles),
        Part(name: "output.weights", field: \.outputWeights),
        Part(name: "output.biases", field: \.outputBiases),
    ]

    private var all: [TrainedValues] { Self.parts.map { self[keyPath: $0.field] } }

    var count: Int { all.reduce(0) { $0 + $1.values.count } }

    /// Euclidean norm of the gradient, summed in order.
    var gradientNorm: Double {
        all.reduce(0.0) { sum, part in
            part.gradient.array.reduce(sum) { $0 + Double($1) * Double($1) }
        }.squareRoot()
    }

    /// Whether every parameter is a number of at most this magnitude, and every moment one at all.
    func isWithin(_ limit: Float) -> Bool {
        all.allSatisfy { part in
            part.values.withUnsafeBufferPointer { $0.allSatisfy { $0.magnitude <= limit } }
                && part.moments.allSatisfy { $0.withUnsafeBufferPointer { $0.allSatisfy(\.isFinite) } }
        }
    }
}
