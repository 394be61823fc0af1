import Neurons

extension Workload {
    /// As in headings: `784-1000-10 exchange neurons, M_q = 1, T = 5, batch 256, density 20 %`.
    public var title: String {
        let circuit = model.circuit.map {
            ", M_q = \($0.memoryQubits)" + ($0.ioQubits > 1 ? ", N = \($0.ioQubits)" : "")
        }
        let parts = [
            "\(inputCount)-\(hiddenCount)-\(outputCount) \(model.circuit?.name ?? model.kind) neurons"
                + (circuit ?? ""),
            isNoisy ? "noisy" : nil, recurrence.map { "recurrent at \(Quantity.percent($0))" },
            "T = \(stepCount)", "batch \(batchSize)", "density \(Quantity.percent(density))",
            localRule.map { "local rule (\($0.estimator.rawValue))" },
        ]
        return parts.compactMap(\.self).joined(separator: ", ")
    }
}
