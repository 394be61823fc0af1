import Files

extension EventPreview {
    private static let labelWidth = 5
    /// Of a frame, in dots.
    private static let largestFrame = EventSensor(width: 36, height: 48)
    /// Of a raster.
    private static let largestRows = 64

    /// The preview as lines of text without colour: what it is, frames or a raster, ON above OFF, and the rate of events over time.
    ///
    /// A Braille character is two dots wide and four high.
    ///
    /// - Parameter width: columns of the terminal.
    public func lines(width: Int = 80) -> [String] {
        let counts = "\(events.count) events: \(onCount) ON, \(events.count - onCount) OFF"
        let head = [
            title, "  \(sensor.width) × \(sensor.height) pixels, \(counts)",
            "  \(Self.text(duration)) from the first to the last event",
        ]
        guard !events.isEmpty else { return head }
        let room = max(width, 40) - Self.labelWidth
        let picture =
            switch layout {
            case .frames: frameLines(room)
            case .raster: rasterLines(room)
            }
        return head + [""] + picture + [""] + rateLines(room)
    }

    private func frameLines(_ room: Int) -> [String] {
        let largest = Self.largestFrame
        let scale = max(
            (sensor.width + largest.width - 1) / largest.width,
            (sensor.height + largest.height - 1) / largest.height)
        let size = EventSensor(
            width: (sensor.width + scale - 1) / scale, height: (sensor.height + scale - 1) / scale)
        // A frame is at least as wide as its title.
        let columns = max((size.width + 1) / 2, 8)
        let shown = frames(atMost: max(1, (room + 1) / (columns + 1)))
        var titles: [String] = []
        var rows: [[[String]]] = [[], []]
        for frame in shown {
            titles.append(Self.text(Int64(frame) * frameSpan).padded(to: columns))
            for (place, isOn) in [true, false].enumerated() {
                rows[place].append(
                    Braille.lines(
                        dots(of: frame, isOn: isOn, scale, size), width: size.width, height: size.height
                    )
                    .map { $0.padded(to: columns) })
            }
        }
        let square =
            scale > 1
            ? "; a dot: \(scale) × \(scale) pixels with no fewer events than the mean of those that have some"
            : ""
        return [Self.line("", titles.joined(separator: " "))]
            + zip(["ON", "OFF"], rows).flatMap { name, frames in
                (frames.first ?? []).indices.map { row in
                    Self.line(row == 0 ? name : "", frames.map { $0[row] }.joined(separator: " "))
                } + [""]
            }
            + Self.wrapped("\(shown.count) of \(frameCount) frames of \(Self.text(frameSpan))\(square)", room)
    }

    /// The dots of a frame that are set.
    private func dots(of frame: Int, isOn: Bool, _ scale: Int, _ size: EventSensor) -> [Int] {
        var counts = [Int](repeating: 0, count: size.width * size.height)
        for event in events(of: frame) where event.isOn == isOn {
            counts[Int(event.y) / scale * size.width + Int(event.x) / scale] += 1
        }
        let present = counts.filter { $0 > 0 }
        // Nearly every square of a busy sensor has some.
        let mean = scale > 1 ? Double(present.reduce(0, +)) / Double(max(present.count, 1)) : 1
        return counts.indices.filter { counts[$0] > 0 && Double(counts[$0]) >= mean }
    }

    private func rasterLines(_ room: Int) -> [String] {
        let pixelCount = sensor.width * sensor.height
        let scale = max(1, (pixelCount + Self.largestRows - 1) / Self.largestRows)
        let size = EventSensor(width: 2 * room, height: (pixelCount + scale - 1) / scale)
        let hasOff = events.contains { !$0.isOn }
        let pictures = (hasOff ? [true, false] : [true]).map { isOn in
            let dots = events.lazy.filter { $0.isOn == isOn }.map { event in
                (Int(event.y) * sensor.width + Int(event.x)) / scale * size.width
                    + part(of: event, among: size.width)
            }
            return Braille.lines(dots, width: size.width, height: size.height)
        }
        let caption =
            "inputs 0 to \(pixelCount - 1) from the top, time to the right"
            + (scale > 1 ? "; a dot: \(scale) inputs" : "")
        return zip(["ON", "OFF"], pictures).flatMap { name, rows in
            (name == "ON" ? [] : [""]) + rows.enumerated().map { Self.line($0 == 0 ? name : "", $1) }
        } + ["", Self.line("", caption)]
    }

    private func rateLines(_ room: Int) -> [String] {
        let counts = eventCounts(parts: room).map { $0.on + $0.off }
        let greatest = counts.max() ?? 0
        let blocks = Array("▁▂▃▄▅▆▇█")
        let signs = counts.map { count -> Character in
            // Any event at all is seen; none is a blank.
            count == 0 ? " " : blocks[(count * 8 - 1) / max(greatest, 1)]
        }
        // One event is no span of time.
        let span = Double(max(duration, 1)) / Double(room)
        let rate = String(printf: "%.3g", Double(greatest) / span * 1000)
        return [Self.line("rate", String(signs)), Self.line("", "up to \(rate) events a millisecond")]
    }

    private static func line(_ label: String, _ text: String) -> String {
        Braille.trimmed(label.padded(to: labelWidth) + text)
    }

    private static func wrapped(_ text: String, _ room: Int) -> [String] {
        var lines = [""]
        for word in text.split(separator: " ") {
            if lines[lines.count - 1].count + word.count >= room { lines.append("") }
            lines[lines.count - 1] += (lines[lines.count - 1].isEmpty ? "" : " ") + word
        }
        return lines.map { line("", $0) }
    }

    /// A time as people read it: `307.9 ms`.
    static func text(_ microseconds: Int64) -> String {
        switch microseconds {
        case 1_000_000...: String(printf: "%.4g s", Double(microseconds) / 1e6)
        case 1000...: String(printf: "%.4g ms", Double(microseconds) / 1e3)
        default: "\(microseconds) µs"
        }
    }
}
