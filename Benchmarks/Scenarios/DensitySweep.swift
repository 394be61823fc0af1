import Files

/// How the cost of a step follows the density of the input: what `sqsnn bench density` prints and draws.
public struct DensitySweep: Sendable, Encodable {
    public struct Point: Sendable, Encodable {
        public let density: Double
        public let currentsForward: Timing
        public let currentsBackward: Timing
        public let trainingStep: Timing
        public let inferenceStep: Timing

        enum CodingKeys: String, CodingKey {
            case density
            case currentsForward = "currents_forward_seconds"
            case currentsBackward = "currents_backward_seconds"
            case trainingStep = "training_step_seconds"
            case inferenceStep = "inference_step_seconds"
        }
    }

    /// From event cameras to dense input.
    public static let standardDensities = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5]

    public let configuration: Workload
    public let points: [Point]

    /// - Parameters:
    ///   - workload: its own density is not used.
    ///   - willMeasure: called with the density of what comes next.
    public static func measure(
        _ workload: Workload, densities: [Double], willMeasure: (Double) -> Void = { _ in }
    ) async throws -> DensitySweep {
        let names: [ScenarioName] = [.currentsForward, .currentsBackward, .trainingStep, .inferenceBatch]
        var timings = densities.map { _ in names.map { _ in [Timing]() } }
        // In rounds: a machine that slows down for a second would otherwise put a bump into the curve.
        for _ in 0..<roundCount {
            for (place, density) in densities.enumerated() {
                willMeasure(density)
                var workload = workload
                workload.density = density
                for (kind, name) in names.enumerated() {
                    var scenario = try await name.scenario(workload)
                    timings[place][kind].append(try await Measurement(&scenario, plan: .round).timing)
                }
            }
        }
        let points = densities.indices.map { place in
            let merged = timings[place].map { Timing(rounds: $0) }
            return Point(
                density: densities[place], currentsForward: merged[0], currentsBackward: merged[1],
                trainingStep: merged[2], inferenceStep: merged[3])
        }
        return DensitySweep(configuration: workload, points: points)
    }

    private static let roundCount = 4

    /// The minima as lines of text: what the work costs when nothing disturbs it.
    public var lines: [String] {
        let header = ["density", "currents forward", "currents backward", "inference step", "training step"]
        return TextTable.lines(
            [header]
                + points.map { point in
                    [Quantity.text(100 * point.density) + " %"]
                        + [
                            point.currentsForward, point.currentsBackward, point.inferenceStep,
                            point.trainingStep,
                        ].map { Quantity.seconds($0.minimum) }
                })
    }
}
