// The names are C's.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CSQSNN
import Compute
import Files
import Learning
import Runs
import SpikeDatasets
import SpikeTrains
import TrainingOptions

/// Samples of a caller: of a kind that the recipe encodes, or arrays as they are.
final class Samples {
    enum Content {
        case labelled(LabelledDataset)
        case arrays(ArraySamples)
    }

    let content: Content

    init(_ content: Content) { self.content = content }

    var count: Int {
        switch content {
        case .labelled(let data): data.count
        case .arrays(let samples): samples.count
        }
    }

    var inputCount: Int {
        switch content {
        case .labelled(let data): data.inputCount
        case .arrays(let samples): samples.shape.inputCount
        }
    }

    var classCount: Int {
        switch content {
        case .labelled(let data): data.classCount
        case .arrays(let samples):
            if case .classes(let count) = samples.shape.targets { count } else { 0 }
        }
    }

    /// What a trainer takes: encoded as its plan says, or as it is.
    func source(for trainer: Trainer, isAugmented: Bool = false) -> any SampleSource {
        switch content {
        case .labelled(let data): trainer.samples(data, isAugmented: isAugmented)
        case .arrays(let samples): samples
        }
    }
}

@c @implementation
public func sqs_configuration_create(
    _ options: UnsafePointer<CChar>?, _ configuration: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
    call {
        let options = try decoded([String: String].self, options, "options")
        try give(
            JSONDocument.encode(RunOptions(named: options).configuration(isOfDataset: false)),
            to: configuration)
    }
}

func configuration(_ pointer: UnsafePointer<CChar>?) throws -> RunConfiguration {
    try decoded(RunConfiguration.self, pointer, "configuration")
}

@c @implementation
public func sqs_images_create(
    _ pixels: UnsafePointer<UInt8>?, _ count: Int64, _ height: Int64, _ width: Int64,
    _ labels: UnsafePointer<UInt8>?, _ classCount: Int64, _ samples: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
    call {
        let images = try ImageDataset(
            name: "images", width: Int(width), height: Int(height), classNames: classNames(classCount),
            pixels: array(
                pixels, CInterface.count(count, height, width, name: "pixels"), name: "pixels"),
            labels: CInterface.labels(labels, count))
        try give(Samples(.labelled(.images(images))), "samples", to: samples)
    }
}

private func classNames(_ count: Int64) throws -> [String] {
    guard (1...256).contains(count) else {
        throw CallError(description: "class_count: found \(count), expected 1 to 256")
    }
    return (0..<count).map { "\($0)" }
}

private func labels(_ labels: UnsafePointer<UInt8>?, _ count: Int64) throws -> [UInt8] {
    try array(labels, CInterface.count(count, name: "count"), name: "labels")
}

private func targets(_ labels: UnsafePointer<UInt8>?, _ count: Int64) throws -> Targets {
    .classes(try CInterface.labels(labels, count).map { Int($0) })
}

@c @implementation
public func sqs_spikes_create(
    _ spikes: UnsafePointer<UInt8>?, _ count: Int64, _ steps: Int64, _ inputs: Int64,
    _ labels: UnsafePointer<UInt8>?, _ classCount: Int64, _ samples: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
    call {
        let arrays = try ArraySamples(
            spikes: raster(spikes, count, steps, Int(inputs)), targets: targets(labels, count),
            classCount: classNames(classCount).count)
        try give(Samples(.arrays(arrays)), "samples", to: samples)
    }
}

@c @implementation
public func sqs_values_create(
    _ values: UnsafePointer<Float>?, _ count: Int64, _ steps: Int64, _ inputs: Int64,
    _ labels: UnsafePointer<UInt8>?, _ classCount: Int64, _ samples: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
    call {
        let series = try ValueSeries(
            array(values, CInterface.count(count, steps, inputs, name: "values"), name: "values"),
            sampleCount: Int(count),
            stepCount: Int(steps), inputCount: Int(inputs))
        let arrays = try ArraySamples(
            values: series, targets: targets(labels, count), classCount: classNames(classCount).count)
        try give(Samples(.arrays(arrays)), "samples", to: samples)
    }
}

@c @implementation
public func sqs_dataset_load(
    _ configuration: UnsafePointer<CChar>?, _ training: UnsafeMutablePointer<OpaquePointer?>?,
    _ judging: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
    call {
        let configuration = try CInterface.configuration(configuration)
        try configuration.check(for: DatasetCatalog.entry(named: configuration.dataset))
        let data = try waiting { try await configuration.loadData() }
        let (learnt, heldOut) = try configuration.parts(ofTraining: data.train)
        try give(Samples(.labelled(learnt)), "training", to: training)
        try give(Samples(.labelled(heldOut ?? data.test)), "judging", to: judging)
    }
}

@c @implementation
public func sqs_dataset_files(
    _ name: UnsafePointer<CChar>?, _ url: UnsafePointer<CChar>?,
    _ files: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
    call {
        let entry = try DatasetCatalog.entry(named: text(name, "name"))
        let fetcher = try DatasetFetcher(address: url.map { try text($0, "url") })
        try give(JSONDocument.encode(fetcher.downloads(of: entry)), to: files)
    }
}

@c @implementation
public func sqs_samples_count(_ samples: OpaquePointer?) -> Int64 { number(samples, \.count) }

@c @implementation
public func sqs_samples_inputs(_ samples: OpaquePointer?) -> Int64 { number(samples, \.inputCount) }

@c @implementation
public func sqs_samples_classes(_ samples: OpaquePointer?) -> Int64 { number(samples, \.classCount) }

private func number(_ samples: OpaquePointer?, _ quantity: KeyPath<Samples, Int>) -> Int64 {
    guard let samples: Samples = try? object(samples, "samples") else { return 0 }
    return Int64(samples[keyPath: quantity])
}

@c @implementation
public func sqs_samples_arrays(
    _ samples: OpaquePointer?, _ arrays: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
    call {
        let samples: Samples = try object(samples, "samples")
        guard case .labelled(.images(let images)) = samples.content else {
            throw CallError(description: "samples: found no images, expected a data set of images")
        }
        try give(
            NamedArrays([
                NamedArray(
                    ["pixels"], dimensions: [images.count, images.height, images.width], .bytes(images.pixels)
                ),
                NamedArray(["labels"], dimensions: [images.count], .bytes(images.labels)),
            ]), "arrays", to: arrays)
    }
}

@c @implementation
public func sqs_samples_free(_ samples: OpaquePointer?) { free(samples, Samples.self) }
