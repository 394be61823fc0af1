import EventRecordings
import Files

/// The frames of a recording as PNG files: ON events dark, OFF events bright, pixels with both black, on a light ground.
public struct EventFrames: Sendable {
    public let preview: EventPreview

    /// Frames of an animation at most.
    public static let largestCount = 1000
    /// Of a sheet.
    public static let sheetCount = 24
    /// A picture is enlarged until it is about so large.
    private static let usualSize = 300

    /// - Throws: ``FigureError/noEvents(_:)``.
    public init(_ preview: EventPreview) throws(FigureError) {
        if preview.events.isEmpty { throw .noEvents(preview.title) }
        self.preview = preview
    }

    /// Ground, ON (blue), OFF (orange), both: apart in lightness too. The last one is between the frames of a sheet.
    private static let palette: [PNGPicture.Colour] = [
        (0xF2, 0xF2, 0xF2), (0x00, 0x5A, 0x9C), (0xE6, 0x9F, 0x00), (0, 0, 0), (0xFF, 0xFF, 0xFF),
    ]
    private static let gap: UInt8 = 4

    /// Sides of a pixel in the pictures.
    public var scale: Int { max(1, Self.usualSize / max(preview.sensor.width, preview.sensor.height)) }

    /// All frames, one after the other, in an endless loop (APNG).
    ///
    /// - Parameter slowness: how many times as long as in the recording it takes; each frame stands for 1 ms to 65 s.
    /// - Throws: ``FigureError/recordingTooLarge(found:expected:remedy:)``.
    public func animation(slowness: Double) throws(FigureError) -> [UInt8] {
        guard preview.frameCount <= Self.largestCount else {
            throw .recordingTooLarge(
                found: "\(preview.frameCount) frames", expected: "at most \(Self.largestCount)",
                remedy: "take longer frames, or a window of time")
        }
        let delay = (Double(preview.frameSpan) / 1000 * slowness).rounded()
        var picture = PNGPicture(
            width: preview.sensor.width * scale, height: preview.sensor.height * scale, palette: Self.palette,
            delay: UInt16(min(max(delay, 1), 65_535)))
        for frame in 0..<preview.frameCount { picture.append(enlarged(frame)) }
        return picture.bytes
    }

    /// Frames in rows, evenly chosen where there are more than ``sheetCount``.
    public func sheet() -> [UInt8] {
        let frames = preview.frames(atMost: Self.sheetCount)
        let (width, height) = (preview.sensor.width * scale, preview.sensor.height * scale)
        let columns = min(
            frames.count,
            max(1, Int(Double(frames.count * height).squareRoot() / Double(width).squareRoot() * 1.25)))
        let rows = (frames.count + columns - 1) / columns
        let gap = 4
        let size = (width: columns * (width + gap) - gap, height: rows * (height + gap) - gap)
        var pixels = [UInt8](repeating: Self.gap, count: size.width * size.height)
        for (place, frame) in frames.enumerated() {
            let picture = enlarged(frame)
            let first = place / columns * (height + gap) * size.width + place % columns * (width + gap)
            for row in 0..<height {
                let start = first + row * size.width
                pixels.replaceSubrange(start..<start + width, with: picture[row * width..<(row + 1) * width])
            }
        }
        var picture = PNGPicture(width: size.width, height: size.height, palette: Self.palette)
        picture.append(pixels)
        return picture.bytes
    }

    private func enlarged(_ frame: Int) -> [UInt8] {
        let marks = preview.marks(of: frame)
        let (width, scale) = (preview.sensor.width, scale)
        var pixels: [UInt8] = []
        pixels.reserveCapacity(marks.count * scale * scale)
        for row in 0..<preview.sensor.height {
            let line = marks[row * width..<(row + 1) * width].flatMap { mark in
                repeatElement(mark.rawValue, count: scale)
            }
            for _ in 0..<scale { pixels += line }
        }
        return pixels
    }
}
