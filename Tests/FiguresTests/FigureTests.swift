import Files
import Foundation
import FoundationXML
import TestSupport
import Testing

@testable import Figures

let hasGnuplot = SystemProgram(named: "gnuplot") != nil
let hasGraphviz = SystemProgram(named: "dot") != nil

struct FigureTests {
    static let training = TrainingFigure(
        title: "It's a 'title'\nwith $(touch x) `touch x` and \\backslash",
        populations: ["hidden", "output"],
        epochs: [
            .init(
                number: 1, accuracy: 0.82, accuracyDeviation: 0.0025, trainingLoss: 1.2,
                spikesPerStep: [210, 22]),
            .init(number: 2, accuracy: 0.853, trainingLoss: .nan, spikesPerStep: [201.6, 20]),
        ])

    /// Three neurons, of which the last is silent, and values in place of spikes of the input.
    static let activity = ActivityFigure(
        title: "sample 0",
        rows: [
            .init(name: "input", neuronCount: 1, spikes: [], values: [[-2], [1]]),
            .init(
                name: "hidden", neuronCount: 3, spikes: [[0, 1], [1]],
                probabilities: [[1, 0.5, 0], [0, 0.25, 0]], memory: [[0, 0.5, 0], [0, -0.25, 0]],
                memoryName: "potential"),
        ])

    static let raster = RasterFigure(
        classNames: ["bag", "shirt"], populations: ["hidden", "output"],
        samples: [
            .init(
                image: .init(width: 2, height: 1, intensities: [0, 1]), label: 0, decision: 1,
                rasters: [
                    .init(neuronCount: 3, activeNeurons: [[0, 2], []]),
                    .init(neuronCount: 4, activeNeurons: [[3], [0, 2]]),
                ])
        ])

    static let curves = CurveFigure(
        name: "density", title: "cost", xLabel: "density (%)", yLabel: "ms",
        curves: [
            .init(name: "forward", points: [.init(x: 1, y: 0.5), .init(x: 50, y: 20)]),
            .init(name: "back", points: [.init(x: 1, y: 0.25), .init(x: 50, y: 19.5)]),
        ])

    static let flatCurve = CurveFigure(
        name: "flat", title: "", xLabel: "", yLabel: "",
        curves: [.init(name: "none", points: [.init(x: 1, y: 0)])])

    static let intervals = IntervalFigure(
        name: "intervals", title: "a comparison", xLabel: "accuracy (%)", range: 45...101,
        subjects: ["ours", "it's the other", "control"], firstReference: 2,
        conditions: ["free", "limited"],
        panels: [
            .init(
                title: "first",
                marks: [
                    .init(subject: 0, condition: 0, value: 90, low: 85, high: 95),
                    .init(subject: 2, condition: 1, value: 50, low: 49.5, high: 50.5),
                ]),
            .init(title: "empty", marks: []),
        ])

    static let panels = PanelFigure(
        name: "panels", title: "two panels",
        panels: [
            .init(
                heading: "bits", xLabel: "lag", logarithmicFrom: 1e-3,
                curves: [
                    .init(name: "one", points: [.init(x: 0, y: 1), .init(x: 10, y: 1e-4)]),
                    .init(name: "one", points: [.init(x: 0, y: 0.5)], isDashed: true),
                ]),
            .init(
                heading: "share", xLabel: "step", highest: 1,
                curves: [
                    .init(name: "two", points: [.init(x: 1, y: 0.5, deviation: 0.25)]),
                    .init(name: "one", points: [.init(x: 1, y: 0.75)]),
                ]),
            .init(
                heading: "zeros", xLabel: "", logarithmicFrom: 1e-3,
                curves: [.init(name: "two", points: [.init(x: 0, y: 0)])]),
        ], notes: ["a note"])

    static let boxes = BoxFigure(
        name: "boxes", title: "models", subjects: ["ours", "it's the other"],
        panels: [
            .init(
                heading: "accuracy (%)", places: ["mnist", "kmnist"],
                boxes: [
                    .init(subject: 0, place: 0, values: [1, 2, 3, 4, 100]),
                    .init(subject: 0, place: 1, values: [3, 1, 4, 2]),
                    .init(subject: 1, place: 1, values: [7]),
                ]),
            .init(
                heading: "spikes", places: ["mnist"],
                boxes: [
                    .init(subject: 1, place: 0, values: [50, 50]), .init(subject: 0, place: 0, values: []),
                ],
                startsAtZero: true),
        ], columnCount: 2, notes: ["a note"])

    static let tradeOff = TradeOffFigure(
        name: "trade-off", title: "accuracy and spikes", subjects: ["ours", "theirs"],
        xLabel: "spikes a step",
        panels: [
            .init(
                heading: "accuracy (%)",
                curves: [
                    [
                        .init(x: 100, y: 90, xError: 5, yError: 1, isOnFront: true),
                        .init(x: 10, y: 80, xError: 20, yError: 2, isOnFront: false),
                        .init(x: 0, y: 10, xError: 0, yError: 0, isOnFront: true),
                    ], [],
                ])
        ], notes: ["a note"])

    /// A run that diverged: no loss, no spike.
    static let silentTraining = TrainingFigure(
        title: "silent", populations: ["hidden", "output"],
        epochs: [.init(number: 1, accuracy: 0, trainingLoss: .nan, spikesPerStep: [0, 0])])

    static let silentRaster = RasterFigure(
        classNames: ["bag", "shirt"], populations: ["output"],
        samples: [
            .init(
                image: .init(width: 1, height: 1, intensities: [0]), label: 0, decision: 0,
                rasters: [.init(neuronCount: 1, activeNeurons: [[], []])])
        ])

    @Test("the training script holds the numbers in per cent and counts, and text only between quotes")
    func trainingScript() {
        let lines = Self.training.script.commands
        // By hand: accuracy ×100, deviation ×100, loss, spikes of each population.
        #expect(
            Array(lines.prefix(4)) == [
                "$epochs << END", "1 82 0.25 1.2 210 22", "2 85.3 0 NaN 201.6 20", "END",
            ])
        #expect(
            lines.contains {
                $0.hasPrefix(
                    #"set label 1 "It\047s a \047title\047\134u\173A\175with \044(touch x) \140touch x\140 and \134backslash" at"#
                )
            })
        // Curves are labelled at their ends, but not one that has no number there.
        #expect(lines.contains { $0.contains("\"85.3 %\" at first 2,first 85.3 left") })
        #expect(lines.contains { $0.contains(#""202 \342\227\217 hidden" at first 2,first 201.6 left"#) })
        #expect(!lines.contains { $0.contains("nan") })
    }

    @Test("labels of curves that end close together keep a distance")
    func closeCurves() {
        let figure = TrainingFigure(
            title: "", populations: ["first", "second"],
            epochs: [.init(number: 1, accuracy: 0.5, trainingLoss: 1, spikesPerStep: [100, 99])])
        let lines = figure.script.commands
        #expect(lines.contains { $0.contains(#""99 \342\226\240 second" at first 1,first 99 left"#) })
        // 7 % of the largest value above the label below: 99 + 7.
        #expect(lines.contains { $0.contains(#""100 \342\227\217 first" at first 1,first 106 left"#) })
    }

    @Test("curves hold their points, and labels at ends close together keep a distance")
    func curveScript() {
        let lines = Self.curves.script.commands
        #expect(
            lines.prefix(8) == ["$curve0 << END", "1 0.5", "50 20", "END"] + [
                "$curve1 << END", "1 0.25", "50 19.5", "END",
            ])
        #expect(lines.contains { $0.contains(#""\342\226\240 back" at first 50,first 19.5 left"#) })
        // 7 % of the largest value above the label below: 19.5 + 1.4.
        #expect(lines.contains { $0.contains(#""\342\227\217 forward" at first 50,first 20.9 left"#) })
        #expect(lines.last?.hasPrefix("plot $curve0 using 1:2 ") == true)
    }

    @Test("axes may be logarithmic, and begin where the curves do")
    func logarithmicCurves() {
        let script = CurveFigure(
            name: "decay", title: "", xLabel: "x", yLabel: "y", logarithmic: [.x, .y], bottom: 1e-5, top: 1,
            curves: [.init(name: "a", points: [.init(x: 1, y: 0.1), .init(x: 100, y: 0.001)])]
        ).script.commands.joined(separator: "\n")
        for line in ["set logscale x", "set logscale y", "set format y '%g'", "set xrange [*:*]"] {
            #expect(script.contains(line))
        }
        #expect(script.contains("set yrange [1e-05:1]") || script.contains("set yrange [0.00001:1]"))
    }

    @Test("intervals are bands along many points, and bars at few")
    func uncertainty() {
        func plot(_ intervals: CurveFigure.Intervals) -> String? {
            CurveFigure(
                name: "noise", title: "", xLabel: "", yLabel: "", intervals: intervals,
                curves: [.init(name: "a", points: [.init(x: 1, y: 2, band: 1.5...2.5)])]
            ).script.commands.last
        }
        #expect(plot(.band)?.hasPrefix("plot $curve0 using 1:3:4 with filledcurves ") == true)
        #expect(plot(.bars)?.hasPrefix("plot $curve0 using 1:2:3:4 with yerrorbars ") == true)
    }

    @Test("bars of a place stand beside each other, and those of dashed curves are pale")
    func bars() {
        let figure = PanelFigure(
            name: "bars", title: "",
            panels: [
                .init(
                    heading: "", xLabel: "angle", style: .bars,
                    curves: [
                        .init(name: "one", points: [.init(x: 0, y: 1), .init(x: 4, y: 2)]),
                        .init(name: "one", points: [.init(x: 0, y: 1)], isDashed: true),
                    ])
            ])
        let lines = figure.script.commands
        // Four fifths of a place for two bars, a fifth from its middle.
        let plot = lines.first { $0.hasPrefix("plot ") }
        #expect(plot?.contains("$panel0_0 using ($1+(-0.2)):2:(0.4) with boxes") == true)
        #expect(plot?.contains("$panel0_1 using ($1+(0.2)):2:(0.4) with boxes") == true)
        #expect(plot?.components(separatedBy: "solid 0.4 noborder").count == 2)
        #expect(lines.contains("set xrange [-0.6:4.6]"))
    }

    @Test("intervals hold value and bounds on the line of their subject, conditions beside each other")
    func intervalScript() {
        let lines = Self.intervals.script.commands
        // Two conditions lie 0.11 above and below the line of the subject, which is its number downwards.
        #expect(
            lines.prefix(6) == ["$panel0c0 << END", "0.11 90 85 95", "END"] + [
                "$panel0c1 << END", "-2.11 50 49.5 50.5", "END",
            ])
        #expect(lines.contains { $0.contains(#""ours" 0, "it\047s the other" -1, "control" -2"#) })
        // The control is set apart.
        #expect(lines.contains { $0.contains("from graph 0,first -1.5 to graph 1,first -1.5") })
    }

    @Test("a name has one colour in all panels, and what is below a logarithmic axis is left out")
    func panelScript() {
        let lines = Self.panels.script.commands
        #expect(
            Array(lines.prefix(7)) == [
                "$panel0_0 << END", "0 1 0", "10 NaN 0", "END", "$panel0_1 << END", "0 0.5 0", "END",
            ])
        #expect(lines.contains("1 0.5 0.25"))
        let legend = lines.filter { $0.hasPrefix("set label 1") && $0.contains("at screen") }
        #expect(legend.map { $0.split(separator: "\"")[1].suffix(4) } == ["nels", " one", " two", "note"])
        let plots = lines.filter { $0.hasPrefix("plot ") }
        #expect(plots.count == 3)
        #expect(plots[0].contains(Palette.blue) && !plots[0].contains(Palette.vermilion))
        #expect(plots[0].contains("dashtype 2"))
        // The band of the first curve, then both curves.
        #expect(plots[1].hasPrefix("plot $panel1_0 using 1:($2-$3):($2+$3) with filledcurves"))
        #expect(plots[1].contains(Palette.blue) && plots[1].contains(Palette.vermilion))
        #expect(
            lines.filter { $0.hasPrefix("set yrange") } == [
                "set yrange [0.001:*]", "set yrange [0:1]", "set yrange [0.001:1]",
            ])
        #expect(lines.filter { $0.hasPrefix("set xtics") } == ["set xtics 2", "set xtics 1", "set xtics 1"])
    }

    /// Quartiles of 1, 2, 3, 4 as NumPy has them: 1.75, 2.5, 3.25. Of 1, 2, 3, 4, 100: 2, 3, 4, and 100 is beyond 4 + 1.5 · 2.
    @Test(
        "boxes hold quartiles, whiskers without outliers and median, side by side, and every run is a point")
    func boxScript() {
        let lines = Self.boxes.script.commands
        #expect(
            Array(lines.prefix(4)) == [
                "$panel0_0 << END", "-0.2 2 1 4 4 3", "0.8 1.75 1 4 3.25 2.5", "END",
            ])
        #expect(lines[4] == "$panel0_0_runs << END" && lines[14] == "END")
        #expect(
            lines[5..<14].map { $0.split(separator: " ")[1] } == [
                "1", "2", "3", "4", "100", "3", "1", "4", "2",
            ])
        // The points of a box stand within half its width.
        for line in lines[5..<10] {
            #expect(abs((Double(line.split(separator: " ")[0]) ?? 9) + 0.2) <= 0.075)
        }
        #expect(lines[15...16] == ["$panel0_1 << END", "1.2 7 7 7 7 7"])
        // 6 % of the distance from 1 to 100 on both sides; from 0, above only, a tenth where all are equal… to 0.
        #expect(
            lines.filter { $0.hasPrefix("set yrange") } == ["set yrange [-4.94:105.94]", "set yrange [0:53]"])
        let plots = lines.filter { $0.hasPrefix("plot ") }
        #expect(plots.count == 2 && plots[1].hasPrefix("plot NaN, $panel1_1 using 1:2:3:4:5:(0.3)"))
        #expect(plots[0].contains(Palette.blue) && plots[0].contains(Palette.vermilion))
        let legend = lines.filter { $0.hasPrefix("set label 1") && $0.contains("at screen") }
        #expect(legend.map { $0.split(separator: "\"")[1].suffix(4) } == ["dels", "ours", "ther", "note"])
        #expect(lines.contains { $0.hasPrefix(#"set xtics ("mnist" 0, "kmnist" 1)"#) })
    }

    @Test(
        "of a trade-off, points have bars in both directions and the front has rings; what no logarithm has is left out"
    )
    func tradeOffScript() {
        let lines = Self.tradeOff.script.commands
        // A bar never reaches 0.
        #expect(
            Array(lines.prefix(4)) == ["$curve0_0 << END", "100 90 95 105 89 91", "10 80 1 30 78 82", "END"])
        #expect(Array(lines[4...6]) == ["$front0_0 << END", "100 90", "END"])
        #expect(lines.contains("set logscale x"))
        let plot = lines.first { $0.hasPrefix("plot ") } ?? ""
        #expect(plot.contains("$front0_0 using 1:2 with points") && plot.hasSuffix(", NaN"))
        #expect(plot.contains(Palette.blue) && !plot.contains(Palette.vermilion))
    }

    @Test("the raster script has a tick for every spike, coloured in the class decided for")
    func rasterScript() {
        let lines = Self.raster.script.commands
        func block(_ name: String) -> [String] {
            guard let start = lines.firstIndex(of: "\(name) << END") else { return [] }
            return Array(lines[(start + 1)...].prefix { $0 != "END" })
        }
        #expect(block("$image0") == ["0 1"])
        #expect(block("$raster0_0") == ["0 1 0", "2 1 0"])
        // Two neurons a class: 2 and 3 belong to class 1.
        #expect(block("$raster0_1") == ["3 1 1", "0 2 0", "2 2 1"])
        #expect(lines.contains { $0.contains("\"bag, read as shirt\"") })
        #expect(lines.contains { $0.contains("\"hidden: 1 spikes per step\"") })
        // Two classes of two neurons each, with their names in the middle of theirs.
        #expect(lines.contains { $0.hasPrefix(#"set xtics ("bag" 0.5, "shirt" 2.5) norotate"#) })
        #expect(
            lines.contains {
                $0.contains("class that the network decided for") && $0.contains(Palette.vermilion)
            })
    }

    @Test("activity has a tick a spike, and four by four dots a number, in a palette around 0 or from 0 on")
    func activityScript() {
        let lines = Self.activity.script.commands
        func block(_ name: String) -> [String] {
            guard let start = lines.firstIndex(of: "\(name) << END") else { return [] }
            return Array(lines[(start + 1)...].prefix { $0 != "END" })
        }
        #expect(block("$spikes1") == ["1 0", "1 1", "2 1"])
        #expect(block("$values0") == [String](repeating: "-2 -2 -2 -2 1 1 1 1", count: 4))
        #expect(block("$probability1").count == 12)
        #expect(block("$memory1")[4] == "0.5 0.5 0.5 0.5 -0.25 -0.25 -0.25 -0.25")
        #expect(
            lines.filter { $0.hasPrefix("set cbrange") } == [
                "set cbrange [-2:2]", "set cbrange [0:1]", "set cbrange [-0.5:0.5]",
            ])
        #expect(lines.contains { $0.contains("\"memory: potential, blue -0.5 to orange 0.5\"") })
        #expect(ActivityFigure(title: "", rows: []).isEmpty)
    }

    @Test(
        "PNG and SVG are drawn, nothing else is left in the folder",
        .enabled(if: hasGnuplot, "gnuplot is not installed"))
    func drawn() throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "sqsnn-figures-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let figures: [(String, any Figure)] = [
            ("training", Self.training), ("raster", Self.raster), ("silent-training", Self.silentTraining),
            ("silent-raster", Self.silentRaster), ("density", Self.curves), ("flat", Self.flatCurve),
            ("intervals", Self.intervals),
            ("panels", Self.panels), ("boxes", Self.boxes), ("trade-off", Self.tradeOff),
            ("activity", Self.activity),
        ]
        for (name, figure) in figures {
            try figure.write(to: folder.appending(path: "\(name).png").path)
            try figure.write(to: folder.appending(path: "\(name).svg").path)
            let picture = try Data(contentsOf: folder.appending(path: "\(name).png"))
            // The eight bytes that every PNG begins with (RFC 2083).
            #expect(Array(picture.prefix(8)) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
            let drawing = try String(contentsOf: folder.appending(path: "\(name).svg"), encoding: .utf8)
            #expect(drawing.contains("<svg") && drawing.contains("</svg>"))
        }
        let title = try String(contentsOf: folder.appending(path: "training.svg"), encoding: .utf8)
        #expect(title.contains("$(touch x) `touch x` and \\backslash"))
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(names == figures.flatMap { ["\($0.0).png", "\($0.0).svg"] }.sorted())
    }

    @Test("a run without a finished epoch has nothing to draw and says so")
    func empty() {
        #expect(throws: FigureError.nothingToDraw("training")) {
            try TrainingFigure(title: "", populations: [], epochs: []).write(to: "/tmp/never.svg")
        }
        #expect(throws: FigureError.nothingToDraw("memory")) {
            try CurveFigure(name: "memory", title: "", xLabel: "", yLabel: "", curves: [])
                .write(to: "/tmp/never.svg")
        }
        #expect(throws: FigureError.nothingToDraw("raster")) {
            try RasterFigure(classNames: [], populations: [], samples: []).write(to: "/tmp/never.svg")
        }
    }

    @Test("a file type other than SVG, PNG or PDF is a usage error")
    func unknownFormat() {
        let error = #expect(throws: FigureError.self) { try Self.raster.write(to: "figure.gif") }
        #expect(
            error?.description
                == "figure.gif: found an unknown file type, expected a name that ends in .svg, .png or .pdf")
        #expect(error?.category == .usage)
    }

    @Test("a folder that cannot hold files is named", .enabled(if: hasGnuplot, "gnuplot is not installed"))
    func noFolder() {
        let error = #expect(throws: FileError.self) { try Self.raster.write(to: "/dev/null/figure.svg") }
        #expect(error?.description.hasPrefix("/dev/null/figure.svg: cannot be written (") == true)
    }
}

/// Names as a stranger's file may have them.
struct HostileTextTests {
    /// What gnuplot would run or take for the end of a string, what SVG would take for markup, and what acts on a terminal.
    static func text(running file: String) -> String {
        "a\u{600}'\u{301}; system \"touch \(file)\"; # `touch \(file)` $(touch \(file)) @x ${x} \\ \\\" %s%d '' \n"
            + "system 'touch \(file)'\r\0\u{1B}[31m\u{202E}<script>&amp;\u{600}<b>"
    }

    /// Every figure, with that text wherever there can be text.
    static func figures(_ text: String) -> [any Figure] {
        let long = text + String(repeating: "é", count: 300)
        return [
            CurveFigure(
                name: "curves", title: text, xLabel: text, yLabel: text, intervals: .bars,
                curves: [
                    .init(
                        name: text, points: [.init(x: 0, y: 1, band: 0...2), .init(x: 1, y: 2, band: 1...3)])
                ]),
            TrainingFigure(
                title: text, populations: [text],
                epochs: [.init(number: 1, accuracy: 0.5, trainingLoss: 1, spikesPerStep: [1])]),
            IntervalFigure(
                name: "intervals", title: text, xLabel: text, range: 0...1, subjects: [text, long],
                firstReference: 1,
                conditions: [text],
                panels: [
                    .init(title: text, marks: [.init(subject: 0, condition: 0, value: 0.5, low: 0, high: 1)])
                ]),
            PanelFigure(
                name: "panels", title: text,
                panels: [
                    .init(
                        heading: text, xLabel: text, style: .bars,
                        curves: [.init(name: text, points: [.init(x: 0, y: 1)])])
                ], notes: [long]),
            BoxFigure(
                name: "boxes", title: text, subjects: [text],
                panels: [
                    .init(
                        heading: text, places: [text, long],
                        boxes: [.init(subject: 0, place: 0, values: [1, 2])])
                ], columnCount: 1, notes: [long]),
            TradeOffFigure(
                name: "trade-off", title: text, subjects: [text], xLabel: text,
                panels: [
                    .init(heading: text, curves: [[.init(x: 1, y: 1, xError: 0, yError: 0, isOnFront: true)]])
                ], notes: [long]),
            RasterFigure(
                classNames: [text, long], populations: [text],
                samples: [
                    .init(
                        image: .init(width: 1, height: 1, intensities: [0]), label: 0, decision: 1,
                        rasters: [.init(neuronCount: 2, activeNeurons: [[0], [1]])])
                ]),
            ActivityFigure(
                title: text,
                rows: [
                    .init(name: long, neuronCount: 1, spikes: [[0]]),
                    .init(
                        name: text, neuronCount: 1, spikes: [[]], probabilities: [[1]], memory: [[0]],
                        memoryName: long),
                ]),
            SpikeImageFigure(
                width: 1, height: 2,
                samples: [.init(title: text, note: long, pixels: [0, 255], spikes: [[0], []])]),
        ]
    }

    @Test(
        "a script has no foreign sign but ASCII letters, digits and a few that mean nothing", arguments: 0..<9
    )
    func script(index: Int) {
        let harmless = Self.figures("name")[index].script.text(format: .svg)
        let hostile = Self.figures(Self.text(running: "x"))[index].script.text(format: .svg)
        func signs(_ text: String, _ unwanted: Set<Unicode.Scalar>) -> Int {
            text.unicodeScalars.count { unwanted.contains($0) }
        }
        // As many quotation marks and lines as with a plain name, and none of the signs that the plain script lacks.
        for sign: Unicode.Scalar in ["\"", "'", "\n", "$", ";", "#"] {
            #expect(signs(hostile, [sign]) == signs(harmless, [sign]), "\(sign)")
        }
        #expect(
            signs(hostile, ["`", "@", "<", ">", "&", "!", "|"])
                == signs(harmless, ["`", "@", "<", ">", "&", "!", "|"]))
        #expect(hostile.unicodeScalars.allSatisfy { $0 == "\n" || (0x20...0x7E).contains($0.value) })
    }

    /// The text of a document, without its tags.
    private final class Letters: NSObject, XMLParserDelegate {
        var text = ""
        var elements: Set<String> = []
        /// What a viewer shows under the pointer.
        var pointed: [String] = []
        func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
        func parser(
            _ parser: XMLParser, didStartElement element: String, namespaceURI: String?,
            qualifiedName: String?,
            attributes: [String: String]
        ) {
            elements.insert(element)
            if let title = attributes["xlink:title"] { pointed.append(title) }
        }
    }

    @Test(
        "gnuplot runs nothing of a name, and shows it as it is",
        .enabled(if: hasGnuplot, "gnuplot is not installed"))
    func drawn() throws {
        let folder = try TemporaryFolder()
        let made = "/tmp/sqsnn\(getpid())"
        let text = Self.text(running: made)
        for figure in Self.figures(text) {
            try figure.write(to: folder.path("\(figure.name).svg"))
            try figure.write(to: folder.path("\(figure.name).png"))
            let parser = XMLParser(
                data: try Data(contentsOf: URL(filePath: folder.path("\(figure.name).svg"))))
            let letters = Letters()
            parser.delegate = letters
            #expect(parser.parse(), "\(figure.name): \(String(describing: parser.parserError))")
            #expect(!letters.elements.contains("script") && !letters.elements.contains("b"))
            // The beginning is enough where names are cut.
            let isWhole = figure.name != "raster"
            let expected = isWhole ? text.visible : String(text.visible.prefix(12))
            #expect(
                Data(letters.text.utf8).range(of: Data(expected.utf8)) != nil,
                "\(figure.name): \(letters.text)")
        }
        #expect(!FileManager.default.fileExists(atPath: made))
        #expect(folder.names == Self.figures(text).flatMap { ["\($0.name).png", "\($0.name).svg"] }.sorted())
    }

    @Test(
        "a graph's names are no markup, and a long one is cut but kept under the pointer",
        .enabled(if: hasGraphviz, "graphviz is not installed"))
    func graph() throws {
        let text = Self.text(running: "x")
        let figure = GraphFigure(
            nodes: [
                .init(name: text, details: [text], rank: 0, isOutput: false, isSingle: false),
                .init(name: text, details: [text], rank: 1, isOutput: true, isSingle: true),
            ], edges: [.init(source: 0, target: 1, label: text, isDelayed: true)], note: text)
        let parser = XMLParser(data: Data(try figure.svg()))
        let letters = Letters()
        parser.delegate = letters
        #expect(parser.parse())
        #expect(!letters.elements.contains("script") && !letters.elements.contains("b"))
        #expect(letters.pointed.contains { Array($0.utf8) == Array(text.visible.utf8) }, "\(letters.pointed)")
        #expect(letters.text.contains("…"))
    }

    @Test(
        "text is cut between scalars",
        arguments: [("abcdef", 6, "abcdef"), ("abcdefg", 6, "abc…"), ("ééééé", 6, "é…")])
    func cut(text: String, bytes: Int, expected: String) {
        #expect(shortened(text, bytes: bytes) == expected)
    }

    @Test(
        "a path of any signs is written to, and is no part of the script",
        .enabled(if: hasGnuplot, "gnuplot is not installed"))
    func path() throws {
        let folder = try TemporaryFolder()
        let name = "\u{301}a\u{600}'; system \"touch pwned\"; # `touch pwned` \n.svg"
        try FigureTests.curves.write(to: folder.path(name))
        #expect(folder.names.map { Array($0.utf8) } == [Array(name.utf8)])
    }
}

struct SpikeImageFigureTests {
    // By hand: 4 spikes in the first step, 2 in the third.
    @Test("a spike is drawn in the frame of its step, at its pixel, and in the raster")
    func spikes() {
        let column: [UInt8] = [0, 128, 255, 0, 0, 0]
        let figure = SpikeImageFigure(
            width: 6, height: 4,
            samples: [
                .init(
                    title: "bar <|>", note: "6 spikes", pixels: column + column + column + column,
                    spikes: [[2, 8, 14, 20], [], [0, 23]]),
                .init(
                    title: "full", note: "none", pixels: Array(repeating: 255, count: 24),
                    spikes: [[], [], []]),
            ])
        let commands = figure.script.commands
        func block(_ name: String) -> [String] {
            let rest = commands.drop { $0 != "$\(name) << END" }.dropFirst()
            return Array(rest.prefix { $0 != "END" })
        }
        #expect(block("image0") == [String](repeating: "0 128 255 0 0 0", count: 4))
        #expect(block("frame0_0") == ["2 0", "2 1", "2 2", "2 3"] && block("frame0_2") == ["0 0", "5 3"])
        #expect(block("raster0") == ["0 2", "0 8", "0 14", "0 20", "2 0", "2 23"])
        #expect(block("raster1").isEmpty && commands.contains("plot NaN"))
    }
}

struct MarkupTests {
    @Test("markup is escaped scalar by scalar, and what XML forbids is spelled out")
    func markup() {
        let joining = "\u{600}'\u{600}<\u{600}/\u{600}\"&\u{301}"
        let expected = "\u{600}&#39;\u{600}&lt;\u{600}/\u{600}&quot;&amp;\u{301}"
        #expect(Markup.escaped(joining).unicodeScalars.elementsEqual(expected.unicodeScalars))
        #expect(Markup.escaped("<script>\u{1B}\0") == "&lt;script&gt;\\u{1B}\\u{0}")
    }
}
