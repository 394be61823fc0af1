import SpikeTrains
import Testing

@testable import SpikeDatasets

@Suite("Previews")
struct ImagePreviewTests {
    /// Two images of 6 × 4 pixels: one dark with a bright column, one all bright.
    private let preview: ImagePreview

    init() throws {
        let column: [UInt8] = [0, 128, 255, 0, 0, 0]
        let images = try ImageDataset(
            name: "made", width: 6, height: 4, classNames: ["bar <|>", "full"],
            pixels: column + column + column + column + Array(repeating: 255, count: 24), labels: [0, 1])
        var raster = SpikeRaster(sampleCount: 2, stepCount: 3, neuronCount: 24)
        for row in 0..<4 { raster[0, 0, row * 6 + 2] = true }
        raster[0, 2, 0] = true
        raster[0, 2, 23] = true
        preview = try ImagePreview(images: images, positions: [17, 4], raster: raster, caption: "by hand")
    }

    // By hand. Braille: the left column of a cell is dots 1, 2, 3, 7 = ⡇; the upper left dot ⠁; the lower right ⢀.
    @Test("an image is drawn in shades, its spikes in Braille, step by step")
    func lines() {
        let lines = preview.lines(width: 12)
        #expect(lines[0] == "made 17: bar <|> (class 0)")
        #expect(lines[1] == "         step 1")
        #expect(lines[2] == " ▒█      ⠀⡇")
        #expect(lines[3] == " ▒█      step 2")
        #expect(lines[5] == "         step 3")
        #expect(lines[6] == "         ⠁⠀⢀")
        #expect(lines[7] == "6 spikes in 3 steps, 0.083 a pixel and step; by hand")
        #expect(lines[9] == "made 4: full (class 1)")
    }

    @Test("frames stand side by side as far as the width allows, and no line is wider")
    func width() throws {
        let images = try ImageDataset(
            name: "made", width: 28, height: 28, classNames: ["a"],
            pixels: Array(repeating: 200, count: 784), labels: [0])
        var raster = SpikeRaster(sampleCount: 1, stepCount: 7, neuronCount: 784)
        for step in 0..<7 { raster[0, step, 783] = true }
        let preview = try ImagePreview(images: images, positions: [0], raster: raster, caption: "")
        for width in [50, 80, 120] {
            #expect(preview.lines(width: width).allSatisfy { $0.count <= width })
        }
        // 80 columns less image and gap leave room for three frames of 14 columns.
        #expect(preview.lines(width: 80)[1].hasSuffix("step 1         step 2         step 3"))
    }
}
