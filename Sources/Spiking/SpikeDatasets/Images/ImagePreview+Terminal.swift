extension ImagePreview {
    /// The preview as lines of text: each image in shades of grey, two pixels a character, and beside it the
    /// spikes of each step, eight pixels a Braille character.
    ///
    /// - Parameter width: columns of the terminal; an image of 28 × 28 and three steps side by side take 74.
    public func lines(width: Int = 80) -> [String] {
        (0..<images.count).flatMap { image in
            let picture = shades(of: image)
            let gap = 3
            let frames = frameLines(of: image, width: width - images.width - gap)
            let blank = String(repeating: " ", count: images.width + gap)
            // The first line of the frames is their titles, beside which the image has nothing.
            let rows = (0..<max(picture.count + 1, frames.count)).map { row in
                let left = row > 0 && row <= picture.count ? picture[row - 1] + "   " : blank
                return Self.trimmed(left + (row < frames.count ? frames[row] : ""))
            }
            return [title(of: image)] + rows + [spikeSummary(of: image), ""]
        }
    }

    /// One character for a pixel and the one below it, by their mean.
    private func shades(of image: Int) -> [String] {
        let pixels = images.gather([image])
        let palette: [Character] = [" ", "░", "▒", "▓", "█"]
        return stride(from: 0, to: images.height, by: 2).map { row in
            String(
                (0..<images.width).map { column in
                    let upper = Int(pixels[row * images.width + column])
                    let hasLower = row + 1 < images.height
                    let lower = hasLower ? Int(pixels[(row + 1) * images.width + column]) : 0
                    return palette[(upper + lower + 51) * 5 / 613]
                })
        }
    }

    /// The frames of all steps, as many side by side as fit, each under its title.
    private func frameLines(of image: Int, width: Int) -> [String] {
        let frameWidth = (images.width + 1) / 2
        let perRow = max(1, (width + 1) / (frameWidth + 1))
        return stride(from: 0, to: raster.stepCount, by: perRow).flatMap { first in
            let steps = first..<min(first + perRow, raster.stepCount)
            let titles = steps.map { step in
                let title = "step \(step + 1)"
                return title + String(repeating: " ", count: max(0, frameWidth - title.count))
            }
            let frames = steps.map { brailleFrame(of: image, step: $0) }
            let rows = (0..<(images.height + 3) / 4).map { row in
                frames.map { $0[row] }.joined(separator: " ")
            }
            return [titles.joined(separator: " ")] + rows
        }
    }

    /// The spikes of one step as Braille patterns (Unicode block U+2800), each two pixels wide and four high.
    private func brailleFrame(of image: Int, step: Int) -> [String] {
        let frameWidth = (images.width + 1) / 2
        // Dots 1–3 and 7 are the left column from top to bottom, dots 4–6 and 8 the right one.
        let dots: [[UInt32]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]
        var cells = [[UInt32]](
            repeating: [UInt32](repeating: 0, count: frameWidth), count: (images.height + 3) / 4)
        for pixel in raster.activeNeurons(sample: image, step: step) {
            let (row, column) = (pixel / images.width, pixel % images.width)
            cells[row / 4][column / 2] |= dots[row % 4][column % 2]
        }
        return cells.map { row in
            String(String.UnicodeScalarView(row.compactMap { Unicode.Scalar(0x2800 + $0) }))
        }
    }

    private static func trimmed(_ line: String) -> String {
        var line = line
        while line.last == " " || line.last == "\u{2800}" { line.removeLast() }
        return line
    }
}
