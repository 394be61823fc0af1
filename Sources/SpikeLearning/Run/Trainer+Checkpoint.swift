import Compute
import Diagnostics
import Digests
import Foundation
import SpikingNetworks

extension Trainer {
    /// Schema of the checkpoints that this release writes and reads.
    static let checkpointSchema = "sqsnn.checkpoint/1"

    /// SHA-256 of the parameters, hexadecimal: layer after layer, first the weights `[neuron][input]`, then the
    /// angles `[neuron][angle]`, as little-endian single-precision numbers.
    public var weightsDigest: String {
        var hasher = SHA256Hasher()
        for layer in network.layers {
            hasher.update(Tensor(PackedLayout.weights(layer).unpack(layer.projection.weights)).bytes)
            hasher.update(Tensor(PackedLayout.angles(layer).unpack(layer.population.angles)).bytes)
        }
        return hasher.finalize()
    }

    /// Everything needed to go on: parameters, moments, and where the run stands. Never neuron state: there is
    /// none between batches.
    ///
    /// Tensors: `layers.N.weights` `[neuron, input]`, `layers.N.angles` `[neuron, angle]`, and the same under
    /// `moments.K.` for the optimiser.
    public func checkpoint() throws -> SafetensorsFile {
        var tensors: [String: Tensor] = [:]
        for (index, layer) in network.layers.enumerated() {
            let (weights, angles) = (PackedLayout.weights(layer), PackedLayout.angles(layer))
            func add(
                _ prefix: String, _ packedWeights: AlignedBuffer<Float>, _ packedAngles: AlignedBuffer<Float>
            ) {
                tensors["\(prefix)layers.\(index).weights"] = weights.tensor(packedWeights)
                tensors["\(prefix)layers.\(index).angles"] = angles.tensor(packedAngles)
            }
            add("", layer.projection.weights, layer.population.angles)
            for moment in optimizerState.weightMoments.indices {
                add(
                    "moments.\(moment).", optimizerState.weightMoments[moment][index],
                    optimizerState.angleMoments[moment][index])
            }
        }
        let state = CheckpointState(progress: progress, updateCount: optimizerState.updateCount)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return SafetensorsFile(
            tensors,
            metadata: [
                "schema": Self.checkpointSchema, "version": Software.version,
                "state": String(decoding: try encoder.encode(state), as: UTF8.self),
            ])
    }

    /// Puts the trainer where a checkpoint was taken.
    ///
    /// - Throws: ``RunError`` for a checkpoint of another schema, network or optimiser; the trainer is then unchanged.
    public mutating func restore(_ file: SafetensorsFile) throws {
        guard file.metadata["schema"] == Self.checkpointSchema else {
            let found = file.metadata["schema"] ?? "none"
            throw RunError.checkpoint(
                file.source, problem: "found schema \(found), expected \(Self.checkpointSchema)")
        }
        let state: CheckpointState
        do throws(JSONDocument.Problem) {
            state = try JSONDocument.decode(
                CheckpointState.self, from: Data((file.metadata["state"] ?? "").utf8))
        } catch {
            throw RunError.checkpoint(
                file.source, problem: "metadata state: \(error.place) \(error.problem)")
        }
        try checkShapes(file)
        var network = network
        var moments = optimizerState
        for index in network.layers.indices {
            let layer = network.layers[index]
            let (weights, angles) = (PackedLayout.weights(layer), PackedLayout.angles(layer))
            let newWeights = try weights.read(file, "layers.\(index).weights")
            let newAngles = try angles.read(file, "layers.\(index).angles")
            network.withLayer(index) {
                $0.projection.weights = newWeights
                $0.population.angles = newAngles
            }
            for moment in moments.weightMoments.indices {
                moments.weightMoments[moment][index] = try weights.read(
                    file, "moments.\(moment).layers.\(index).weights")
                moments.angleMoments[moment][index] = try angles.read(
                    file, "moments.\(moment).layers.\(index).angles")
            }
        }
        moments.updateCount = state.updateCount
        replace(network: network, optimizerState: moments, progress: state.progress)
    }

    /// Tensor by tensor, so that a checkpoint with more layers than the network is refused too.
    private func checkShapes(_ file: SafetensorsFile) throws {
        let prefixes = [""] + optimizerState.weightMoments.indices.map { "moments.\($0)." }
        var expected: [String: [Int]] = [:]
        for (index, layer) in network.layers.enumerated() {
            for prefix in prefixes {
                expected["\(prefix)layers.\(index).weights"] = PackedLayout.weights(layer).shape
                expected["\(prefix)layers.\(index).angles"] = PackedLayout.angles(layer).shape
            }
        }
        let found = Dictionary(uniqueKeysWithValues: file.entries.map { ($0.name, $0.tensor.shape) })
        let names = Set(found.keys).union(expected.keys).sorted()
        guard let name = names.first(where: { found[$0] != expected[$0] }) else { return }
        func text(_ shape: [Int]?) -> String { shape.map { "shape \($0)" } ?? "none" }
        throw RunError.checkpoint(
            file.source,
            problem: "tensor '\(name)': found \(text(found[name])), expected \(text(expected[name]))")
    }
}

/// The scalars of a checkpoint.
private struct CheckpointState: Codable {
    var progress: TrainingProgress
    var updateCount: Int
}

/// Between the packed layout of the kernels, tiles of 64 neurons, and plain rows of neurons.
private struct PackedLayout {
    let neuronCount: Int
    /// Numbers of one neuron: inputs or angles.
    let rowLength: Int

    var shape: [Int] { [neuronCount, rowLength] }

    static func weights(_ layer: Network.Layer) -> PackedLayout {
        PackedLayout(neuronCount: layer.projection.neuronCount, rowLength: layer.projection.inputCount)
    }

    static func angles(_ layer: Network.Layer) -> PackedLayout {
        PackedLayout(neuronCount: layer.population.neuronCount, rowLength: layer.population.model.angleCount)
    }

    private func index(_ neuron: Int, _ column: Int) -> Int {
        (neuron / tileWidth * rowLength + column) * tileWidth + neuron % tileWidth
    }

    func unpack(_ packed: AlignedBuffer<Float>) -> [Float] {
        var plain = [Float](repeating: 0, count: neuronCount * rowLength)
        packed.withUnsafeBufferPointer { source in
            for neuron in 0..<neuronCount {
                for column in 0..<rowLength {
                    plain[neuron * rowLength + column] = source[index(neuron, column)]
                }
            }
        }
        return plain
    }

    func tensor(_ packed: AlignedBuffer<Float>) -> Tensor {
        Tensor(unpack(packed), shape: shape)
    }

    func read(_ file: SafetensorsFile, _ name: String) throws -> AlignedBuffer<Float> {
        let values = try file.values(name, as: Float.self, shape: shape)
        let tileCount = (neuronCount + tileWidth - 1) / tileWidth
        var packed = [Float](repeating: 0, count: tileCount * rowLength * tileWidth)
        for neuron in 0..<neuronCount {
            for column in 0..<rowLength {
                packed[index(neuron, column)] = values[neuron * rowLength + column]
            }
        }
        return AlignedBuffer(packed)
    }
}
