import EventRecordings
import Files

/// The events of a recording: above, the number of the pixel against time, below, how many events there are.
public struct EventFigure: Figure {
    public let preview: EventPreview

    public init(_ preview: EventPreview) { self.preview = preview }

    public var name: String { "events" }
    public var isEmpty: Bool { preview.events.isEmpty }

    private static let size = (width: 960, height: 520)
    /// Parts of the time that the rate is told of.
    private static let partCount = 100
    /// Places of the raster, as many as can be told apart; half as many of each kind, and again, while more of them are taken than a
    /// file should have.
    private static let places = (columns: 640, rows: 240)
    private static let largestDotCount = 30_000
    private static let colours = (on: Palette.blue, off: Palette.orange)

    public var script: GnuplotScript {
        GnuplotScript(
            width: Self.size.width, height: Self.size.height,
            commands: blocks + style + raster + rate + ["unset multiplot"])
    }

    /// The rate as CSV: the beginning of each part in ms since the first event, its ON and its OFF events.
    public var csv: String {
        let rows = preview.eventCounts(parts: Self.partCount).enumerated().map { part, counts in
            [numberText(start(of: part)), "\(counts.on)", "\(counts.off)"]
        }
        return ([["start_ms", "on_events", "off_events"]] + rows).map(CSV.row).joined(separator: "\n") + "\n"
    }

    /// In ms.
    private var span: Double { (Double(preview.duration) + 1) / 1000 }
    private var partSpan: Double { span / Double(Self.partCount) }
    private func start(of part: Int) -> Double { Double(part) * partSpan }
    private var pixelCount: Int { preview.sensor.width * preview.sensor.height }

    private var blocks: [String] {
        var (columns, rows) = (Self.places.columns, min(pixelCount, Self.places.rows))
        var dots = dots(columns, rows)
        while dots.on.count + dots.off.count > Self.largestDotCount {
            (columns, rows) = (columns / 2, max(rows / 2, 1))
            dots = self.dots(columns, rows)
        }
        func block(_ name: String, _ dots: Set<Int>) -> [String] {
            ["$\(name) << END"]
                + dots.sorted().map { place in
                    let time = (Double(place % columns) + 0.5) / Double(columns) * span
                    let pixel = (Double(place / columns) + 0.5) / Double(rows) * Double(pixelCount) - 0.5
                    return "\(numberText(time)) \(numberText(pixel))"
                } + ["END"]
        }
        let rate = preview.eventCounts(parts: Self.partCount).enumerated().map { part, counts in
            [start(of: part) + partSpan / 2, Double(counts.on) / partSpan, Double(counts.off) / partSpan]
                .map(numberText).joined(separator: " ")
        }
        return block("on", dots.on) + block("off", dots.off) + ["$rate << END"] + rate + ["END"]
    }

    /// The places that are taken, row after row.
    private func dots(_ columns: Int, _ rows: Int) -> (on: Set<Int>, off: Set<Int>) {
        var dots: (on: Set<Int>, off: Set<Int>) = ([], [])
        for event in preview.events {
            let pixel = Int(event.y) * preview.sensor.width + Int(event.x)
            let column = min(Int(Double(preview.time(event)) / 1000 / span * Double(columns)), columns - 1)
            let place = pixel * rows / pixelCount * columns + column
            if event.isOn { dots.on.insert(place) } else { dots.off.insert(place) }
        }
        return dots
    }

    private var style: [String] {
        let counts = [
            ("● ON, \(preview.onCount) events", Self.colours.on, 0.72),
            ("▲ OFF, \(preview.events.count - preview.onCount) events", Self.colours.off, 0.86),
        ]
        return [
            "set multiplot", "unset key",
            "set border 3 linewidth 0.75 linecolor rgb '\(Palette.ink)'",
            "set tics nomirror out scale 0.5 textcolor rgb '\(Palette.ink)'",
            "set lmargin at screen 0.08", "set rmargin at screen 0.985",
            "set xrange [0:\(numberText(span))]",
            "set label 1 \(quoted(preview.title)) at screen 0.01,0.96 left font ',13' textcolor rgb '\(Palette.ink)'",
        ]
            + counts.enumerated().map { index, entry in
                "set label \(2 + index) \(quoted(entry.0)) at screen \(numberText(entry.2)),0.905 left "
                    + "textcolor rgb '\(entry.1)'"
            }
    }

    /// A plot of nothing is an error of gnuplot's.
    private func isPlotted(isOn: Bool) -> Bool { preview.events.contains { $0.isOn == isOn } }

    private var raster: [String] {
        let plots = [(true, "$on", 7, 0.22, Self.colours.on), (false, "$off", 9, 0.3, Self.colours.off)]
            .filter {
                isPlotted(isOn: $0.0)
            }
        return [
            "set bmargin at screen 0.38", "set tmargin at screen 0.88", "set format x ''",
            // Row after row from the top, as pixels are numbered.
            "set yrange [\(pixelCount).0-0.5:-0.5]",
            "set ylabel '\(preview.layout == .raster ? "input" : "pixel, row after row")' offset 0.8,0 textcolor rgb '\(Palette.ink)'",
            "plot "
                + plots.map { _, name, shape, size, colour in
                    "\(name) using 1:2 with points pointtype \(shape) pointsize \(numberText(size)) linecolor rgb '\(colour)'"
                }.joined(separator: ", "),
            "unset label 1", "unset label 2", "unset label 3",
        ]
    }

    private var rate: [String] {
        let curves = [(true, 2, "", Self.colours.on), (false, 3, "dashtype (4,2) ", Self.colours.off)].filter
        {
            isPlotted(isOn: $0.0)
        }
        return [
            "set bmargin at screen 0.12", "set tmargin at screen 0.34", "set format x '%g'",
            "set yrange [0:*]", "set ylabel 'events a ms' offset 0.8,0 textcolor rgb '\(Palette.ink)'",
            "set xlabel 'time since the first event (ms)' offset 0,0.4 textcolor rgb '\(Palette.ink)'",
            "plot "
                + curves.map { _, column, dash, colour in
                    "$rate using 1:\(column) with lines linewidth 2 \(dash)linecolor rgb '\(colour)'"
                }.joined(separator: ", "),
        ]
    }
}
