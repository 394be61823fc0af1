/// What the network does with a few samples: the input picture and the spikes of every population.
///
/// One row a sample. In a raster the neurons run along the horizontal axis and the steps down the vertical one,
/// and a tick is a spike. The last population is the output: its neurons are grouped by class, with the names of the classes on
/// the axis; the ticks of the class that the network decided for are coloured, and that of the sample has a shade behind it.
public struct RasterFigure: Figure {
    /// A grey picture.
    public struct Image: Sendable, Hashable {
        public let width: Int
        public let height: Int
        /// 0 (background) … 1, row by row from the top.
        public let intensities: [Double]

        public init(width: Int, height: Int, intensities: [Double]) {
            precondition(
                width * height == intensities.count, "\(intensities.count) values for \(width)×\(height)")
            self.width = width
            self.height = height
            self.intensities = intensities
        }
    }

    /// The spikes of one population on one sample.
    public struct Raster: Sendable, Hashable {
        public let neuronCount: Int
        /// The neurons that fired, one list a step.
        public let activeNeurons: [[Int]]

        public init(neuronCount: Int, activeNeurons: [[Int]]) {
            precondition(activeNeurons.joined().allSatisfy { (0..<neuronCount).contains($0) })
            self.neuronCount = neuronCount
            self.activeNeurons = activeNeurons
        }
    }

    public struct Sample: Sendable, Hashable {
        public let image: Image
        /// The class that the sample belongs to.
        public let label: Int
        /// The class that the network decided for.
        public let decision: Int
        /// One raster a population, output last.
        public let rasters: [Raster]

        public init(image: Image, label: Int, decision: Int, rasters: [Raster]) {
            self.image = image
            self.label = label
            self.decision = decision
            self.rasters = rasters
        }
    }

    public let classNames: [String]
    /// Names of the populations, output last.
    public let populations: [String]
    public let samples: [Sample]

    /// Output neurons are grouped in order: the first `count / classNames.count` belong to class 0, and so on.
    public init(classNames: [String], populations: [String], samples: [Sample]) {
        for sample in samples {
            precondition(sample.rasters.count == populations.count, "one raster for each population")
            precondition(
                classNames.indices.contains(sample.label) && classNames.indices.contains(sample.decision),
                "classes \(sample.label) and \(sample.decision) of \(classNames.count)")
        }
        self.classNames = classNames
        self.populations = populations
        self.samples = samples
    }

    public var name: String { "raster" }
    public var isEmpty: Bool { samples.isEmpty }

    public var script: GnuplotScript {
        GnuplotScript(
            width: Self.width, height: height,
            commands: style + legend + samples.indices.flatMap(row) + ["unset multiplot"])
    }

    // The layout in points.
    private static let width = 960
    private static let rowHeight = 128
    private static let rowGap = 46
    private static let top = 64
    private static let imageLeft = 12
    private static let rasterLeft = 180
    private static let rasterRight = 948
    private static let columnGap = 34

    private static let shade = "#D3E8F5"
    /// Width of a letter at the axis.
    private static let letterWidth = 6.5
    /// Room for names that stand aslant below the last row.
    private var foot: Int { areNamesAslant ? 28 : 4 }

    private var height: Int { Self.top + samples.count * (Self.rowHeight + Self.rowGap) + foot }

    /// Whether the names of the classes are too long to stand beside each other.
    private var areNamesAslant: Bool {
        let (left, right) = column(populations.count - 1)
        let longest = classNames.map(\.count).max() ?? 0
        return Self.letterWidth * Double(longest + 1) > Double(right - left)
            / Double(max(1, classNames.count))
    }

    private var style: [String] {
        [
            "set multiplot",
            "unset key",
            "unset colorbox",
            "set palette gray negative",
            "set cbrange [0:1]",
            "set border linewidth 0.75 linecolor rgb '\(Palette.ink)'",
            "set tics scale 0 textcolor rgb '\(Palette.ink)'",
        ]
    }

    /// Above the first row; it is drawn with the first picture.
    private var legend: [String] {
        let entries = [
            ("▎a spike", Palette.ink, Self.rasterLeft),
            ("▎a spike for the class that the network decided for", Palette.vermilion, Self.rasterLeft + 90),
            ("■ the class of the sample", Palette.sky, Self.rasterLeft + 440),
        ]
        return entries.enumerated().map { index, entry in
            let (text, color, left) = entry
            return "set label \(10 + index) \(quoted(text)) at screen "
                + "\(numberText(Double(left) / Double(Self.width))),\(numberText(1 - 18 / Double(height))) left "
                + "textcolor rgb '\(color)'"
        }
    }

    private func row(_ index: Int) -> [String] {
        let sample = samples[index]
        let bottom = height - Self.top - index * (Self.rowHeight + Self.rowGap) - Self.rowHeight
        return picture(sample, index: index, bottom: bottom)
            + sample.rasters.indices.flatMap { raster(sample, $0, row: index, bottom: bottom) }
    }

    private func picture(_ sample: Sample, index: Int, bottom: Int) -> [String] {
        let image = sample.image
        let rows = (0..<image.height).map { row in
            image.intensities[row * image.width..<(row + 1) * image.width].map(numberText).joined(
                separator: " ")
        }
        let isRight = sample.label == sample.decision
        let verdict =
            isRight
            ? classNames[sample.label] : "\(classNames[sample.label]), read as \(classNames[sample.decision])"
        return ["$image\(index) << END"] + rows + ["END"]
            + place(left: Self.imageLeft, right: Self.imageLeft + Self.rowHeight, bottom: bottom) + [
                "unset xtics",
                "unset ytics",
                "unset xlabel",
                "unset ylabel",
                "unset object",
                "set border 0",
                "set xrange [-0.5:\(image.width).0-0.5]",
                "set yrange [\(image.height).0-0.5:-0.5]",
                "set label 1 \(quoted(verdict)) at graph 0,1.1 left "
                    + "textcolor rgb '\(isRight ? Palette.ink : Palette.vermilion)'",
                // A little wider than a pixel, or a light seam would show between neighbours.
                "plot $image\(index) matrix using 1:2:(0.53):(0.53):3 with boxxyerror fillstyle solid noborder "
                    + "linecolor palette",
                "set border 15",
            ] + (index == 0 ? (10..<13).map { "unset label \($0)" } : [])
    }

    private func raster(_ sample: Sample, _ population: Int, row: Int, bottom: Int) -> [String] {
        let raster = sample.rasters[population]
        let isOutput = population == populations.count - 1
        let neuronsPerClass = max(1, raster.neuronCount / max(1, classNames.count))
        let decided = sample.decision * neuronsPerClass..<(sample.decision + 1) * neuronsPerClass
        let name = "$raster\(row)_\(population)"
        let ticks = raster.activeNeurons.enumerated().flatMap { step, neurons in
            neurons.map { "\($0) \(step + 1) \(isOutput && decided.contains($0) ? 1 : 0)" }
        }
        let steps = raster.activeNeurons.count
        let (left, right) = column(population)
        // A tick is as wide as its neuron, but never thinner than can be seen nor wider than a line.
        let tickWidth = min(3, max(0.6, 0.6 * Double(right - left) / Double(max(1, raster.neuronCount))))
        let colors = "(int($3) ? \(Palette.vermilion.rgbNumber) : \(Palette.ink.rgbNumber))"
        let plot =
            ticks.isEmpty
            ? "plot NaN"
            : "plot \(name) using 1:($2-0.38):(0):(0.76):\(colors) with vectors nohead "
                + "linewidth \(numberText(tickWidth)) linecolor rgb variable"
        return [name + " << END"] + ticks + ["END"] + place(left: left, right: right, bottom: bottom)
            + axes(neurons: raster.neuronCount, steps: steps)
            + (isOutput ? classAxis(neuronsPerClass, sample, isLast: row == samples.count - 1) : [])
            + [
                "set xlabel \(quoted(row == samples.count - 1 && !isOutput ? "neuron" : "")) offset 0,0.7 "
                    + "textcolor rgb '\(Palette.ink)'",
                heading(populations[population], raster, isFirst: row == 0), plot, "unset label 1",
            ]
    }

    private func axes(neurons: Int, steps: Int) -> [String] {
        let every = max(1, (steps + 4) / 5)
        let tics = stride(from: 1, through: max(1, steps), by: every).map { "\(quotedTick("\($0)")) \($0)" }
        return [
            "set xrange [-0.5:\(neurons).0-0.5]",
            "set yrange [\(steps).0+0.5:0.5]",
            "unset object",
            "set xtics \(neurons > 12 ? "autofreq" : "0,1") norotate center scale 0 offset 0,0.5",
            "set ytics (\(tics.joined(separator: ", "))) scale 0 offset 0.5,0",
            "set ylabel 'step' offset 0.6,0 textcolor rgb '\(Palette.ink)'",
        ]
    }

    /// Class names instead of neuron numbers, and a shade behind the class that the sample belongs to.
    private func classAxis(_ neuronsPerClass: Int, _ sample: Sample, isLast: Bool) -> [String] {
        let tics = classNames.indices.map { index in
            let name = isLast || !areNamesAslant ? classNames[index] : ""
            return "\(quotedTick(name)) \(numberText((Double(index) + 0.5) * Double(neuronsPerClass) - 0.5))"
        }
        let start = Double(sample.label * neuronsPerClass) - 0.5
        return [
            "set xtics (\(tics.joined(separator: ", "))) "
                + (areNamesAslant ? "rotate by 40 right offset 0.6,0.2" : "norotate center offset 0,0.5"),
            "set object 1 rectangle from first \(numberText(start)),graph 0 to "
                + "first \(numberText(start + Double(neuronsPerClass))),graph 1 behind "
                + "fillcolor rgb '\(Self.shade)' fillstyle solid noborder",
            "set ylabel ''",
        ]
    }

    private func heading(_ name: String, _ raster: Raster, isFirst: Bool) -> String {
        let steps = max(1, raster.activeNeurons.count)
        let rate = Double(raster.activeNeurons.joined().count) / Double(steps)
        let text =
            (isFirst ? "\(shortened(name, bytes: 40)): " : "")
            + "\(numberText((10 * rate).rounded() / 10)) spikes per step"
        return "set label 1 \(quoted(text)) at graph 0,1.1 left textcolor rgb '\(Palette.ink)'"
    }

    /// The output takes as much width as two fifths of all rasters; hidden populations share the rest.
    private func column(_ population: Int) -> (left: Int, right: Int) {
        let gaps = (populations.count - 1) * Self.columnGap
        let total = Self.rasterRight - Self.rasterLeft - gaps
        let hidden = populations.count > 1 ? total * 3 / 5 / (populations.count - 1) : 0
        let left = Self.rasterLeft + population * (hidden + Self.columnGap)
        return (left, population == populations.count - 1 ? Self.rasterRight : left + hidden)
    }

    private func place(left: Int, right: Int, bottom: Int) -> [String] {
        func share(_ points: Int, of length: Int) -> String { numberText(Double(points) / Double(length)) }
        return [
            "set lmargin at screen \(share(left, of: Self.width))",
            "set rmargin at screen \(share(right, of: Self.width))",
            "set bmargin at screen \(share(bottom, of: height))",
            "set tmargin at screen \(share(bottom + Self.rowHeight, of: height))",
        ]
    }
}

extension String {
    /// `#D55E00` as `0xD55E00`, the form of gnuplot's `rgb variable`.
    fileprivate var rgbNumber: String { "0x" + dropFirst() }
}
