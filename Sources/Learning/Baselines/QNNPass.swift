import Compute
import Learning
import LinearAlgebra

/// A ``QNN`` on one batch after the other, forward and back.
struct QNNPass: Sendable {
    private let qnn: QNN
    private let inputCount: Int
    private let classCount: Int
    private let parallelism: Parallelism
    private let circuits: CircuitLayer<Float>
    /// `[sample][input]`
    private var inputs = WorkingBuffer<Float>()
    /// φ/π, ⟨Z⟩ and ∂L/∂⟨Z⟩, then ∂L/∂φ: `[qubit][sample]`, the qubits of circuit after circuit.
    private var features = WorkingBuffer<Float>()
    private var expectations = WorkingBuffer<Float>()
    private var errors = WorkingBuffer<Float>()
    /// `[class][sample]`
    private(set) var logits = WorkingBuffer<Float>()
    private var sampleCount = 0

    /// Rows of a product that a thread takes at a time.
    private static let rowsPerShare = 64

    init(_ qnn: QNN, inputCount: Int, classCount: Int, parallelism: Parallelism) {
        self.qnn = qnn
        self.inputCount = inputCount
        self.classCount = classCount
        self.parallelism = parallelism
        circuits = CircuitLayer(qnn, parallelism: parallelism)
    }

    /// Bytes of working memory for a batch.
    static func bytes(_ qnn: QNN, inputCount: Int, classCount: Int, sampleCount: Int, threadCount: Int)
        -> Count
    {
        let padded = CircuitLayer<Float>.paddedCount(sampleCount)
        return Count.of(4, padded, inputCount + 3 * qnn.width + classCount)
            + CircuitLayer<Float>.bytes(qnn, sampleCount: sampleCount, threadCount: threadCount)
    }

    private var padded: Int { CircuitLayer<Float>.paddedCount(sampleCount) }

    /// Leaves the logits of some images.
    ///
    /// - Parameter pixels: 0…255, `[sample][input]`.
    mutating func run(_ parameters: QNNParameters, pixels: [UInt8]) {
        sampleCount = pixels.count / inputCount
        inputs.resize(to: padded * inputCount)
        features.resize(to: qnn.width * padded)
        expectations.resize(to: qnn.width * padded)
        logits.resize(to: classCount * padded)
        let (inputs, features, inputCount, padded) = (inputs.view, features.view, inputCount, padded)
        for (index, pixel) in pixels.enumerated() { inputs[index] = Float(pixel) * (1 / 255) }
        // Samples of an earlier batch.
        inputs[pixels.count...].fill(with: 0)
        let (weights, biases) = (parameters.inputWeights.values.view, parameters.inputBiases.values.view)
        forEachRowShare(qnn.width) { rows in
            let part = features[rows.lowerBound * padded..<rows.upperBound * padded]
            MatrixProduct.set(
                part.pointer, rows: rows.count, columns: padded,
                .init(weights.pointer + rows.lowerBound * inputCount, stride: inputCount),
                .init(inputs.pointer, stride: inputCount, isTransposed: true), inner: inputCount)
            Self.add(biases[rows], to: part)
        }
        circuits.run(
            features: features.view, angles: parameters.angles.values.view, sampleCount: sampleCount,
            expectations: expectations.view)
        MatrixProduct.set(
            logits.view.pointer, rows: classCount, columns: padded,
            .init(parameters.outputWeights.values.view.pointer, stride: qnn.width),
            .init(expectations.view.pointer, stride: padded), inner: qnn.width)
        Self.add(parameters.outputBiases.values.view, to: logits.view)
    }

    /// The logits of one sample of the last run.
    func logits(_ sample: Int) -> [Double] { (0..<classCount).map { Double(logits[$0 * padded + sample]) } }

    /// Takes the gradient of a loss back through the last run.
    ///
    /// - Parameter slopes: ∂L/∂(logit), `[sample][class]`.
    mutating func reverse(_ parameters: inout QNNParameters, slopes: [Float]) {
        let (logits, padded) = (logits.view, padded)
        logits.fill(with: 0)
        for (index, slope) in slopes.enumerated() {
            let (sample, label) = index.quotientAndRemainder(dividingBy: classCount)
            logits[label * padded + sample] = slope
        }
        let (width, expectations, classCount) = (qnn.width, expectations.view, classCount)
        MatrixProduct.set(
            parameters.outputWeights.gradient.mutableView().pointer, rows: classCount, columns: width,
            .init(logits.pointer, stride: padded),
            .init(expectations.pointer, stride: padded, isTransposed: true), inner: padded)
        Self.sumRows(logits.view, to: parameters.outputBiases.gradient.mutableView(), scale: 1)
        errors.resize(to: width * padded)
        let errors = errors.view
        let readout = parameters.outputWeights.values.view
        forEachRowShare(width) { rows in
            MatrixProduct.set(
                errors.pointer + rows.lowerBound * padded, rows: rows.count, columns: padded,
                .init(readout.pointer + rows.lowerBound, stride: width, isTransposed: true),
                .init(logits.pointer, stride: padded), inner: classCount)
        }
        let angleGradient = circuits.reverse(
            features: features.view.view, angles: parameters.angles.values.view, sampleCount: sampleCount,
            expectations: expectations, errors: errors)
        parameters.angles.setGradient(angleGradient.map { Float($0) })
        // φ = π (W x + b)
        let gradient = parameters.inputWeights.gradient.mutableView()
        let (inputs, inputCount) = (inputs.view, inputCount)
        forEachRowShare(width) { rows in
            MatrixProduct.set(
                gradient.pointer + rows.lowerBound * inputCount, rows: rows.count, columns: inputCount,
                .init(errors.pointer + rows.lowerBound * padded, stride: padded),
                .init(inputs.pointer, stride: inputCount), inner: padded, scale: .pi)
        }
        Self.sumRows(errors.view, to: parameters.inputBiases.gradient.mutableView(), scale: .pi)
    }

    private func forEachRowShare(_ rowCount: Int, _ body: @Sendable (Range<Int>) -> Void) {
        parallelism.forEach((rowCount + Self.rowsPerShare - 1) / Self.rowsPerShare) { share, _ in
            let first = share * Self.rowsPerShare
            body(first..<min(first + Self.rowsPerShare, rowCount))
        }
    }

    /// Adds a number to each row.
    private static func add(_ numbers: BufferView<Float>, to rows: MutableBufferView<Float>) {
        let size = rows.count / numbers.count
        for (row, number) in numbers.array.enumerated() {
            let row = rows.part(row, size: size)
            for index in row.indices { row[index] += number }
        }
    }

    private static func sumRows(
        _ rows: BufferView<Float>, to sums: MutableBufferView<Float>, scale: Float
    ) {
        let size = rows.count / sums.count
        for index in sums.indices { sums[index] = scale * rows.part(index, size: size).array.reduce(0, +) }
    }
}
