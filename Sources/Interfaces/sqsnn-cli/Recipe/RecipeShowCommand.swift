import CommandParsing
import Files
import Runs

/// `sqsnn recipe show`: all settings of a recipe, as a file that `--recipe` takes.
struct RecipeShowCommand: Command {
    static let description = CommandDescription(
        name: "show", summary: "Print all settings of a recipe, as a file that --recipe takes.",
        discussion: """
            A file may also hold only what differs from a recipe of the list, which its field base names: \
            {"base": "standard", "learning_rate": 0.002}. A run says in what its recipe differs.
            """,
        examples: [
            Example("sqsnn recipe show standard > mine.json", "A copy to change."),
            Example("sqsnn recipe show mine.json", "A file of your own, checked and written out."),
        ])
    static let arguments: [ArgumentDescription] = [
        .positional(
            name: "recipe", help: "Name, JSON file, or - for standard input.",
            suggestions: Recipe.catalogue.map(\.name))
    ]

    private let recipe: Recipe

    init(_ arguments: ParsedArguments) throws { recipe = try Recipe.load(arguments.positional("recipe")) }

    func run(_ terminal: Terminal) async throws {
        let text = String(decoding: try JSONDocument.encode(recipe, .indented), as: UTF8.self)
        terminal.writeText(String(text.dropLast()))
    }
}
