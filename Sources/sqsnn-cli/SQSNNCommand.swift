import CommandParsing
import Diagnostics
import Glibc

/// The tool itself: the list of its commands.
@main
struct SQSNNCommand: CommandGroup {
    static let description = CommandDescription(
        name: "sqsnn",
        summary: "Stochastic quantum spiking neural networks: train, evaluate, inspect.",
        examples: [
            Example("sqsnn doctor", "Checks what is installed and says what to do about the rest.")
        ],
        subcommands: [
            NeuronCommand.self,
            DataCommand.self,
            DoctorCommand.self,
            CompletionCommand.self,
        ])

    static func main() async {
        exit(await runMain(root: SQSNNCommand.self, version: Software.version))
    }
}
