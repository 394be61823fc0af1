import Figures
import Runs
import SpikeDatasets
import SpikeTrains

/// The figures of a finished run.
enum RunFigures {
    /// Images whose spikes are drawn.
    private static let exampleCount = 4

    /// Draws all figures of a run, SVG and PNG.
    ///
    /// - Returns: the files written.
    /// - Throws: `FigureError` where gnuplot is missing or a file cannot be written.
    static func draw(_ run: TrainingRun) throws -> [String] {
        var paths: [String] = []
        for format in FigureFormat.usual {
            let training = "\(run.folder.figuresPath)/training.\(format.rawValue)"
            try trainingFigure(run).write(to: training)
            paths.append(training)
            // A model without spikes has no rasters.
            guard !run.trainer.spikeSlots.isEmpty else { continue }
            let raster = "\(run.folder.figuresPath)/raster.\(format.rawValue)"
            try rasterFigure(run).write(to: raster)
            paths.append(raster)
        }
        return paths
    }

    static func layerNames(_ run: TrainingRun) -> [String] {
        (try? run.network())?.network.graph.nodes.map(\.name) ?? []
    }

    private static func trainingFigure(_ run: TrainingRun) -> TrainingFigure {
        let configuration = run.configuration
        return TrainingFigure(
            title:
                "\(configuration.modelKind) on \(configuration.dataset), seed \(configuration.seed)",
            measured: configuration.measured.rawValue, populations: layerNames(run),
            epochs: run.metrics.map {
                TrainingFigure.Epoch(
                    number: $0.epoch, accuracy: $0.validationAccuracy ?? $0.testAccuracy ?? .nan,
                    trainingLoss: $0.loss,
                    spikesPerStep: $0.layerSpikesPerStep)
            })
    }

    static func rasterFigure(_ run: TrainingRun) throws -> RasterFigure {
        let activity = try run.exampleActivity(count: exampleCount)
        let data = activity.data
        let samples = try (0..<data.count).map { sample in
            try RasterFigure.Sample(
                image: image(of: data, sample), label: Int(data.labels[sample]),
                decision: activity.predictions[sample],
                rasters: activity.rasters.map { raster in
                    RasterFigure.Raster(
                        neuronCount: raster.neuronCount,
                        activeNeurons: (0..<raster.stepCount).map {
                            raster.activeNeurons(sample: sample, step: $0)
                        })
                })
        }
        return RasterFigure(
            classNames: data.classNames, populations: layerNames(run), samples: samples)
    }

    /// Of spikes over time, how many each pixel has; of numbers, dimensions above each other, from the least to the greatest.
    static func image(of data: LabelledDataset, _ sample: Int) throws -> RasterFigure.Image {
        switch data {
        case .images(let images):
            return RasterFigure.Image(
                width: images.width, height: images.height,
                intensities: try images.image(at: sample).map { Double($0) / 255 })
        case .spikes(let spikes):
            let counts = spikes.pixelCounts(of: sample)
            let greatest = Double(max(counts.max() ?? 0, 1))
            return RasterFigure.Image(
                width: spikes.shape.width, height: spikes.shape.height,
                intensities: counts.map { Double($0) / greatest })
        case .series(let series):
            let (width, height) = (series.stepCount, series.inputCount)
            let values = series.subset([sample]).values.values.map { Double($0) }
            let (least, greatest) = (values.min() ?? 0, values.max() ?? 0)
            return RasterFigure.Image(
                width: width, height: height,
                intensities: (0..<width * height).map { place in
                    let value = values[place % width * height + place / width]
                    return greatest > least ? (value - least) / (greatest - least) : 0
                })
        }
    }
}
