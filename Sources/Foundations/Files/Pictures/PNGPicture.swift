import CZlib

/// A picture of up to 256 colours as a PNG file, or several of one size as an animated one (APNG), which programs that know nothing
/// of animation show as the first of them.
package struct PNGPicture {
    /// Red, green, blue.
    package typealias Colour = (UInt8, UInt8, UInt8)

    package let width: Int
    package let height: Int
    private var body: [UInt8] = []
    private let palette: [UInt8]
    private let delay: (milliseconds: UInt16, isAnimated: Bool)
    private var frameCount: UInt32 = 0
    /// Chunks that say something about frames are numbered.
    private var chunkCount: UInt32 = 0

    /// - Parameters:
    ///   - width: of every frame, in pixels, from 1 on, as height.
    ///   - palette: 1 to 256 colours.
    ///   - delay: how long each frame stands, in milliseconds; nil for a picture that does not move.
    package init(width: Int, height: Int, palette: [Colour], delay: UInt16? = nil) {
        precondition((1...256).contains(palette.count) && width > 0 && height > 0)
        (self.width, self.height) = (width, height)
        self.palette = palette.flatMap { [$0.0, $0.1, $0.2] }
        self.delay = (delay ?? 0, delay != nil)
    }

    /// Adds the next frame; the only one of a picture that does not move.
    ///
    /// - Parameter pixels: a number of the palette for each, row after row from the top.
    package mutating func append(_ pixels: [UInt8]) {
        precondition(pixels.count == width * height && (delay.isAnimated || frameCount == 0))
        // Each row begins with its filter, here none.
        var rows: [UInt8] = []
        rows.reserveCapacity(pixels.count + height)
        for row in 0..<height {
            rows.append(0)
            rows += pixels[row * width..<(row + 1) * width]
        }
        let data = ZlibStream.compressed(rows)
        if delay.isAnimated {
            var control = nextNumber() + Self.bytes(UInt32(width)) + Self.bytes(UInt32(height))
            // At the upper left corner, for so many thousandths of a second; the next one replaces it as a whole.
            control +=
                [0, 0, 0, 0, 0, 0, 0, 0] + Self.bytes(delay.milliseconds) + Self.bytes(UInt16(1000)) + [0, 0]
            body += Self.chunk("fcTL", control)
        }
        body += frameCount == 0 ? Self.chunk("IDAT", data) : Self.chunk("fdAT", nextNumber() + data)
        frameCount += 1
    }

    /// The file, of at least one frame.
    package var bytes: [UInt8] {
        precondition(frameCount > 0)
        let signature: [UInt8] = [0x89] + Array("PNG\r\n\u{1A}\n".utf8)
        // Eight bits a pixel, which are numbers of a palette; the usual compression and filters, not interlaced.
        let head = Self.bytes(UInt32(width)) + Self.bytes(UInt32(height)) + [8, 3, 0, 0, 0]
        // Played for ever.
        let animation = delay.isAnimated ? Self.chunk("acTL", Self.bytes(frameCount) + [0, 0, 0, 0]) : []
        return signature + Self.chunk("IHDR", head) + animation + Self.chunk("PLTE", palette) + body
            + Self.chunk("IEND", [])
    }

    private mutating func nextNumber() -> [UInt8] {
        defer { chunkCount += 1 }
        return Self.bytes(chunkCount)
    }

    private static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
        let contents = Array(type.utf8) + data
        return bytes(UInt32(data.count)) + contents + bytes(UInt32(crc32_z(0, contents, contents.count)))
    }

    private static func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian, Array.init)
    }
}
