import Campaigns
import CommandParsing
import Compute
import Figures
import Files
import FoundationEssentials
import Studies

/// `sqsnn study memory`: on which temporal tasks, and at which spike budgets, does quantum memory win?
struct StudyMemoryCommand: Command {
    static let description = CommandDescription(
        name: "memory", summary: "Compare what neurons remember, by training them on temporal tasks.",
        discussion: """
            Trains a population of each model on each task, at each size and spike budget, with several seeds and equal numbers of \
            parameters, and compares the accuracy on new trials of models whose memory is quantum with that of all whose memory is \
            not. First the settings of every model's training are searched, with equal effort, on other tasks (\(searchTasks)). Finished \
            networks are kept in the folder --output: Ctrl-C loses only those at work, and the same command goes on, or adds tasks, \
            models and seeds.

            Tasks: delay-K, parity-W, parity-running, recall-K, recall-on-go-K, order, copy-K, match-K. Models: a circuit of the \
            catalogue or layered-L, with @M for M memory qubits, or the path of a gate list, and +dephased, +dephased-DEGREES, +dephased-x or +dephased-best where the memory is \
            dephased after every step; the classical hidden-states-K, coherent-states-K, last-spike-feedback[-K] and memoryless; and \
            +credit behind any of them, where a spike is told what it does to its own neuron's memory. Those of the study are \
            \(TemporalTask.catalogue.map(\.name).joined(separator: ", ")); and \
            \(CandidateModel.catalogueNames.joined(separator: ", ")).
            """,
        examples: [
            Example("sqsnn study memory", "The whole table and its figure."),
            Example("sqsnn study memory --quick", "Three tasks, two seeds, short training."),
            Example(
                "sqsnn study memory --tasks delay-4 --models exchange@4,hidden-states-4 --output runs/delay",
                "A longer delay with more memory."),
        ])
    static let arguments: [ArgumentDescription] = [
        .option(
            name: "tasks", value: "NAME[,NAME…]", help: "Tasks.",
            default: "those of the study"),
        .option(
            name: "models", value: "NAME[,NAME…]", help: "Models.",
            default: "those of the study"),
        .option(
            name: "budgets", value: "S[,S…]", help: "Spikes of the population a step, none for no limit.",
            default: "none"),
        .option(name: "seeds", value: "COUNT", help: "Seeds of each cell, from 1 on.", default: "20"),
        .option(
            name: "search", value: "COUNT",
            help: "Settings that are tried for every model; 0 for those below.", default: "\(standardTrials)"),
        .option(
            name: "updates", value: "COUNT", help: "Updates of a training.",
            default: "\(standard.updateCount)"),
        .option(
            name: "batch", value: "COUNT", help: "Trials of an update.", default: "\(standard.batchSize)"),
        .option(
            name: "learning-rate", value: "RATE", help: "Learning rate of Adam at first.",
            default: "\(standard.learningRate)"),
        .option(
            name: "angle-deviation", value: "RADIANS", help: "Standard deviation of the angles at first.",
            default: "\(standard.angleDeviation)"),
        .option(
            name: "weight-gain", value: "GAIN", help: "Weights are within this/√channels at first.",
            default: "\(standard.weightGain)"),
        .option(
            name: "sizes", value: "N[,N…]",
            help: "Neurons of an exchange network; the others match its parameters.",
            default: "8,16,32"),
        .flag(
            name: "quick",
            help:
                "Tasks delay-1, parity-2, recall-on-go-6, size 16, 2 seeds, 200 updates, no search."
        ),
        .option(
            name: "threads", value: "K", help: "Networks trained at a time; without effect on the result.",
            default: "one for each core"),
        .option(
            name: "output", value: "DIR", help: "Folder of the study.",
            default: "runs/memory-study, or runs/memory-study-quick"),
        .flag(
            name: "json", help: "Print one JSON object: rows with intervals and verdicts."),
    ]

    private static let standard = StudyRecipe()
    private static let standardTrials = 10
    private static let searchTasks = MemorySearch.tasks.map(\.name).joined(separator: ", ")

    private let study: MemoryStudy
    private let search: MemorySearch
    private let threads: Int
    private let output: String
    private let isJSON: Bool

    init(_ arguments: ParsedArguments) throws {
        let isQuick = arguments.flag("quick")
        var recipe = Self.standard
        if isQuick { recipe.updateCount = 200 }
        recipe.updateCount = try arguments.integer("updates", in: 1...1_000_000) ?? recipe.updateCount
        recipe.batchSize = try arguments.integer("batch", in: 1...100_000) ?? recipe.batchSize
        recipe.learningRate = try arguments.number("learning-rate", in: 0...10) ?? recipe.learningRate
        recipe.angleDeviation = try arguments.number("angle-deviation", in: 0...10) ?? recipe.angleDeviation
        recipe.weightGain = try arguments.number("weight-gain", in: 0...10) ?? recipe.weightGain
        let tasks = try arguments.list("tasks") { try TemporalTask.named($0) }
        let quickTasks: [TemporalTask] = [.delay(1), .windowParity(2), .recallOnGo(6)]
        let models =
            try arguments.list("models") { try CandidateModel.named($0) }
            ?? (isQuick ? Self.quickModels : CandidateModel.catalogueNames).map {
                try CandidateModel.named($0)
            }
        study = MemoryStudy(
            tasks: tasks ?? (isQuick ? quickTasks : TemporalTask.catalogue), models: models,
            sizes: try Self.sizes(arguments) ?? (isQuick ? [16] : [8, 16, 32]),
            spikeBudgets: try Self.budgets(arguments) ?? [nil],
            seedCount: try arguments.integer("seeds", in: 1...10_000) ?? (isQuick ? 2 : 20), recipe: recipe)
        search = try MemorySearch(
            models: models,
            trialCount: try arguments.integer("search", in: 0...1000) ?? (isQuick ? 0 : Self.standardTrials),
            recipe: recipe)
        threads =
            try arguments.integer("threads", in: 1...1024) ?? ProcessInfo.processInfo.activeProcessorCount
        output = try arguments.folder("output") ?? (isQuick ? "runs/memory-study-quick" : "runs/memory-study")
        isJSON = arguments.flag("json")
    }

    private static let quickModels = [
        "exchange", "exchange+dephased", "hidden-states-2+credit", "last-spike-feedback+credit", "memoryless",
    ]

    private static func sizes(_ arguments: ParsedArguments) throws -> [Int]? {
        try arguments.list("sizes") { word in
            guard let size = Int(word), (1...1000).contains(size) else {
                throw UsageError.invalidValue(
                    argument: "--sizes", found: word,
                    expected: "whole numbers from 1 to 1000, with commas between")
            }
            return size
        }
    }

    private static func budgets(_ arguments: ParsedArguments) throws -> [Double?]? {
        try arguments.list("budgets") { word in
            if word == "none" { return nil }
            guard let budget = Double(word), budget.isFinite, budget > 0 else {
                throw UsageError.invalidValue(
                    argument: "--budgets", found: word,
                    expected: "'none' or numbers above 0, with commas between")
            }
            return budget
        }
    }

    func run(_ terminal: Terminal) async throws {
        let (study, searched, outcome) = try await Interrupt.whileListening { try searchAndTrain(terminal) }
        guard let outcome else {
            let finished = searched.results.count { $0 != nil }
            terminal.write(
                "Stopped after \(finished) of \(searched.results.count) networks of the search; the same command goes on."
            )
            if let error = searched.error { throw error }
            return
        }
        let results = outcome.results.compactMap(\.self)
        let report = StudyReport(study, results)
        if results.count + outcome.failures.count < outcome.results.count {
            terminal.write(
                "Stopped after \(results.count) of \(outcome.results.count) networks; the same command goes on."
            )
        }
        report.lines.forEach(terminal.write)
        if search.trialCount > 0 { study.recipeLines.forEach(terminal.write) }
        // The cells are safe; the same command draws the figure later.
        FigureFiles.draw(
            StudyMemoryFigure.figure(study, report), folder: output, command: "sqsnn study memory", terminal)
        if isJSON { try terminal.writeJSON(report) }
        if let error = outcome.error { throw error }
    }

    /// - Returns: the study with what the search found, and what came of both; of the study nil where the search did not end.
    private func searchAndTrain(_ terminal: Terminal) throws -> (
        study: MemoryStudy, searched: Campaign<StudyCell>.Outcome, outcome: Campaign<StudyCell>.Outcome?
    ) {
        var study = study
        try study.campaign.check(output)
        // What the search finds is decided by its own cells; the study's are those of the settings that were given.
        terminal.write("Inputs: \(try search.campaign.inputsDigest()) \(try study.campaign.inputsDigest())")
        let searched = try train(search.campaign, "search", terminal)
        guard let chosen = search.chosen(searched.results) else { return (study, searched, nil) }
        (study.models, study.recipes) = chosen
        return (study, searched, try train(study.campaign, "study", terminal))
    }

    private func train(_ campaign: Campaign<StudyCell>, _ part: String, _ terminal: Terminal) throws
        -> Campaign<StudyCell>.Outcome
    {
        guard !campaign.cells.isEmpty else {
            return try campaign.run(in: output, parallelism: Parallelism(threadCount: 1)) { _ in nil }
        }
        return try campaign.run(
            in: output, title: "memory \(part)", unit: "networks", threads: threads, terminal,
            note: { "\($0.model) on \($0.task) \(String(printf: "%.1f", 100 * $0.accuracy)) %" }
        ) { try $0.result() }
    }
}
