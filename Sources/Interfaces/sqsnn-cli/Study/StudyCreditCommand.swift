import CommandParsing
import LocalLearning
import Reproduction

/// `sqsnn study credit`: hidden neurons by the local rule.
struct StudyCreditCommand: Command {
    static let description = CommandDescription(
        name: "credit", summary: "Compare what hidden neurons learn by, under the local rule.",
        discussion: """
            Trains USPS 1 against 7 through 16 hidden neurons by the local rule: with all later feedback as credit for a hidden \
            spike (return-to-go), with that of the same step (as (23) is printed), and with a hidden layer that is not \
            trained. Where spikes take a step to the outputs, same-step credit has expectation zero. Every run is kept in \
            the folder: Ctrl-C stops, the same command goes on.
            """,
        examples: [
            Example("sqsnn study credit", "Spikes that take a step."),
            Example("sqsnn study credit --delay 0 --estimator conditional", "Without delay, by shots."),
        ])
    static let arguments: [ArgumentDescription] =
        [
            .option(
                name: "estimator", value: "NAME",
                help: "How a neuron finds its gradient: exact, conditional, postselected, memoryless.",
                default: "exact"),
            .option(
                name: "delay", value: "0|1", help: "Steps that a spike takes to the outputs.", default: "1"),
        ] + CurveOptions.arguments(iterations: iterationCount, seeds: 10, output: "runs/credit-study")

    private static let iterationCount = 80
    private let options: CurveOptions

    init(_ arguments: ParsedArguments) throws {
        let estimator = try arguments.choice("estimator", of: GradientEstimator.self) ?? .exact
        let delay = try arguments.integer("delay", in: 0...1) ?? 1
        options = try CurveOptions(
            arguments, command: "sqsnn study credit", name: "credit",
            title: "Credit of 16 hidden neurons, \(estimator.rawValue) gradients, batch 100, delay \(delay)",
            curves: CreditStudy.curves(estimator: estimator, delay: delay), iterations: Self.iterationCount,
            seeds: 10, output: "runs/credit-study")
    }

    func run(_ terminal: Terminal) async throws { try await options.run(terminal) }
}
