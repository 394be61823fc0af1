/// Images beside the spikes that an encoder made of them: for each its pixels, its spikes step by step, and the raster with time
/// to the right and the pixels, row after row, downwards.
public struct SpikeImageFigure: Figure {
    /// One image.
    public struct Sample: Sendable {
        public let title: String
        /// What is told of its spikes.
        public let note: String
        /// Intensities 0…255, row after row.
        public let pixels: [UInt8]
        /// The pixels that fire, `[step]`.
        public let spikes: [[Int]]

        public init(title: String, note: String, pixels: [UInt8], spikes: [[Int]]) {
            self.title = title
            self.note = note
            self.pixels = pixels
            self.spikes = spikes
        }
    }

    /// Of an image, in pixels.
    public let width: Int
    public let height: Int
    /// All of the same shape and with the same number of steps.
    public let samples: [Sample]

    public init(width: Int, height: Int, samples: [Sample]) {
        precondition(
            samples.allSatisfy {
                $0.pixels.count == width * height && $0.spikes.count == samples[0].spikes.count
            },
            "images of one shape, with as many steps")
        self.width = width
        self.height = height
        self.samples = samples
    }

    public var name: String { "preview" }
    public var isEmpty: Bool { samples.isEmpty }

    public var script: GnuplotScript {
        GnuplotScript(
            width: Int(totalWidth.rounded(.up)), height: Int(totalHeight.rounded(.up)),
            commands: [
                "set multiplot", "unset key", "unset colorbox", "unset tics", "set palette gray",
                "set cbrange [0:255]", "set border 15 linewidth 0.75 linecolor rgb '\(Palette.faint)'",
            ] + samples.indices.flatMap(row) + ["unset multiplot"])
    }

    // MARK: The layout, in points

    private static let margin = 12.0
    private static let gap = 14.0
    private static let titleHeight = 18.0
    private static let captionHeight = 16.0
    private static let rasterWidth = 150.0
    /// Two rows of frames are about as high as the image.
    private static let frameRows = 2
    private static let largestFramesPerRow = 8

    private var stepCount: Int { samples.first?.spikes.count ?? 0 }
    private var image: (width: Double, height: Double) { (6 * Double(width), 6 * Double(height)) }
    private var frame: (width: Double, height: Double) { (2.5 * Double(width), 2.5 * Double(height)) }
    private var framesPerRow: Int {
        max(1, min((stepCount + Self.frameRows - 1) / Self.frameRows, Self.largestFramesPerRow))
    }
    /// Steps that get a frame of their own.
    private var frameCount: Int { min(stepCount, framesPerRow * Self.frameRows) }
    private var contentHeight: Double {
        max(image.height, Double(Self.frameRows) * (frame.height + Self.captionHeight))
    }
    private var rowHeight: Double { Self.titleHeight + contentHeight + Self.captionHeight + Self.gap }
    private var framesLeft: Double { Self.margin + image.width + Self.gap }
    private var rasterLeft: Double { framesLeft + Double(framesPerRow) * (frame.width + Self.gap) }
    private var totalWidth: Double { rasterLeft + Self.rasterWidth + Self.margin }
    private var totalHeight: Double { 2 * Self.margin + Double(samples.count) * rowHeight - Self.gap }

    // MARK: Panels

    private func row(_ index: Int) -> [String] {
        let sample = samples[index]
        let top = Self.margin + Double(index) * rowHeight
        let below = top + Self.titleHeight
        var titles = [
            label(1, sample.title, x: Self.margin, y: top + 6, size: 11, "left", Palette.ink),
            label(2, sample.note, x: totalWidth - Self.margin, y: top + 6, size: 9, "right"),
        ]
        if frameCount < stepCount {
            titles.append(
                label(
                    3, "the first \(frameCount) of \(stepCount) steps; the raster has them all",
                    x: (framesLeft + rasterLeft - Self.gap) / 2, y: below + contentHeight + 8, size: 9))
        }
        return titles + picture(sample, index, top: below)
            + (0..<frameCount).flatMap { frame(sample, $0, index, top: below) }
            + raster(sample, index, top: below)
    }

    private func picture(_ sample: Sample, _ index: Int, top: Double) -> [String] {
        let rows = (0..<height).map { row in
            sample.pixels[row * width..<(row + 1) * width].map(String.init).joined(separator: " ")
        }
        return block("image\(index)", rows) + place(left: Self.margin, top: top, image)
            + [
                label(4, "image", x: Self.margin + image.width / 2, y: top + image.height + 8, size: 9),
                // A little wider than a pixel, or a light seam would show between neighbours.
                "plot $image\(index) matrix using 1:2:(0.53):(0.53):3 with boxxyerror fillstyle solid noborder "
                    + "linecolor palette",
            ] + (1...4).map { "unset label \($0)" }
    }

    private func frame(_ sample: Sample, _ step: Int, _ index: Int, top: Double) -> [String] {
        let (row, column) = step.quotientAndRemainder(dividingBy: framesPerRow)
        let left = framesLeft + Double(column) * (frame.width + Self.gap)
        let top = top + Double(row) * (frame.height + Self.captionHeight)
        let spikes = sample.spikes[step]
        return block("frame\(index)_\(step)", spikes.map { "\($0 % width) \($0 / width)" })
            + place(left: left, top: top, frame)
            + [
                label(
                    5, "step \(step + 1), \(spikes.count) spikes", x: left + frame.width / 2,
                    y: top + frame.height + 7, size: 8),
                spikes.isEmpty
                    ? "plot NaN"
                    : "plot $frame\(index)_\(step) using 1:2:(0.5):(0.5) with boxxyerror fillstyle solid noborder "
                        + "linecolor rgb '\(Palette.blue)'", "unset label 5",
            ]
    }

    private func raster(_ sample: Sample, _ index: Int, top: Double) -> [String] {
        let spikes = sample.spikes.enumerated().flatMap { step, pixels in pixels.map { "\(step) \($0)" } }
        let thickness = max(image.height / Double(max(1, width * height)), 0.4)
        return block("raster\(index)", spikes)
            + place(left: rasterLeft, top: top, (Self.rasterWidth, image.height))
            + [
                "set xrange [0:\(max(1, stepCount))]", "set yrange [\(width * height).0-0.5:-0.5]",
                label(
                    5, "step 1…\(stepCount) →, pixel 0…\(width * height - 1) ↓",
                    x: rasterLeft + Self.rasterWidth / 2, y: top + image.height + 8, size: 9),
                spikes.isEmpty
                    ? "plot NaN"
                    : "plot $raster\(index) using ($1+0.1):2:(0.8):(0) with vectors nohead "
                        + "linewidth \(numberText(thickness)) linecolor rgb '\(Palette.blue)'",
                "unset label 5",
            ]
    }

    private func block(_ name: String, _ rows: [String]) -> [String] { ["$\(name) << END"] + rows + ["END"] }

    /// - Parameter alignment: which point of the text lies at `x`: `left`, `center` or `right`.
    private func label(
        _ number: Int, _ text: String, x: Double, y: Double, size: Int, _ alignment: String = "center",
        _ color: String = "#666666"
    ) -> String {
        "set label \(number) \(quoted(text)) at screen \(numberText(x / totalWidth)),\(numberText(1 - y / totalHeight)) "
            + "\(alignment) font ',\(size)' textcolor rgb '\(color)'"
    }

    /// The next panel's place, and axes that count pixels from the upper left.
    private func place(left: Double, top: Double, _ size: (width: Double, height: Double)) -> [String] {
        [
            "set lmargin at screen \(numberText(left / totalWidth))",
            "set rmargin at screen \(numberText((left + size.width) / totalWidth))",
            "set tmargin at screen \(numberText(1 - top / totalHeight))",
            "set bmargin at screen \(numberText(1 - (top + size.height) / totalHeight))",
            "set xrange [-0.5:\(width).0-0.5]",
            "set yrange [\(height).0-0.5:-0.5]",
        ]
    }
}
