import Compute
import Diagnostics
import Digests
import Foundation
import SpikingNetworks

extension Trainer {
    /// Schema of the checkpoints that this release writes and reads.
    static let checkpointSchema = "sqsnn.checkpoint/2"

    /// SHA-256 of the parameters, hexadecimal: the weights of projection after projection, then the angles of population
    /// after population, in the shapes of a checkpoint, as little-endian single-precision numbers.
    public var weightsDigest: String {
        var hasher = SHA256Hasher()
        for parameter in parameters {
            hasher.update(Tensor(parameter.layout.unpack(parameter.values)).bytes)
        }
        return hasher.finalize()
    }

    /// All parameters, or the moments that belong to them, under their names in a checkpoint.
    private struct Parameter {
        enum Place {
            case projection(Int)
            case population(Int)
        }

        let place: Place
        let name: String
        let layout: ParameterLayout
        let values: AlignedBuffer<Float>
    }

    private var parameters: [Parameter] {
        parameters(network.projections.map(\.weights), network.populations.map(\.angles), prefix: "")
    }

    private func parameters(
        _ weights: [AlignedBuffer<Float>], _ angles: [AlignedBuffer<Float>], prefix: String
    ) -> [Parameter] {
        network.projections.indices.map {
            Parameter(
                place: .projection($0), name: "\(prefix)projections.\($0).weights",
                layout: .weights(network.projections[$0]), values: weights[$0])
        }
            + network.populations.indices.map {
                Parameter(
                    place: .population($0), name: "\(prefix)populations.\($0).angles",
                    layout: .angles(network.populations[$0]), values: angles[$0])
            }
    }

    private static func momentPrefix(_ moment: Int) -> String { "moments.\(moment)." }

    private func moments(_ moment: Int) -> [Parameter] {
        parameters(
            optimizerState.weightMoments[moment], optimizerState.angleMoments[moment],
            prefix: Self.momentPrefix(moment))
    }

    private var allParameters: [Parameter] {
        parameters + optimizerState.weightMoments.indices.flatMap(moments)
    }

    /// Everything needed to go on: parameters, moments, and where the run stands. Never neuron state: there is
    /// none between batches.
    ///
    /// Tensors: `projections.N.weights`, `[neuron, input]` where all neurons are connected (`[channel, neuron, input]` with
    /// several channels), otherwise `[channel, weight]` in the order of the synapses; `populations.N.angles`
    /// `[neuron, angle]`; and the same under `moments.K.` for the optimiser.
    public func checkpoint() throws -> SafetensorsFile {
        let tensors = allParameters.map { ($0.name, $0.layout.tensor($0.values)) }
        let state = CheckpointState(progress: progress, updateCount: optimizerState.updateCount)
        return SafetensorsFile(
            Dictionary(uniqueKeysWithValues: tensors),
            metadata: [
                "schema": Self.checkpointSchema, "version": Software.version,
                "state": String(decoding: try JSONDocument.encode(state), as: UTF8.self),
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
                CheckpointState.self, from: (file.metadata["state"] ?? "").utf8, .oldNames)
        } catch {
            throw RunError.checkpoint(
                file.source, problem: "metadata state: \(error.place) \(error.problem)")
        }
        try checkShapes(file)
        var network = network
        var moments = optimizerState
        for parameter in parameters {
            let values = try parameter.layout.read(file, parameter.name)
            let momentValues = try moments.weightMoments.indices.map {
                try parameter.layout.read(file, Self.momentPrefix($0) + parameter.name)
            }
            switch parameter.place {
            case .projection(let index):
                network.withProjection(index) { $0.weights = values }
                for moment in momentValues.indices {
                    moments.weightMoments[moment][index] = momentValues[moment]
                }
            case .population(let index):
                network.withPopulation(index) { $0.angles = values }
                for moment in momentValues.indices {
                    moments.angleMoments[moment][index] = momentValues[moment]
                }
            }
        }
        moments.updateCount = state.updateCount
        replace(network: network, optimizerState: moments, progress: state.progress)
    }

    /// Tensor by tensor, so that a checkpoint with more of them than the network has is refused too.
    private func checkShapes(_ file: SafetensorsFile) throws {
        let expected = Dictionary(
            uniqueKeysWithValues: allParameters.map { ($0.name, $0.layout.shape) })
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
