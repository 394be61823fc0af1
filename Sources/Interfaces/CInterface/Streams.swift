// The names are C's.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CSQSNN
import Files
import Learning

/// A network of a caller that is fed step by step.
final class StreamObject {
    let classifier: StreamedClassifier

    init(_ classifier: StreamedClassifier) { self.classifier = classifier }
}

@c @implementation
public func sqs_stream_create(
    _ trainer: OpaquePointer?, _ window: Int64, _ seed: UInt64,
    _ stream: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
    call {
        let trainer = try (object(trainer, "trainer") as TrainerObject).trainer
        guard window == 0 || (window > 0 && StreamedClassifier.windows.contains(Int(window))) else {
            throw CallError(
                description: "window: found \(window), expected 0 to \(StreamedClassifier.windows.upperBound)"
            )
        }
        let classifier = try StreamedClassifier(trainer, window: window == 0 ? nil : Int(window), seed: seed)
        try give(StreamObject(classifier), "stream", to: stream)
    }
}

@c @implementation
public func sqs_stream_step(
    _ stream: OpaquePointer?, _ inputs: UnsafePointer<Int64>?, _ count: Int64,
    _ label: UnsafeMutablePointer<Int64>?, _ rates: UnsafeMutablePointer<Double>?
) -> Int32 {
    call {
        let stream: StreamObject = try object(stream, "stream")
        let active = try array(inputs, CInterface.count(count, name: "count"), name: "inputs").map { Int($0) }
        let decision = try stream.classifier.step(active)
        label?.pointee = Int64(decision.label)
        for (place, rate) in decision.rates.enumerated() { rates?[place] = rate }
    }
}

@c @implementation
public func sqs_stream_free(_ stream: OpaquePointer?) { free(stream, StreamObject.self) }
