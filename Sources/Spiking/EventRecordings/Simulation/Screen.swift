import Glibc

/// An image on a screen as the pixels of a camera see it: it jumps with each picture of the screen, and the screen's own pixels are slow.
struct Screen {
    /// The pixels of the camera that the image can ever touch; `intensities` are theirs, row after row.
    let region: PixelRegion
    /// Relative to that of white.
    private(set) var intensities: [Float]
    /// 0…1, with a dark pixel more on all sides.
    private let pixels: [Float]
    private let size: SIMD2<Int>
    private let motion: MovingImage
    private let sensor: EventSensor
    private let middle: SIMD2<Double>
    /// What each pixel is to show, 0…1: what was last drawn there.
    private var targets: [Float]
    private var shown: [Float]
    /// Number of the picture that is being drawn, and rows of it that are drawn.
    private var picture = -1
    private var drawnRows = 0

    init(
        _ pixels: [UInt8], width: Int, height: Int, _ motion: MovingImage, _ sensor: EventSensor,
        at time: Double
    ) {
        size = SIMD2(width + 2, height + 2)
        (self.motion, self.sensor) = (motion, sensor)
        middle = SIMD2(Double(sensor.width), Double(sensor.height)) / 2
        var padded = [Float](repeating: 0, count: size.x * size.y)
        for row in 0..<height {
            for column in 0..<width {
                padded[(row + 1) * size.x + column + 1] = Float(pixels[row * width + column]) / 255
            }
        }
        self.pixels = padded
        let half =
            SIMD2(Double(width), Double(height)) / 2 * motion.scale + SIMD2(motion.reach, motion.height)
            + motion.scale
        let (low, high) = (middle - half, middle + half)
        region = PixelRegion(
            columns: max(0, Int(low.x))..<min(sensor.width, Int(high.x) + 1),
            rows: max(0, Int(low.y))..<min(sensor.height, Int(high.y) + 1))
        targets = [Float](repeating: 0, count: region.count)
        (shown, intensities) = (targets, targets)
        picture = Int((time * motion.refreshRate).rounded(.down)) - 1
        draw(rows: region.rows)
        shown = targets
        advance(to: time, by: 0)
    }

    /// Shows what the screen shows at a time, `duration` seconds after the last one.
    mutating func advance(to time: Double, by duration: Double) {
        let pictures = time * motion.refreshRate
        let current = Int(pictures.rounded(.down))
        if current > picture {
            draw(rows: drawnRows..<region.rows.upperBound)
            (picture, drawnRows) = (current, region.rows.lowerBound)
        }
        let line = Int((pictures - Double(current)) * Double(sensor.height))
        draw(rows: drawnRows..<min(max(line, drawnRows), region.rows.upperBound))
        let part = motion.responseTime > 0 ? Float(1 - exp(-duration / motion.responseTime)) : 1
        let black = Float(exp(-motion.contrast))
        for pixel in shown.indices {
            shown[pixel] += part * (targets[pixel] - shown[pixel])
            intensities[pixel] = black + (1 - black) * shown[pixel]
        }
    }

    /// Draws rows of the picture that it is at.
    private mutating func draw(rows: Range<Int>) {
        guard !rows.isEmpty else { return }
        let place = motion.place(at: Double(picture) / motion.refreshRate)
        let columns = region.columns.map { sampling($0, 0, place) }
        let sharpness = Float(motion.sharpness)
        for row in rows {
            let (above, down) = sampling(row, 1, place)
            let (upper, lower) = (above * size.x, (above + 1) * size.x)
            var pixel = (row - region.rows.lowerBound) * region.columns.count
            for (left, right) in columns {
                let top = pixels[upper + left] + right * (pixels[upper + left + 1] - pixels[upper + left])
                let bottom = pixels[lower + left] + right * (pixels[lower + left + 1] - pixels[lower + left])
                targets[pixel] = min(max((top + down * (bottom - top) - 0.5) * sharpness + 0.5, 0), 1)
                pixel += 1
            }
        }
        drawnRows = rows.upperBound
    }

    /// The pixel of the image before a row or column of the camera, and how far it is on the way to the next one.
    private func sampling(_ index: Int, _ axis: Int, _ place: SIMD2<Double>) -> (index: Int, part: Float) {
        let position =
            (Double(index) + 0.5 - middle[axis] - place[axis]) / motion.scale + Double(size[axis]) / 2 - 0.5
        let clamped = min(max(position, 0), Double(size[axis] - 2) + 0.999)
        let before = clamped.rounded(.down)
        return (Int(before), Float(clamped - before))
    }
}
