// The names are C's.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CSQSNN
import Files
import Learning
import Runs
import Neurons
import SpikeDatasets

/// A trainer of a caller.
final class TrainerObject {
    var trainer: Trainer

    init(_ trainer: Trainer) { self.trainer = trainer }
}

@c @implementation
public func sqs_trainer_create(
    _ configuration: UnsafePointer<CChar>?, _ inputs: Int64, _ classes: Int64, _ threads: Int32,
    _ trainer: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
    call {
        guard (1...Int64(Population.largestCount)).contains(inputs), (1...256).contains(classes) else {
            throw CallError(
                description: "inputs, classes: found \(inputs) and \(classes), expected 1 to "
                    + "\(Population.largestCount) and 1 to 256")
        }
        let made = try CInterface.configuration(configuration).networkTrainer(
            inputCount: Int(inputs), classCount: Int(classes), threads: threadCount(threads))
        try give(TrainerObject(made), "trainer", to: trainer)
    }
}

@c @implementation
public func sqs_trainer_epoch(
    _ trainer: OpaquePointer?, _ samples: OpaquePointer?, _ progress: sqs_progress?,
    _ context: UnsafeMutableRawPointer?, _ metrics: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
    call {
        let (object, samples): (TrainerObject, Samples) = (
            try CInterface.object(trainer, "trainer"), try CInterface.object(samples, "samples")
        )
        let (total, batchSize) = (samples.count, object.trainer.plan.batchSize)
        func goesOn(_ state: TrainingProgress) -> Bool {
            guard let progress else { return true }
            return progress(context, Int64(min(state.batch * batchSize, total)), Int64(total)) == 0
        }
        let epoch =
            try object.trainer.trainEpoch(
                on: samples.source(for: object.trainer, isAugmented: true), afterBatch: goesOn)
        guard let epoch else { throw Stopped() }
        try give(JSONDocument.encode(epoch), to: metrics)
    }
}

@c @implementation
public func sqs_trainer_evaluate(
    _ trainer: OpaquePointer?, _ samples: OpaquePointer?, _ passes: Int64,
    _ evaluation: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
    call {
        let (object, samples): (TrainerObject, Samples) = (
            try CInterface.object(trainer, "trainer"), try CInterface.object(samples, "samples")
        )
        let found = try object.trainer.evaluate(
            on: samples.source(for: object.trainer), repetitions: Int(passes))
        try give(JSONDocument.encode(found), to: evaluation)
    }
}

@c @implementation
public func sqs_trainer_encode(
    _ trainer: OpaquePointer?, _ samples: OpaquePointer?, _ arrays: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
    call {
        let (object, samples): (TrainerObject, Samples) = (
            try CInterface.object(trainer, "trainer"), try CInterface.object(samples, "samples")
        )
        let trainer = object.trainer
        let input = try trainer.input(of: samples.source(for: trainer))
        try give(NamedArrays([input.array(named: trainer.network.graph.input.name)]), "arrays", to: arrays)
    }
}

@c @implementation
public func sqs_trainer_predict(
    _ trainer: OpaquePointer?, _ samples: OpaquePointer?, _ passes: Int64,
    _ labels: UnsafeMutablePointer<Int64>?, _ rates: UnsafeMutablePointer<Double>?,
    _ probabilities: UnsafeMutablePointer<Double>?
) -> Int32 {
    call {
        let (object, samples): (TrainerObject, Samples) = (
            try CInterface.object(trainer, "trainer"), try CInterface.object(samples, "samples")
        )
        let predictions = try object.trainer.predict(
            samples.source(for: object.trainer), repetitions: Int(passes))
        let loss = (object.trainer.objective as? RateClassification)?.loss
        if probabilities != nil, loss == nil { throw LearningError.noClassRates }
        for (sample, prediction) in predictions.enumerated() {
            let first = sample * prediction.rates.count
            labels?[sample] = Int64(prediction.label)
            for (label, rate) in prediction.rates.enumerated() { rates?[first + label] = rate }
            guard let probabilities, let loss else { continue }
            for (label, probability) in loss.probabilities(rates: prediction.rates).enumerated() {
                probabilities[first + label] = probability
            }
        }
    }
}

@c @implementation
public func sqs_trainer_parameters(_ trainer: OpaquePointer?) -> Int64 {
    guard let object: TrainerObject = try? object(trainer, "trainer") else { return 0 }
    return Int64(object.trainer.parameterCount)
}

@c @implementation
public func sqs_trainer_epochs(_ trainer: OpaquePointer?) -> Int64 {
    guard let object: TrainerObject = try? object(trainer, "trainer") else { return 0 }
    return Int64(object.trainer.progress.epoch)
}

@c @implementation
public func sqs_trainer_digest(_ trainer: OpaquePointer?, _ digest: UnsafeMutablePointer<CChar>?) -> Int32 {
    call {
        let object: TrainerObject = try object(trainer, "trainer")
        guard let digest else { throw CallError(description: "digest: found NULL, expected 65 characters") }
        for (place, byte) in object.trainer.weightsDigest.utf8.enumerated() {
            digest[place] = CChar(bitPattern: byte)
        }
        digest[64] = 0
    }
}

@c @implementation
public func sqs_trainer_checkpoint(
    _ trainer: OpaquePointer?, _ checkpoint: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?,
    _ length: UnsafeMutablePointer<Int64>?
) -> Int32 {
    call {
        let object: TrainerObject = try object(trainer, "trainer")
        guard let checkpoint, let length else {
            throw CallError(description: "checkpoint, length: found NULL, expected places for the result")
        }
        let bytes = try object.trainer.checkpoint().encoded
        let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
        _ = copy.initialize(from: bytes)
        (checkpoint.pointee, length.pointee) = (copy.baseAddress, Int64(bytes.count))
    }
}

@c @implementation
public func sqs_trainer_restore(
    _ trainer: OpaquePointer?, _ checkpoint: UnsafePointer<UInt8>?, _ length: Int64
) -> Int32 {
    call {
        let object: TrainerObject = try object(trainer, "trainer")
        let bytes = try array(checkpoint, count(length, name: "length"), name: "checkpoint")
        try object.trainer.restore(SafetensorsFile(decoding: bytes, source: "checkpoint"))
    }
}

@c @implementation
public func sqs_bytes_free(_ bytes: UnsafeMutablePointer<UInt8>?) { bytes?.deallocate() }

@c @implementation
public func sqs_trainer_copy(
    _ trainer: OpaquePointer?, _ copy: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
    call {
        let object: TrainerObject = try object(trainer, "trainer")
        try give(TrainerObject(object.trainer), "copy", to: copy)
    }
}

@c @implementation
public func sqs_trainer_free(_ trainer: OpaquePointer?) { free(trainer, TrainerObject.self) }
