import CommandParsing
import Compute
import Figures
import SQSNN

/// Images, and the spikes that an encoder makes of them.
struct ImagesToPreview: Preview {
    private enum Encoding: String, CaseIterable { case rate, latency }

    private let entry: CatalogEntry
    private let part: DataPreviewCommand.Part
    private let firstIndex: Int
    private let count: Int
    private let stepCount: Int
    private let encoding: Encoding
    private let seed: Int
    private let figure: String?

    init(_ entry: CatalogEntry, _ arguments: ParsedArguments) throws {
        try DataPreviewCommand.refuse(
            ["format", "transforms", "sound", "series", "frame", "slow", "figures"], arguments,
            beside: "data set \(entry.name), whose samples are images")
        self.entry = entry
        part = try arguments.choice("part", of: DataPreviewCommand.Part.self) ?? .test
        firstIndex = try arguments.integer("index", in: 0...Int.max) ?? 0
        count = try arguments.integer("count", in: 1...100) ?? 1
        stepCount = try arguments.integer("steps", in: 1...1000) ?? 5
        encoding = try arguments.choice("encoder", of: Encoding.self) ?? .rate
        seed = try arguments.integer("seed", in: 0...Int.max) ?? 0
        figure = try arguments.file("figure", ending: ".svg")
    }

    func show(_ terminal: Terminal) async throws {
        if figure != nil { try Gnuplot.requireInstalled() }
        let splits = try await entry.loadImages()
        let images = part == .train ? splits.train : splits.test
        guard firstIndex < images.count else {
            throw UsageError.invalidValue(
                argument: "--index", found: String(firstIndex),
                expected: "0…\(images.count - 1), the images of \(entry.name)'s \(part.rawValue) part")
        }
        let positions = Array(firstIndex..<firstIndex + min(count, images.count - firstIndex))
        let preview = try ImagePreview(
            images: try images.subset(positions), positions: positions,
            raster: try encode(images, at: positions),
            caption: encoding == .rate ? "rate encoding, seed \(seed)" : "latency encoding")
        for line in preview.lines(width: terminal.width) { terminal.write(line) }
        if let figure {
            try Self.figure(preview).write(to: figure)
            terminal.write("picture in \(figure)")
        }
    }

    /// A preview in the words of a figure.
    static func figure(_ preview: ImagePreview) -> SpikeImageFigure {
        SpikeImageFigure(
            width: preview.images.width, height: preview.images.height,
            samples: preview.positions.indices.map { image in
                SpikeImageFigure.Sample(
                    title: preview.title(of: image), note: preview.spikeSummary(of: image),
                    pixels: preview.images.gather([image]),
                    spikes: (0..<preview.raster.stepCount).map {
                        preview.raster.activeNeurons(sample: image, step: $0)
                    })
            })
    }

    private func encode(_ images: ImageDataset, at positions: [Int]) throws -> SpikeRaster {
        let encoder: any SpikeEncoder = encoding == .rate ? RateEncoder() : LatencyEncoder()
        return try encoder.encode(
            pixels: images.pixels(at: positions), inputCount: images.inputCount, sampleIndices: positions,
            stepCount: stepCount, random: RandomStream(seed: UInt64(seed), purpose: .encoding),
            parallelism: Parallelism(threadCount: 1))
    }
}
