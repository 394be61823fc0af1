import CommandParsing
import Compute
import Files
import Glibc
import Ranks

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
            PredictCommand.self,
            StreamCommand.self,
            ActivityCommand.self,
            ReportCommand.self,
            WatchCommand.self,
            CompareCommand.self,
            SweepCommand.self,
            NeuronCommand.self,
            NetworkCommand.self,
            ReservoirCommand.self,
            SearchCommand.self,
            SpikesCommand.self,
            StudyCommand.self,
            ReproduceCommand.self,
            CampaignCommand.self,
            EstimateCommand.self,
            RecipeCommand.self,
            DataCommand.self,
            DeviceCommand.self,
            BackendCommand.self,
            BenchCommand.self,
            DoctorCommand.self,
            CompletionCommand.self,
        ])

    static func main() {
        if let problem = InstructionSet.environmentProblem {
            Terminal.standard.writeError("sqsnn: \(problem)")
            exit(2)
        }
        Interrupt.unblock()
        // An asynchronous main would end this thread in a wait (sigsuspend, in Dispatch) that valgrind 3.19 cannot run,
        // and Benchmarks/check-counts counts the tool's instructions with it. Detached, for this thread, which a plain
        // task would inherit as its actor, only waits.
        Task.detached {
            let status = await runMain(root: SQSNNCommand.self, version: Software.version)
            // The other ranks may be waiting for this one.
            if (1...3).contains(status) { MPIRanks.abort(code: status) }
            exit(status)
        }
        while true { pause() }
    }
}
