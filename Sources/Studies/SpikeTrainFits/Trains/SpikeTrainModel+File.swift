import Files
import Networks
import Neurons

extension SpikeTrainModel {
    private static let schema = "sqsnn.spike-train-model/1"

    private struct File: Codable {
        let schema: String
        let neuron: AnyNeuronModel
        let hiddenCount: Int
        let lags: [Int]
        let scales: [Scale]
        let stepWidth: Double
        /// `[projection][input][neuron]`
        let weights: [[[Float]]]
        /// `[population][neuron][parameter]`
        let parameters: [[[Float]]]

        private enum CodingKeys: String, CodingKey {
            case schema, neuron, lags, scales, stepWidth, weights, parameters
            case hiddenCount = "hidden"
        }
    }

    /// - Throws: `FileError`.
    public func write(to path: String) throws {
        let output = network.populations[network.outputIndex]
        let file = File(
            schema: Self.schema, neuron: AnyNeuronModel(output.model),
            hiddenCount: network.populations.count > 1 ? network.populations[0].neuronCount : 0, lags: lags,
            scales: scales, stepWidth: stepWidth,
            weights: network.projections.map { projection in
                (0..<projection.inputCount).map { input in
                    (0..<projection.neuronCount).map { projection[input, $0] }
                }
            },
            parameters: network.populations.map { population in
                (0..<population.neuronCount).map { population[parameters: $0] }
            })
        try AtomicFile.write(try JSONDocument.encode(file) + [10], to: path)
    }

    /// - Throws: `FileError`, ``SpikeFitError/file(path:line:problem:)``.
    public init(readingFrom path: String) throws {
        func refused(_ problem: String) -> SpikeFitError { .file(path: path, line: 0, problem: problem) }
        let file: File
        do throws(JSONDocument.Problem) {
            file = try JSONDocument.decode(
                File.self, from: try Self.bytes(path))
        } catch {
            throw refused(error.text)
        }
        guard file.schema == Self.schema else {
            throw refused("schema: found '\(file.schema)', expected '\(Self.schema)'")
        }
        guard (0...1024).contains(file.hiddenCount), file.scales.count <= 4096 else {
            throw refused("hidden, scales: found too many of them")
        }
        var network = try Self.network(
            inputCount: file.scales.count + 1, neuron: file.neuron.model, hiddenCount: file.hiddenCount,
            outputCount: 1)
        guard file.weights.count == network.projections.count,
            file.parameters.count == network.populations.count
        else { throw refused("weights, parameters: found another number of layers than the network has") }
        for (index, weights) in file.weights.enumerated() {
            try network.withProjection(index) { projection in
                guard weights.count == projection.inputCount,
                    weights.allSatisfy({ $0.count == projection.neuronCount && $0.allSatisfy(\.isFinite) })
                else { throw refused("weights[\(index)]: found another shape than the network has") }
                for (input, row) in weights.enumerated() {
                    for (neuron, weight) in row.enumerated() { projection[input, neuron] = weight }
                }
            }
        }
        for (index, values) in file.parameters.enumerated() {
            try network.withPopulation(index) { population in
                guard values.count == population.neuronCount,
                    values.allSatisfy({
                        $0.count == population.parameterCount && $0.allSatisfy(\.isFinite)
                    })
                else { throw refused("parameters[\(index)]: found another shape than the network has") }
                for (neuron, parameters) in values.enumerated() {
                    population[parameters: neuron] = parameters
                }
            }
        }
        self.init(
            lags: file.lags, scales: file.scales, stepWidth: file.stepWidth, network: network)
    }

    private static func bytes(_ path: String) throws(JSONDocument.Problem) -> [UInt8] {
        do {
            return try InputFile.read(path, limit: InputFile.textLimit)
        } catch {
            throw JSONDocument.Problem(place: "", problem: "\(error)")
        }
    }
}
