import CommandParsing

/// `sqsnn spikes`: spike trains of single neurons.
struct SpikesCommand: CommandGroup {
    static let description = CommandDescription(
        name: "spikes", summary: "Fit neurons to spike trains, and generate trains from fits.",
        examples: [
            Example(
                "sqsnn spikes make clock --output clock.txt", "A train that no finite classical neuron makes."
            ),
            Example("sqsnn spikes fit clock.txt --models exchange,hidden-states-4", "Two models of it."),
        ],
        subcommands: [SpikesMakeCommand.self, SpikesFitCommand.self, SpikesGenerateCommand.self])
}
