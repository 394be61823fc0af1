import Figures
import Runs
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
        for format in FigureFormat.allCases {
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

    private static func layerNames(_ run: TrainingRun) -> [String] {
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

    private static func rasterFigure(_ run: TrainingRun) throws -> RasterFigure {
        let activity = try run.exampleActivity(count: exampleCount)
        let images = activity.images
        let samples = try (0..<images.count).map { sample in
            try RasterFigure.Sample(
                image: RasterFigure.Image(
                    width: images.width, height: images.height,
                    intensities: images.image(at: sample).map { Double($0) / 255 }),
                label: Int(images.labels[sample]), decision: activity.predictions[sample],
                rasters: activity.rasters.map { raster in
                    RasterFigure.Raster(
                        neuronCount: raster.neuronCount,
                        activeNeurons: (0..<raster.stepCount).map {
                            raster.activeNeurons(sample: sample, step: $0)
                        })
                })
        }
        return RasterFigure(
            classNames: images.classNames, populations: layerNames(run), samples: samples)
    }
}
