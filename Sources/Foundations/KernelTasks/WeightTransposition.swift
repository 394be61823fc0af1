/// Weights of one presynaptic tile with the presynaptic neuron innermost.
///
/// - Parameters:
///   - weights: of a projection, `[postsynaptic tile][input][64]`.
///   - inputCount: presynaptic neurons of the projection.
///   - neuronCount: postsynaptic neurons.
///   - tile: of presynaptic neurons, whose neurons past the last have weight 0.
///   - transposed: `[postsynaptic neuron][64]`.
public func transposeWeights(
    _ weights: UnsafePointer<Float>, inputCount: Int, neuronCount: Int, tile: Int,
    to transposed: UnsafeMutablePointer<Float>
) {
    let first = tile * tileWidth
    let existing = min(inputCount - first, tileWidth)
    for neuron in 0..<neuronCount {
        let source = weights + (neuron / tileWidth * inputCount + first) * tileWidth + neuron % tileWidth
        let target = transposed + neuron * tileWidth
        for input in 0..<existing { target[input] = source[input &* tileWidth] }
        for input in existing..<tileWidth { target[input] = 0 }
    }
}
