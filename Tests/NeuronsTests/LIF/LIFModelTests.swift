import Files
import Foundation
import TestSupport
import Testing

@testable import Neurons

struct LIFModelTests {
    /// A trace file of the golden cases of a model.
    static func goldenTrace(_ key: String, model: String) throws -> Data {
        let models = try #require(
            JSONSerialization.jsonObject(with: Golden.data("models.json")) as? [String: [[String: Any]]])
        let cases = try #require(models[key]).map { $0.merging(["model": model]) { own, _ in own } }
        return try JSONSerialization.data(
            withJSONObject: ["schema": NeuronTrace.schema, "cases": cases])
    }

    /// The largest difference of a trace's results from what its cases expect.
    static func largestDifference(_ data: Data) throws -> Double {
        let trace = try NeuronTrace.decode(data, path: "models.json")
        let results = try trace.run(path: "models.json")
        #expect(!results.cases.isEmpty)
        return try results.differences.map { try #require($0 ?? nil) }.max() ?? .nan
    }

    /// Expected values from `Tests/Golden/models.json`: snnTorch's `Leaky`, and the control's own.
    @Test(
        "traces of classical neurons agree with their golden values",
        arguments: [("lif", "lif"), ("last_spike_feedback", "last-spike-feedback")])
    func trace(key: String, model: String) throws {
        let data = try Self.goldenTrace(key, model: model)
        #expect(try Self.largestDifference(data) < 1e-12)
        let again = try JSONDocument.encode(NeuronTrace.decode(data, path: "models.json"))
        #expect(try Self.largestDifference(Data(again)) < 1e-12)
    }

    @Test("a model survives its JSON")
    func codable() throws {
        let model = try LIF(
            decay: 0.75, threshold: 0.5, learnsDecay: true, reset: .zero, surrogate: .fastSigmoid(slope: 10),
            regularized: .clipped)
        let text = try JSONDocument.encode(AnyNeuronModel(model))
        #expect(try JSONDocument.decode(AnyNeuronModel.self, from: text) == AnyNeuronModel(model))
        let usual = try JSONDocument.decode(AnyNeuronModel.self, from: Array(#"{"model": "lif"}"#.utf8))
        #expect(try usual == AnyNeuronModel(LIF()))
    }

    @Test(
        "what no such neuron has is refused at its field",
        arguments: [
            (#""decay": 1.5"#, "decay"), (#""threshold": -1"#, "threshold"), (#""reset": "none""#, "reset"),
            (#""regularized": "u""#, "regularized"),
            (#""spike_surrogate": "arctna""#, "spike_surrogate"),
            (#""surrogate_width": 0"#, "surrogate_width"),
            (#""ansatz": "exchange""#, "ansatz"),
        ])
    func refused(field: String, place: String) {
        let text = Array("{\"model\": \"lif\", \(field)}".utf8)
        let error = #expect(throws: JSONDocument.Problem.self) {
            try JSONDocument.decode(AnyNeuronModel.self, from: text)
        }
        #expect(error?.place == place)
    }

    @Test("learnt numbers are parameters with their bounds, fixed ones are not")
    func parameters() throws {
        #expect(try LIF().parameterGroups.isEmpty)
        let groups = try LIF(decay: 0.8, learnsDecay: true, learnsThreshold: true).parameterGroups
        #expect(groups.map(\.name) == ["decays", "thresholds"])
        #expect(groups.map(\.initial) == [.constant(Double(Float(0.8))), .constant(1)])
        #expect(groups[0].bounds == 0...1)
    }
}
