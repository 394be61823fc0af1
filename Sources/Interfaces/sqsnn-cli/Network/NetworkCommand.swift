import CommandParsing

/// `sqsnn network`: graphs of populations and projections.
struct NetworkCommand: CommandGroup {
    static let description = CommandDescription(
        name: "network", summary: "Check, draw and run networks over any graph.",
        discussion: """
            A graph file names an input, populations of neurons and the projections between them, with connectivity and \
            delay; Examples/graphs has some. 'sqsnn train --graph FILE' trains one.
            """,
        examples: [
            Example("sqsnn network show Examples/graphs/six-neurons.json", "What is in a graph file."),
            Example(
                "sqsnn network draw Examples/graphs/six-neurons.json --output six.svg", "Draws it."),
            Example("sqsnn network run Examples/graphs/six-neurons.json --steps 20", "Runs it."),
        ],
        subcommands: [NetworkShowCommand.self, NetworkDrawCommand.self, NetworkRunCommand.self])
}
