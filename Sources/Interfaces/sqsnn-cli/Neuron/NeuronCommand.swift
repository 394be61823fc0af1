import CommandParsing

/// `sqsnn neuron`: everything about a single neuron.
struct NeuronCommand: CommandGroup {
    static let description = CommandDescription(
        name: "neuron", summary: "Look into a single neuron and its circuit.",
        examples: [
            Example("sqsnn neuron circuit", "Draws the default circuit."),
            Example("sqsnn neuron memory", "Says what each circuit of the catalogue remembers."),
        ],
        subcommands: [
            NeuronTraceCommand.self, NeuronMemoryCommand.self, NeuronCircuitCommand.self,
            NeuronExtrapolateCommand.self, NeuronMitigateCommand.self,
        ])
}
