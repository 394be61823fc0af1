import Runs

/// One model on one data set, with its trials.
public struct SearchSubject: Sendable {
    /// What tables and files call it, as in `lif on mnist`.
    public let name: String
    public let trials: [SearchTrial]

    init(_ options: SubjectOptions, _ configure: ([String: String]) throws -> RunConfiguration) {
        name = options.name
        trials = (0..<options.space.trials).map { index in
            let drawn = options.drawn(trial: index)
            let all = options.words(with: drawn)
            do {
                return SearchTrial(
                    number: index + 1, drawn: drawn.mapValues(\.text), options: all,
                    configuration: try configure(all), failure: nil)
            } catch {
                return SearchTrial(
                    number: index + 1, drawn: drawn.mapValues(\.text), options: all, configuration: nil,
                    failure: "\(error)")
            }
        }
    }
}

/// Options drawn for one subject.
public struct SearchTrial: Sendable {
    /// From 1.
    public let number: Int
    /// The options that differ from trial to trial.
    public let drawn: [String: String]
    /// All options but those that each rung sets.
    let options: [String: String]
    /// nil where the options do not go together.
    let configuration: RunConfiguration?
    /// Why they do not.
    let failure: String?
}
