import Files

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
                return Braille.trimmed(left + (row < frames.count ? frames[row] : ""))
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
            let frames = steps.map { step in
                Braille.lines(
                    raster.activeNeurons(sample: image, step: step), width: images.width,
                    height: images.height)
            }
            let rows = (0..<(images.height + 3) / 4).map { row in
                frames.map { $0[row] }.joined(separator: " ")
            }
            return [titles.joined(separator: " ")] + rows
        }
    }
}
