import CommandParsing

/// `sqsnn reservoir`: neurons that are not trained, read out linearly.
struct ReservoirCommand: CommandGroup {
    static let description = CommandDescription(
        name: "reservoir", summary: "Measure untrained neurons behind a linear read-out.",
        examples: [
            Example(
                "sqsnn reservoir capacity", "How long each circuit of the catalogue remembers its inputs."),
            Example("sqsnn reservoir narma", "The error of each on the NARMA-10 task."),
        ],
        subcommands: [
            ReservoirCapacityCommand.self, ReservoirNARMACommand.self, ReservoirMackeyGlassCommand.self,
            ReservoirClassifyCommand.self, ReservoirSeriesCommand.self,
        ])
}
