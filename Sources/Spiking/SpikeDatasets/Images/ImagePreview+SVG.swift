extension ImagePreview {
    /// The preview as an SVG picture: for each image its pixels, its spikes step by step, and the raster
    /// with time to the right and the pixels, row after row, downwards.
    ///
    /// - Returns: the text of an SVG file.
    public func svg() -> String {
        let layout = FigureLayout(preview: self)
        var document = SVGDocument(width: layout.width, height: layout.height)
        for image in 0..<images.count {
            let top = FigureLayout.margin + Double(image) * layout.rowHeight
            document.text(
                title(of: image), x: FigureLayout.margin, y: top + 10, size: 11, fill: "#000000")
            document.text(
                spikeSummary(of: image), x: layout.width - FigureLayout.margin, y: top + 10, size: 9,
                anchor: "end", fill: "#666666")
            let pictureTop = top + FigureLayout.titleHeight
            drawImage(image, in: &document, layout: layout, top: pictureTop)
            drawFrames(of: image, in: &document, layout: layout, top: pictureTop)
            drawRaster(of: image, in: &document, layout: layout, top: pictureTop)
        }
        return document.contents
    }

    private func drawImage(_ image: Int, in document: inout SVGDocument, layout: FigureLayout, top: Double) {
        let side = layout.imagePixel
        let left = FigureLayout.margin
        document.rectangle(
            x: left, y: top, width: layout.imageWidth, height: layout.imageHeight, fill: "#000000")
        let pixels = images.gather([image])
        for row in 0..<images.height {
            // Neighbours of equal intensity are one rectangle.
            var column = 0
            while column < images.width {
                let intensity = pixels[row * images.width + column]
                var end = column + 1
                while end < images.width && pixels[row * images.width + end] == intensity { end += 1 }
                if intensity > 0 {
                    document.rectangle(
                        x: left + Double(column) * side, y: top + Double(row) * side,
                        width: Double(end - column) * side, height: side,
                        fill: "rgb(\(intensity),\(intensity),\(intensity))")
                }
                column = end
            }
        }
        document.text(
            "image", x: left + layout.imageWidth / 2, y: top + layout.imageHeight + 12, size: 9,
            anchor: "middle", fill: "#666666")
    }

    private func drawFrames(
        of image: Int, in document: inout SVGDocument, layout: FigureLayout, top: Double
    ) {
        let side = layout.framePixel
        for step in 0..<layout.frameCount {
            let corner = layout.frameCorner(step: step, top: top)
            document.rectangle(
                x: corner.x, y: corner.y, width: layout.frameWidth, height: layout.frameHeight,
                fill: "#f7f7f7", stroke: "#cccccc")
            let spikes = raster.activeNeurons(sample: image, step: step).map { pixel in
                (
                    x: corner.x + Double(pixel % images.width) * side,
                    y: corner.y + Double(pixel / images.width) * side
                )
            }
            document.rectangles(at: spikes, width: side, height: side, fill: FigureLayout.spikeColour)
            document.text(
                "step \(step + 1), \(spikes.count) spikes", x: corner.x + layout.frameWidth / 2,
                y: corner.y + layout.frameHeight + 10, size: 8, anchor: "middle", fill: "#666666")
        }
        if layout.frameCount < raster.stepCount {
            document.text(
                "the first \(layout.frameCount) of \(raster.stepCount) steps; the raster has them all",
                x: layout.framesMiddle, y: top + layout.contentHeight + 12, size: 9, anchor: "middle",
                fill: "#666666")
        }
    }

    private func drawRaster(
        of image: Int, in document: inout SVGDocument, layout: FigureLayout, top: Double
    ) {
        let left = layout.rasterLeft
        document.rectangle(
            x: left, y: top, width: layout.rasterWidth, height: layout.imageHeight, fill: "#f7f7f7",
            stroke: "#cccccc")
        let column = layout.rasterWidth / Double(max(1, raster.stepCount))
        let row = layout.imageHeight / Double(max(1, raster.neuronCount))
        for step in 0..<raster.stepCount {
            let spikes = raster.activeNeurons(sample: image, step: step).map { pixel in
                (x: left + (Double(step) + 0.1) * column, y: top + Double(pixel) * row)
            }
            document.rectangles(
                at: spikes, width: 0.8 * column, height: max(row, 0.4), fill: FigureLayout.spikeColour,
                isSmooth: true)
        }
        document.text(
            "step 1…\(raster.stepCount) →, pixel 0…\(raster.neuronCount - 1) ↓",
            x: left + layout.rasterWidth / 2,
            y: top + layout.imageHeight + 12, size: 9, anchor: "middle", fill: "#666666")
    }
}

/// Where things are in a preview figure, in SVG units.
private struct FigureLayout {
    static let margin = 12.0
    static let gap = 14.0
    static let titleHeight = 18.0
    static let captionHeight = 16.0
    static let spikeColour = "#1f4e9c"
    /// Two rows of frames are about as high as the image.
    static let frameRows = 2
    static let largestFramesPerRow = 8

    let imagePixel = 6.0
    let framePixel = 2.5
    let rasterWidth = 150.0
    let imageWidth: Double
    let imageHeight: Double
    let frameWidth: Double
    let frameHeight: Double
    /// Steps that get a frame of their own.
    let frameCount: Int
    let contentHeight: Double
    let rowHeight: Double
    let rasterLeft: Double
    let width: Double
    let height: Double
    private let framesPerRow: Int

    init(preview: ImagePreview) {
        let (images, stepCount) = (preview.images, preview.raster.stepCount)
        imageWidth = Double(images.width) * imagePixel
        imageHeight = Double(images.height) * imagePixel
        frameWidth = Double(images.width) * framePixel
        frameHeight = Double(images.height) * framePixel
        framesPerRow = max(
            1, min((stepCount + Self.frameRows - 1) / Self.frameRows, Self.largestFramesPerRow))
        frameCount = min(stepCount, framesPerRow * Self.frameRows)
        contentHeight = max(imageHeight, Double(Self.frameRows) * (frameHeight + Self.captionHeight))
        rowHeight = Self.titleHeight + contentHeight + Self.captionHeight + Self.gap
        rasterLeft = Self.margin + imageWidth + Self.gap + Double(framesPerRow) * (frameWidth + Self.gap)
        width = rasterLeft + rasterWidth + Self.margin
        height = 2 * Self.margin + Double(images.count) * rowHeight - Self.gap
    }

    private var framesLeft: Double { Self.margin + imageWidth + Self.gap }

    var framesMiddle: Double { (framesLeft + rasterLeft - Self.gap) / 2 }

    func frameCorner(step: Int, top: Double) -> (x: Double, y: Double) {
        (
            framesLeft + Double(step % framesPerRow) * (frameWidth + Self.gap),
            top + Double(step / framesPerRow) * (frameHeight + Self.captionHeight)
        )
    }
}
