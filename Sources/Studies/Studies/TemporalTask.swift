/// A task whose answer depends on inputs of earlier steps.
///
/// Every task is binary, its two answers are equally likely, and the input of a step says nothing about the answer that
/// is due at that step: a neuron without memory scores 50 %. Time is counted from step 0. x_t are independent fair bits,
/// coded as a spike of the channel `data` (1) or none (0); an event or a cue is a spike of its channel. Every task has one
/// more channel, `bias`, which spikes at every step, so that neurons can act without other input.
public enum TemporalTask: Sendable, Hashable {
    /// The delay line: data x_t at every step, answer x_{t−k}. `delay-k`, k ≥ 1.
    case delay(Int)
    /// Parity of the last w inputs: data x_t at every step, answer x_t ⊕ … ⊕ x_{t−w+1}. `parity-w`, w ≥ 2.
    case windowParity(Int)
    /// Running parity: data x_t at every step, answer x_0 ⊕ … ⊕ x_t. `parity-running`.
    case runningParity
    /// Recall after silence: a cue at step 0 or none, then k steps with the bias alone; answer at the step after them, which
    /// is silent too: was there a cue? `recall-k`, k ≥ 0.
    case recall(Int)
    /// Recall on demand: as `recall-k`, but a spike of the channel `go` marks the step of the answer. Until then the neurons
    /// may stay silent. `recall-on-go-k`, k ≥ 0.
    case recallOnGo(Int)
    /// The order of two events: channels `first event` and `second event` spike once each, at two different steps out of the
    /// first seven, drawn with equal probabilities; answer at the eighth, silent: did the first channel spike before the
    /// second? `order`.
    case order
    /// Copying: k data bits at steps 0 … k − 1, two silent steps, then k steps with a spike of the channel `go`, at which the bits are asked
    /// for in their order. `copy-k`, k ≥ 1.
    case copy(Int)
    /// Delayed match to sample: a data bit at step 0, k silent steps, then another with a spike of the channel `go`; answer at that step: are
    /// they the same? `match-k`, k ≥ 0.
    case match(Int)

    /// Steps, or window, that a name may ask for.
    static let spans = 0...30

    /// Steps at which a task over a stream asks for an answer.
    private static let streamAnswers = 6
    /// Steps of ``order`` in which the events fall.
    static let orderWindow = 7
    /// Silent steps of ``copy(_:)``.
    static let copySilence = 2

    /// Time steps T of a trial.
    public var stepCount: Int { (targetSteps.last ?? 0) + 1 }

    /// The steps at which an answer is due: those where it is determined by the trial, in ascending order.
    public var targetSteps: [Int] {
        switch self {
        case .delay(let delay): Array(delay..<delay + Self.streamAnswers)
        case .windowParity(let window): Array(window - 1..<window - 1 + Self.streamAnswers)
        case .runningParity: Array(1..<1 + Self.streamAnswers)
        case .recall(let silence), .recallOnGo(let silence): [silence + 1]
        case .order: [Self.orderWindow]
        case .copy(let count): Array(count + Self.copySilence..<2 * count + Self.copySilence)
        case .match(let silence): [silence + 1]
        }
    }

    /// The input channels in their order in a raster.
    public var channels: [String] {
        switch self {
        case .delay, .windowParity, .runningParity: ["data", "bias"]
        case .recall: ["cue", "bias"]
        case .recallOnGo: ["cue", "go", "bias"]
        case .order: ["first event", "second event", "bias"]
        case .copy, .match: ["data", "go", "bias"]
        }
    }
}

extension TemporalTask {
    /// The tasks of the study, by what they ask for.
    public static let catalogue: [TemporalTask] = [
        .delay(1), .delay(2), .windowParity(2), .windowParity(3), .recall(6), .order, .copy(2), .match(4),
    ]

    /// What the task is called in commands and tables.
    public var name: String {
        switch self {
        case .delay(let delay): "delay-\(delay)"
        case .windowParity(let window): "parity-\(window)"
        case .runningParity: "parity-running"
        case .recall(let silence): "recall-\(silence)"
        case .recallOnGo(let silence): "recall-on-go-\(silence)"
        case .order: "order"
        case .copy(let count): "copy-\(count)"
        case .match(let silence): "match-\(silence)"
        }
    }

    /// The task of that name.
    ///
    /// - Throws: ``StudyError/unknownTask(_:)``.
    public static func named(_ name: String) throws(StudyError) -> TemporalTask {
        if name == "order" { return .order }
        if name == "parity-running" { return .runningParity }
        let families: [(prefix: String, least: Int, make: (Int) -> TemporalTask)] = [
            ("delay-", 1, TemporalTask.delay), ("parity-", 2, TemporalTask.windowParity),
            ("recall-on-go-", 0, TemporalTask.recallOnGo), ("recall-", 0, TemporalTask.recall),
            ("copy-", 1, TemporalTask.copy), ("match-", 0, TemporalTask.match),
        ]
        for family in families where name.hasPrefix(family.prefix) {
            if let span = Int(name.dropFirst(family.prefix.count)), spans.contains(span), span >= family.least
            {
                return family.make(span)
            }
        }
        throw .unknownTask(name)
    }
}
