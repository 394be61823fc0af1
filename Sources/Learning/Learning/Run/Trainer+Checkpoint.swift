import Compute
import Files
import Networks

extension Trainer {
    /// SHA-256 of the parameters, hexadecimal: the weights of projection after projection, then the neurons' parameters of population
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
        parameters(network.projections.map(\.weights), network.populations.map(\.parameters), prefix: "")
    }

    private func parameters(
        _ weights: [AlignedBuffer<Float>], _ neurons: [AlignedBuffer<Float>], prefix: String
    ) -> [Parameter] {
        network.projections.indices.map {
            Parameter(
                place: .projection($0), name: "\(prefix)projections.\($0).weights",
                layout: .weights(network.projections[$0]), values: weights[$0])
        }
            + network.populations.enumerated().flatMap { index, population in
                var first = 0
                return population.model.parameterGroups.map { group in
                    defer { first += group.count }
                    return Parameter(
                        place: .population(index), name: "\(prefix)populations.\(index).\(group.name)",
                        layout: .parameters(population, first..<first + group.count), values: neurons[index])
                }
            }
    }

    private static func momentPrefix(_ moment: Int) -> String { "moments.\(moment)." }

    private func moments(_ moment: Int) -> [Parameter] {
        parameters(
            optimizerState.weightMoments[moment], optimizerState.neuronMoments[moment],
            prefix: Self.momentPrefix(moment))
    }

    private var allParameters: [Parameter] {
        parameters + optimizerState.weightMoments.indices.flatMap(moments)
    }

    /// Everything needed to go on: parameters, moments, and where the run stands. Never neuron state: there is
    /// none between batches.
    ///
    /// Tensors: `projections.N.weights`, `[neuron, input]` where all neurons are connected (`[current, neuron, input]` with
    /// several currents), otherwise `[current, weight]` in the order of the synapses; `populations.N.GROUP`, such as `angles`,
    /// `[neuron, parameter]`; and the same under `moments.K.` for the optimiser.
    public func checkpoint() throws -> SafetensorsFile { try checkpoint(record) }

    /// What a checkpoint says of the trainer.
    var record: CheckpointRecord {
        CheckpointRecord(progress: progress, updateCount: optimizerState.updateCount)
    }

    /// A checkpoint with more to say than the trainer knows.
    func checkpoint(_ record: CheckpointRecord) throws -> SafetensorsFile {
        let tensors = allParameters.map { ($0.name, $0.layout.tensor($0.values)) }
        return SafetensorsFile(Dictionary(uniqueKeysWithValues: tensors), metadata: try record.metadata)
    }

    /// Bytes that a checkpoint of the trainer has at most, with the text of its metrics.
    var checkpointByteLimit: Int {
        let numbers = network.parameterCount * (1 + optimizerState.weightMoments.count)
        let textOfEpoch = 1024 + 64 * network.populations.count
        return 4 * numbers + recipe.epochCount * textOfEpoch + 1 << 20
    }

    /// Whether all numbers are such that a checkpoint of them can be gone on with.
    var isSound: Bool {
        network.parametersAreWithin(Self.largestParameter)
            && (optimizerState.weightMoments + optimizerState.neuronMoments).joined().allSatisfy {
                $0.withUnsafeBufferPointer { $0.allSatisfy(\.isFinite) }
            }
            && progress.partial.lossSum.isFinite && progress.partial.regulariserSum.isFinite
    }

    /// Puts the trainer where a checkpoint was taken.
    ///
    /// - Parameter sampleCount: training samples, which decide where in an epoch a run can stand; nil where they are not known.
    /// - Throws: ``RunError`` for a checkpoint of another schema, network or optimiser, or with numbers that training cannot
    ///   have come to; the trainer is then unchanged.
    public mutating func restore(_ file: SafetensorsFile, sampleCount: Int? = nil) throws {
        let record = try CheckpointRecord(file)
        try record.check(recipe: recipe, network: network, sampleCount: sampleCount)
        try checkShapes(file)
        var network = network
        var moments = optimizerState
        let parameterRange = -Self.largestParameter...Self.largestParameter
        for parameter in parameters {
            let (layout, name) = (parameter.layout, parameter.name)
            switch parameter.place {
            case .projection(let index):
                try network.withProjection(index) {
                    try layout.read(file, name, in: parameterRange, to: &$0.weights)
                }
            case .population(let index):
                try network.withPopulation(index) {
                    try layout.read(file, name, in: parameterRange, to: &$0.parameters)
                }
            }
            for moment in moments.weightMoments.indices {
                let (name, range) = (
                    Self.momentPrefix(moment) + name, recipe.optimizerRule.momentRange(moment)
                )
                switch parameter.place {
                case .projection(let index):
                    try layout.read(file, name, in: range, to: &moments.weightMoments[moment][index])
                case .population(let index):
                    try layout.read(file, name, in: range, to: &moments.neuronMoments[moment][index])
                }
            }
        }
        moments.updateCount = record.updateCount
        replace(network: network, optimizerState: moments, progress: record.progress)
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
