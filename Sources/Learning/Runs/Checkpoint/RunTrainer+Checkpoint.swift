import Compute
import Files
import Learning
import Networks

extension RunTrainer {
    /// SHA-256 of the parameters, hexadecimal: group after group in the order of ``updateStored(_:)``, in the shapes of a checkpoint, as
    /// little-endian single-precision numbers.
    package var weightsDigest: String {
        var hasher = SHA256Hasher()
        for parameter in stored { hasher.update(Tensor(parameter.layout.unpack(parameter.values)).bytes) }
        return hasher.finalize()
    }

    private static func momentName(_ moment: Int, _ name: String) -> String { "moments.\(moment).\(name)" }

    /// What a checkpoint says of the trainer.
    var record: CheckpointRecord { CheckpointRecord(progress: progress, updateCount: updateCount) }

    /// Everything needed to go on: the groups of parameters under their names, and under `moments.K.` those of the optimiser.
    func checkpoint(_ record: CheckpointRecord) throws -> SafetensorsFile {
        let tensors = stored.flatMap { parameter in
            [(parameter.name, parameter.layout.tensor(parameter.values))]
                + parameter.moments.enumerated().map {
                    (Self.momentName($0.offset, parameter.name), parameter.layout.tensor($0.element))
                }
        }
        return SafetensorsFile(Dictionary(uniqueKeysWithValues: tensors), metadata: try record.metadata)
    }

    /// Bytes that a checkpoint of the trainer has at most, with the text of its metrics.
    var checkpointByteLimit: Int {
        let numbers = parameterCount * (1 + (stored.first?.moments.count ?? 0))
        let textOfEpoch = 1024 + 64 * spikeSlots.count
        return 4 * numbers + plan.epochCount * textOfEpoch + 1 << 20
    }

    /// Puts the trainer where a checkpoint was taken.
    ///
    /// - Parameter sampleCount: training samples, which decide where in an epoch a run can stand; nil where they are not known.
    /// - Throws: ``RunError`` for a checkpoint of another schema, network or optimiser, or with numbers that training cannot
    ///   have come to; the trainer is then unchanged.
    package mutating func restoreState(_ file: SafetensorsFile, sampleCount: Int?) throws {
        let record = try CheckpointRecord(file)
        try record.check(plan: plan, spikeSlots: spikeSlots, sampleCount: sampleCount)
        try checkShapes(file)
        let parameterRange = -Trainer.largestParameter...Trainer.largestParameter
        var restored = self
        try restored.updateStored { parameter in
            try parameter.layout.read(file, parameter.name, in: parameterRange, to: &parameter.values)
            for moment in parameter.moments.indices {
                try parameter.layout.read(
                    file, Self.momentName(moment, parameter.name), in: plan.optimizer.momentRange(moment),
                    to: &parameter.moments[moment])
            }
        }
        restored.stand(at: record.progress, updateCount: record.updateCount)
        self = restored
    }

    /// Tensor by tensor, so that a checkpoint with more of them than the trainer has is refused too.
    private func checkShapes(_ file: SafetensorsFile) throws {
        let expected = stored.reduce(into: [String: [Int]]()) { shapes, parameter in
            shapes[parameter.name] = parameter.layout.shape
            for moment in parameter.moments.indices {
                shapes[Self.momentName(moment, parameter.name)] = parameter.layout.shape
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

// What a library user does by hand.
extension Trainer {
    /// SHA-256 of the parameters, hexadecimal: the weights of projection after projection, then the neurons' parameters of
    /// population after population, and what numbers the objective trains, in the shapes of a checkpoint, as little-endian
    /// single-precision numbers.
    public var weightsDigest: String { (self as any RunTrainer).weightsDigest }

    /// Everything needed to go on: parameters, moments, and where the run stands.
    public func checkpoint() throws -> SafetensorsFile { try checkpoint(record) }

    /// Puts the trainer where a checkpoint was taken.
    ///
    /// - Parameter sampleCount: training samples, which decide where in an epoch a run can stand; nil where they are not known.
    /// - Throws: ``RunError``; the trainer is then unchanged.
    public mutating func restore(_ file: SafetensorsFile, sampleCount: Int? = nil) throws {
        try restoreState(file, sampleCount: sampleCount)
    }
}
