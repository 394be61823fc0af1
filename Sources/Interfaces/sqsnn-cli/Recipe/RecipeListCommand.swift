import CommandParsing
import Files
import Runs

/// `sqsnn recipe list`: the recipes by name.
struct RecipeListCommand: Command {
    static let description = CommandDescription(
        name: "list", summary: "List the recipes.",
        examples: [
            Example("sqsnn recipe list", "One line a recipe."),
            Example("sqsnn recipe list --json", "All settings, for programs."),
        ])
    static let arguments: [ArgumentDescription] = [
        .flag(name: "json", help: "Print one JSON object: recipes, each with all its fields.")
    ]

    private let isJSON: Bool

    init(_ arguments: ParsedArguments) throws { isJSON = arguments.flag("json") }

    func run(_ terminal: Terminal) async throws {
        if isJSON { return try terminal.writeJSON(["recipes": Recipe.catalogue]) }
        let rows = Recipe.catalogue.map { recipe in
            let layers = recipe.hiddenCounts.map { "\($0)" } + ["\(recipe.neuronsPerClass) a class"]
            return [
                recipe.name, recipe.local == nil ? "surrogate" : "local", layers.joined(separator: "-"),
                "\(recipe.stepCount)", "\(recipe.epochCount)", "\(recipe.batchSize)",
                recipe.optimizer.rawValue,
                "\(recipe.learningRate)", recipe.schedule.rawValue,
            ]
        }
        let heading = [
            "recipe", "learning", "neurons", "T", "epochs", "batch", "optimizer", "rate", "schedule",
        ]
        TextTable.lines([heading] + rows).forEach(terminal.write)
    }
}
