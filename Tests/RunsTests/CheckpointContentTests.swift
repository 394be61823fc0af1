import Files
import Foundation
import TestSupport
import Testing

@testable import Learning
@testable import Runs

/// Every number of a checkpoint and of its text is compared with what training can come to, before it is used.
struct CheckpointContentTests {
    let examples: RunExamples

    /// Stopped in the second epoch, after two batches of 16 images.
    init() throws {
        examples = try RunExamples()
        try examples.stop(after: 7)
    }

    /// What resuming and looking say, which is the same.
    private func refusal() throws -> String {
        let resumed = #expect(throws: (any Error).self) { try examples.open() }
        let read = #expect(throws: (any Error).self) { try examples.read() }
        #expect("\(try #require(resumed))" == "\(try #require(read))")
        return "\(try #require(read))"
    }

    private static let states: [(field: [String], value: String, expected: String)] = [
        (["progress", "epoch"], "-1", "0 to 2"),
        (["progress", "epoch"], "3", "0 to 2"),
        (["progress", "epoch"], "9223372036854775807", "0 to 2"),
        (["progress", "batch"], "-1", "0 to 4"),
        (["progress", "batch"], "5", "0 to 4"),
        (["progress", "batch"], "9223372036854775807", "0 to 4"),
        (["update_count"], "6", "7"),
        (["update_count"], "9223372036854775807", "7"),
        (["progress", "partial", "sample_count"], "9223372036854775807", "32"),
        (["progress", "partial", "sample_count"], "-1", "32"),
        (["progress", "partial", "right_count"], "33", "0 to 32"),
        (["progress", "partial", "right_count"], "-9223372036854775808", "0 to 32"),
        (["progress", "partial", "loss_sum"], "1e999", "number"),
        (["progress", "partial", "seconds"], "-1", "at least 0"),
        (["progress", "partial", "regulariser_sum"], "-1", "at least 0"),
        (["progress", "partial", "layer_spikes"], "[1]", "2"),
        (["progress", "partial", "layer_spikes"], "[]", "2"),
        (["progress", "partial", "layer_spikes"], "[1,2,3]", "2"),
        // 32 images, 4 steps, 70 neurons.
        (["progress", "partial", "layer_spikes"], "[8961,2]", "0 to 8960"),
        (["progress", "partial", "layer_spikes"], "[9223372036854775807,2]", "0 to 8960"),
        (
            ["progress", "partial", "ledger"],
            #"{"angles":{"circuits":0,"shots":9223372036854775807},"likelihoods":{"circuits":0,"shots":1},"#
                + #""passes":{"circuits":0,"shots":1},"synapses":{"circuits":0,"shots":1}}"#,
            "0 to 2^45"
        ),
    ]

    @Test("where a run stands is refused by field, if it cannot stand there", arguments: states)
    func state(field: [String], value: String, expected: String) throws {
        try examples.changeCheckpoint { file in
            let state = try #require(file.metadata["state"])
            var object = try #require(
                try JSONSerialization.jsonObject(with: Data(state.utf8)) as? [String: Any])
            func set(_ object: inout [String: Any], _ path: ArraySlice<String>) {
                guard let name = path.first else { return }
                if path.count == 1 {
                    object[name] = "VALUE"
                } else {
                    var inner = object[name] as? [String: Any] ?? [:]
                    set(&inner, path.dropFirst())
                    object[name] = inner
                }
            }
            set(&object, field[...])
            let text = String(decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self)
            file.metadata["state"] = text.replacing("\"VALUE\"", with: value)
        }
        let message = try refusal()
        #expect(message.hasPrefix("\(examples.folder.checkpointPath): metadata state"), "\(message)")
        #expect(message.contains(field.last ?? "") || value == "1e999", "\(message)")
        #expect(message.contains("expected") && message.contains(expected) || value == "1e999", "\(message)")
        #expect(message.hasSuffix("; the file is damaged: restore it from a copy, or train anew"))
    }

    private static let numbers: [(tensor: String, index: Int, value: Float, place: String)] = [
        ("populations.0.angles", 0, .nan, "[0, 0]"), ("populations.1.angles", 13, .infinity, "[2, 3]"),
        ("projections.0.weights", 70 * 36 - 1, -.infinity, "[69, 35]"),
        ("projections.1.weights", 71, 65_537, "[1, 1]"),
        ("moments.0.populations.0.angles", 5, .nan, "[1, 0]"),
        ("moments.1.projections.0.weights", 36, .infinity, "[1, 0]"),
        ("moments.1.populations.1.angles", 1, -1, "[0, 1]"),
    ]

    @Test("a number that training cannot come to is refused by tensor and index", arguments: numbers)
    func number(tensor: String, index: Int, value: Float, place: String) throws {
        try examples.changeCheckpoint { file in
            var values = try file.values(tensor, as: Float.self)
            values[index] = value
            file[tensor] = Tensor(values, shape: try #require(file[tensor]).shape)
        }
        #expect(
            try refusal().hasPrefix(
                "\(examples.folder.checkpointPath): tensor '\(tensor)': element \(place) is \(value), expected"
            ))
    }

    private static let lines: [(change: @Sendable (inout EpochMetrics) -> Void, message: String)] = [
        (
            { $0.layerSpikesPerStep = [1] },
            "layer_spikes_per_step: found 1 numbers, expected 2, one a population"
        ),
        (
            { $0.layerSpikesPerStep = [1, 2, 3] },
            "layer_spikes_per_step: found 3 numbers, expected 2, one a population"
        ),
        ({ $0.epoch = 2 }, "epoch: found 2, expected 1"),
        ({ $0.trainAccuracy = 1.5 }, "train_accuracy: found 1.5, expected a number from 0 to 1"),
        ({ $0.seconds = -1 }, "seconds: found -1.0, expected a number of at least 0"),
    ]

    @Test("metrics that an epoch cannot have are refused by line and field", arguments: lines.indices)
    func metrics(index: Int) throws {
        let (change, message) = Self.lines[index]
        var epoch = try #require(try examples.read().metrics.first)
        change(&epoch)
        var log = MetricsLog()
        try log.append(epoch)
        // As the checkpoint holds them, and as a file of the first release.
        for isEarlier in [false, true] {
            try AtomicFile.write(log.text, to: examples.folder.metricsPath)
            try examples.changeCheckpoint {
                $0.metadata["metrics"] = isEarlier ? nil : String(decoding: log.text, as: UTF8.self)
            }
            let file =
                isEarlier
                ? examples.folder.metricsPath : "\(examples.folder.checkpointPath): metadata metrics"
            #expect(try refusal() == "\(file): line 1 \(message); restore the file, or train anew")
        }
    }

    @Test("a recipe in run.json that cannot be is refused by field before it is used")
    func recipe() throws {
        for (name, value) in [
            ("step_count", -1), ("batch_size", 0), ("neurons_per_class", 0), ("epoch_count", 1 << 62),
        ] {
            let text = String(decoding: try RunFolder.encoded(RunExamples.configuration()), as: UTF8.self)
            let changed = text.replacing(try Regex("\"\(name)\" : [0-9]+"), with: "\"\(name)\" : \(value)")
            try AtomicFile.write(Array(changed.utf8), to: examples.folder.configurationPath)
            #expect(
                try refusal().hasPrefix(
                    "\(examples.folder.configurationPath): recipe: \(name) is \(value), expected"))
        }
    }
}
