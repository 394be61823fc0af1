import Files

/// What a network does with one sample over time: a row for the input and for each population; in it spikes, how probable they were, and
/// the memory, all against the same steps.
public struct ActivityFigure: Figure {
    /// The input or a population. Numbers are `[step][neuron]`.
    public struct Row: Sendable, Hashable {
        public let name: String
        public let neuronCount: Int
        /// The neurons that fired at each step.
        public let spikes: [[Int]]
        /// Real numbers that are given in place of spikes; nil for none.
        public let values: [[Double]]?
        /// 0…1; nil of the input.
        public let probabilities: [[Double]]?
        /// nil where there is no memory.
        public let memory: [[Double]]?
        public let memoryName: String

        public init(
            name: String, neuronCount: Int, spikes: [[Int]], values: [[Double]]? = nil,
            probabilities: [[Double]]? = nil, memory: [[Double]]? = nil, memoryName: String = ""
        ) {
            (self.name, self.neuronCount, self.spikes, self.values) = (name, neuronCount, spikes, values)
            (self.probabilities, self.memory, self.memoryName) = (probabilities, memory, memoryName)
        }
    }

    public let title: String
    public let rows: [Row]

    public init(title: String, rows: [Row]) { (self.title, self.rows) = (title, rows) }

    public var name: String { "activity" }
    public var isEmpty: Bool { rows.isEmpty || stepCount == 0 }

    public var script: GnuplotScript {
        GnuplotScript(
            width: Self.width, height: height,
            commands: style + rows.indices.flatMap(row) + ["unset multiplot"])
    }

    // Points.
    private static let width = 1080
    private static let (rowHeight, rowGap, head, foot) = (170, 40, 46, 34)
    private static let columns = [(left: 52, right: 352), (left: 396, right: 696), (left: 740, right: 1040)]
    /// Neurons of a row that are shown.
    private static let shownCount = 64
    /// What a number is drawn with along an edge: viewers blur the edges of a picture's dots.
    private static let dotsPerNumber = 4

    private var height: Int { Self.head + rows.count * (Self.rowHeight + Self.rowGap) + Self.foot }
    private var stepCount: Int { rows.map { $0.values?.count ?? $0.spikes.count }.max() ?? 0 }

    private var style: [String] {
        [
            "set multiplot", "unset key", "unset colorbox",
            "set border 15 linewidth 0.75 linecolor rgb '\(Palette.ink)'",
            "set tics scale 0 textcolor rgb '\(Palette.ink)'",
            "set xrange [0.5:\(stepCount).0+0.5]",
            "set label 1 \(quoted(title)) at screen 0.01,\(screenHeight(18)) left font ',13' textcolor rgb '\(Palette.ink)'",
        ]
    }

    private func row(_ index: Int) -> [String] {
        let row = rows[index]
        let shown = row.shown(Self.shownCount)
        let part = shown.count < row.neuronCount ? ", the \(shown.count) that fire most" : ""
        let count = "\(row.name): \(row.neuronCount) \(index == 0 ? "inputs" : "neurons")\(part)"
        let first =
            row.values.map { heatMap($0, "values", of: row, shown: shown, index, column: 0, heading: count) }
            ?? raster(row, shown, index, heading: count)
        let probabilities = row.probabilities.map {
            heatMap(
                $0, "probability", of: row, shown: shown, index, column: 1,
                heading: "firing probability, white 0 to black 1")
        }
        let memory = row.memory.map {
            heatMap(
                $0, "memory", of: row, shown: shown, index, column: 2, heading: "memory: \(row.memoryName)")
        }
        return first + (index == 0 ? ["unset label 1"] : []) + (probabilities ?? []) + (memory ?? [])
    }

    private func raster(_ row: Row, _ shown: [Int], _ index: Int, heading: String) -> [String] {
        let places = Dictionary(uniqueKeysWithValues: shown.enumerated().map { ($1, $0) })
        let ticks = row.spikes.enumerated().flatMap { step, neurons in
            neurons.compactMap { places[$0] }.map { [Double(step + 1), Double($0)] }
        }
        return dataBlock("spikes\(index)", ticks)
            + frame(row, shown, index, column: 0, heading: heading) + [
                ticks.isEmpty
                    ? "plot NaN"
                    : "plot $spikes\(index) using 1:($2-0.4):(0):(0.8) with vectors nohead linewidth 1.4 "
                        + "linecolor rgb '\(Palette.ink)'"
            ]
    }

    private func heatMap(
        _ numbers: [[Double]], _ kind: String, of row: Row, shown: [Int], _ index: Int, column: Int,
        heading: String
    ) -> [String] {
        let isProbability = kind == "probability"
        let greatest = shown.reduce(0.0) { bound, neuron in
            numbers.reduce(bound) { max($0, abs($1[neuron])) }
        }
        let bound = isProbability || greatest == 0 ? 1 : greatest
        // Six digits on both sides do not fit above a panel.
        let range = String(printf: "%.3g", bound)
        let dots = Self.dotsPerNumber
        let lines = shown.flatMap { neuron in
            let line = numbers.flatMap { [Double](repeating: $0[neuron], count: dots) }
            return [[Double]](repeating: line, count: dots)
        }
        // The dots of a number lie around its place.
        let place = "($1/\(dots).0+1-\(numberText(0.5 - 0.5 / Double(dots))))"
        let line = "($2/\(dots).0-\(numberText(0.5 - 0.5 / Double(dots))))"
        return dataBlock("\(kind)\(index)", lines)
            + frame(
                row, shown, index, column: column,
                heading: isProbability ? heading : "\(heading), blue -\(range) to orange \(range)")
            + [
                isProbability
                    ? "set palette defined (0 '#ffffff', 1 '\(Palette.black)')"
                    : "set palette defined (-1 '\(Palette.blue)', 0 '#ffffff', 1 '\(Palette.orange)')",
                "set cbrange [\(isProbability ? "0" : "-\(range)"):\(range)]",
                "plot $\(kind)\(index) matrix using \(place):\(line):3 with image",
            ]
    }

    private func frame(_ row: Row, _ shown: [Int], _ index: Int, column: Int, heading: String) -> [String] {
        let top = Self.head + index * (Self.rowHeight + Self.rowGap) + 18
        let (left, right) = Self.columns[column]
        let every = max(1, (shown.count + 3) / 4)
        let tics = stride(from: 0, to: shown.count, by: every).map { "\"\(shown[$0])\" \($0)" }
        let isLast = index == rows.count - 1
        func share(_ points: Int) -> String { numberText(Double(points) / Double(Self.width)) }
        return [
            "set lmargin at screen \(share(left))", "set rmargin at screen \(share(right))",
            "set tmargin at screen \(screenHeight(top))",
            "set bmargin at screen \(screenHeight(top + Self.rowHeight))",
            "set yrange [\(max(shown.count, 1)).0-0.5:-0.5]",
            "set ytics (\(tics.joined(separator: ", "))) offset 0.5,0",
            "set xtics autofreq offset 0,0.5",
            "set ylabel \(quoted(column == 0 ? "neuron" : "")) offset 0.6,0 textcolor rgb '\(Palette.ink)'",
            "set xlabel \(quoted(isLast ? "step" : "")) offset 0,0.9 textcolor rgb '\(Palette.ink)'",
            "set label 2 \(quoted(shortened(heading, bytes: 64))) at graph 0,1 left offset 0,0.6 "
                + "textcolor rgb '\(Palette.ink)'",
        ]
    }

    /// A distance from the upper edge in points, as a share of the picture from below.
    private func screenHeight(_ distance: Int) -> String {
        numberText(1 - Double(distance) / Double(height))
    }
}

extension ActivityFigure.Row {
    /// Numbers of the neurons with the most spikes, ascending; of inputs with values the first ones.
    fileprivate func shown(_ count: Int) -> [Int] {
        var spikeCounts = [Int](repeating: 0, count: neuronCount)
        for neuron in spikes.joined() { spikeCounts[neuron] += 1 }
        return Array(
            (0..<neuronCount).sorted { (-spikeCounts[$0], $0) < (-spikeCounts[$1], $1) }.prefix(count)
                .sorted())
    }
}
