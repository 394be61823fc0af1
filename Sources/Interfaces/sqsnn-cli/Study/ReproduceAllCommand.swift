import CommandParsing
import Figures
import Files
import FoundationEssentials
import Glibc
import Reports
import Reproduction

/// `sqsnn reproduce all`: every figure and every claim, one report.
struct ReproduceAllCommand: Command {
    static let description = CommandDescription(
        name: "all", summary: "Every figure of the paper, its claims judged, one report.",
        discussion: """
            Runs 'sqsnn reproduce' for each figure with settings of the scale (smoke: half a minute, for a look; small: fewer seeds, data \
            sets and epochs; paper: the paper's settings), judges the claims by what came out, and writes report.html, figures/ (SVG, PNG, PDF), data/ (CSV) \
            and claims.md into the folder. Every training is kept in runs/ there: Ctrl-C stops, the same command goes on, and trains \
            nothing that is done. A figure whose data are not here is named, and the others are made.
            """,
        examples: [
            Example("sqsnn reproduce all --scale smoke", "A look, in a minute."),
            Example(
                "sqsnn reproduce all --scale paper --output paper", "The figures of the paper, in a folder."),
        ])
    static let arguments: [ArgumentDescription] =
        ReproductionOptions.arguments(scale: "smoke") + [
            .option(
                name: "threads", value: "K", help: "Trainings at a time; without effect on the results.",
                default: "one for each core")
        ]

    private let options: ReproductionOptions
    private let threads: String?

    init(_ arguments: ParsedArguments) throws {
        options = try ReproductionOptions(arguments)
        threads = try arguments.integer("threads", in: 1...1024).map { "\($0)" }
    }

    func run(_ terminal: Terminal) async throws {
        try Gnuplot.requireInstalled()
        var failures: [String: any Error] = [:]
        for part in options.results.plan.parts {
            terminal.write("")
            terminal.write("$ \(part.call(output: options.folder))")
            do {
                try await run(part, terminal)
            } catch {
                failures[part.name] = error
                terminal.writeError("sqsnn reproduce all: \(part.name): \(error)")
            }
            // What was stopped has said so.
            if Interrupt.isRequested { return }
        }
        for path in try options.collect() { terminal.write("Figure: \(path)") }
        let claims = try ClaimJudge(options.results).claims()
        try options.write(claims, terminal)
        try options.write(
            ReproductionPage(options.results, claims, failures: failures.mapValues { "\($0)" }).page(),
            terminal)
        let missing = options.results.plan.parts.map(\.name).filter { failures[$0] != nil }
        if let first = missing.first, let error = failures[first] {
            throw MissingParts(
                names: missing, category: (error as? any DescribedError)?.category ?? .failure)
        }
    }

    /// Why stands where each was tried.
    private struct MissingParts: DescribedError {
        let names: [String]
        let category: ErrorCategory

        var description: String {
            "not made: \(names.joined(separator: ", ")); the lines above say why, and the same command tries again"
        }
    }

    private func run(_ part: ReproductionPlan.Part, _ terminal: Terminal) async throws {
        guard let type = Self.commands[part.figure] else { preconditionFailure("a part is a figure") }
        var words = part.options
        words["output"] = options.results.runFolder(part)
        let names = type.arguments.map(\.name)
        if let threads { words[names.contains("threads") ? "threads" : "parallel"] = threads }
        try await type.init(ParsedArguments(options: words, declarations: type.arguments)).run(terminal)
    }

    private static let commands: [String: any Command.Type] = [
        "fig2a": ReproduceFig2aCommand.self, "fig2b": ReproduceFig2bCommand.self,
        "fig2c": ReproduceFig2cCommand.self, "fig2d": ReproduceFig2dCommand.self,
        "figS2": ReproduceFigS2Command.self, "controls": ReproduceControlsCommand.self,
    ]
}

/// `sqsnn reproduce claims`: the claims, judged by what a folder has.
struct ReproduceClaimsCommand: Command {
    static let description = CommandDescription(
        name: "claims", summary: "Judge the paper's claims by results that are there.",
        discussion: """
            Of each claim what was measured, whether it holds, and the command that shows it; by the results that 'sqsnn reproduce all' left in \
            its folder, and by what is computed in a moment. Claims whose results are not there are "not run". Written to claims.md in the folder; \
            without --scale and --output to runs/claims.md, of each figure by the largest scale that was run.
            """,
        examples: [
            Example("sqsnn reproduce claims --scale smoke", "After sqsnn reproduce all --scale smoke.")
        ])
    static let arguments: [ArgumentDescription] =
        ReproductionOptions.arguments(scale: "of each figure the largest that was run") + [
            .flag(name: "json", help: "Print one JSON object: the claims.")
        ]

    private let options: ReproductionOptions
    private let isJSON: Bool

    init(_ arguments: ParsedArguments) throws {
        options =
            try arguments.string("scale") == nil && arguments.string("output") == nil
            ? ReproductionOptions(largestIn: "runs") : ReproductionOptions(arguments)
        isJSON = arguments.flag("json")
    }

    func run(_ terminal: Terminal) async throws {
        let claims = try ClaimJudge(options.results).claims()
        for claim in claims {
            terminal.write("\(claim.number)  \(claim.verdict.rawValue): \(claim.statement)")
            terminal.write("    \(claim.measurement)")
        }
        try options.write(claims, terminal)
        if isJSON { try terminal.writeJSON(ClaimList(claims: claims)) }
    }

    private struct ClaimList: Encodable {
        let claims: [Claim]
    }
}

/// What both commands take: the scale and the folder.
struct ReproductionOptions {
    static func arguments(scale: String) -> [ArgumentDescription] {
        [
            .option(name: "scale", value: "smoke|small|paper", help: "How much is run.", default: scale),
            .option(
                name: "output", value: "DIR", help: "Folder of the report and all that belongs to it.",
                default: "runs/reproduction-SCALE"),
        ]
    }

    let results: ReproductionResults
    /// Where claims and the report are written.
    let folder: String

    init(_ arguments: ParsedArguments) throws {
        let scale = try arguments.choice("scale", of: ReproductionPlan.Scale.self) ?? .smoke
        folder = try arguments.folder("output") ?? Self.folder(scale)
        results = ReproductionResults(ReproductionPlan(scale), folder: folder)
    }

    /// Of each figure what was run at the largest scale, in the folders where it is put without `--output`.
    init(largestIn folder: String) {
        self.folder = folder
        let scales = ReproductionPlan.Scale.allCases.reversed().map {
            ReproductionResults(ReproductionPlan($0), folder: Self.folder($0))
        }
        results = ReproductionResults(
            scales[0].plan, folder: scales[0].folder, others: Array(scales.dropFirst()))
    }

    private static func folder(_ scale: ReproductionPlan.Scale) -> String {
        "runs/reproduction-\(scale.rawValue)"
    }

    /// Copies figures and numbers of all parts to where a reader looks for them.
    ///
    /// - Returns: the figures.
    func collect() throws -> [String] {
        let (figures, data) = ("\(folder)/figures", "\(folder)/data")
        try Folder.make(figures)
        try Folder.make(data)
        var paths: [String] = []
        for part in results.plan.parts {
            for format in FigureFormat.allCases {
                if let path = try copy(part, ending: format.rawValue, to: figures) { paths.append(path) }
            }
            _ = try copy(part, ending: "csv", to: data)
        }
        return paths
    }

    /// nil where there is nothing.
    private func copy(_ part: ReproductionPlan.Part, ending: String, to folder: String) throws -> String? {
        let source = "\(results.runFolder(part))/\(part.figure).\(ending)"
        guard FileManager.default.fileExists(atPath: source) else { return nil }
        let target = "\(folder)/\(part.name).\(ending)"
        try AtomicFile.write(try InputFile.read(source, limit: 1 << 28), to: target)
        return target
    }

    func write(_ claims: [Claim], _ terminal: Terminal) throws {
        try Folder.make(folder)
        let path = "\(folder)/claims.md"
        try AtomicFile.write(Array(ClaimPage(claims).markdown.utf8), to: path)
        terminal.write("Claims: \(path)")
    }

    func write(_ page: ReportPage, _ terminal: Terminal) throws {
        let path = "\(folder)/report.html"
        try AtomicFile.write(Array(try page.html().utf8), to: path)
        terminal.write("Report: \(path)")
    }
}
