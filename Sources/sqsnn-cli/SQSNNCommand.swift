import CommandParsing
import Compute
import Diagnostics
import Glibc

/// The tool itself: the list of its commands.
@main
struct SQSNNCommand: CommandGroup {
    static let description = CommandDescription(
        name: "sqsnn",
        summary: "Stochastic quantum spiking neural networks: train, evaluate, inspect.",
        examples: [
            Example("sqsnn train", "Trains a network on Fashion-MNIST."),
            Example("sqsnn doctor", "Checks what is installed and says what to do about the rest."),
        ],
        subcommands: [
            TrainCommand.self,
            EvalCommand.self,
            NeuronCommand.self,
            DataCommand.self,
            DoctorCommand.self,
            CompletionCommand.self,
        ])

    static func main() async {
        if let problem = InstructionSet.environmentProblem {
            Terminal.standard.writeError("sqsnn: \(problem)")
            exit(2)
        }
        exit(await runMain(root: SQSNNCommand.self, version: Software.version))
    }
}
