import CommandParsing

/// `sqsnn recipe …`: the settings of trainings.
struct RecipeCommand: CommandGroup {
    static let description = CommandDescription(
        name: "recipe",
        summary: "The settings of trainings, by name.",
        examples: [
            Example("sqsnn recipe list", "The recipes, and what each is for."),
            Example("sqsnn recipe show paper", "The settings of one, as a file to change."),
        ],
        subcommands: [RecipeListCommand.self, RecipeShowCommand.self])
}
