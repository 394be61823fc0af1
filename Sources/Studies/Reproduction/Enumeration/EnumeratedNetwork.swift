import Compute
import Glibc
import Neurons
import QuantumCircuits

/// A network so small that all histories of its hidden neurons can be summed over: three inputs, two hidden neurons, one output, three
/// steps. Every probability is that of ``ReferenceNeuron``, in double precision.
struct EnumeratedNetwork {
    private static let (inputCount, hiddenCount, stepCount) = (3, 2, 3)
    static var historyCount: Int { 1 << (hiddenCount * stepCount) }

    private let model: SQS
    /// Steps that a hidden spike takes to the output.
    private let delay: Int
    /// `[step][input]`
    private let input: [[Bool]]
    /// Spikes that the output should have.
    private let target: [Int]
    /// Of the hidden neurons, then of the output: weights, then angles.
    private let parameters: [[Double]]

    /// A network with random numbers, input and target.
    init(_ model: SQS, delay: Int, seed: UInt64) {
        self.model = model
        self.delay = delay
        var random = RandomStream(seed: seed, purpose: .analysis).generator(sample: 0)
        input = (0..<Self.stepCount).map { _ in
            (0..<Self.inputCount).map { _ in Bool.random(using: &random) }
        }
        target = (0..<Self.stepCount).map { _ in Int.random(in: 0...1, using: &random) }
        parameters = (0...Self.hiddenCount).map { neuron in
            // All above 0, so that no neuron is ever without a gate, and every spike can happen.
            let weights = (0..<(neuron < Self.hiddenCount ? Self.inputCount : Self.hiddenCount)).map { _ in
                0.1 + 0.2 * abs(Double.standardNormal(using: &random))
            }
            return weights
                + (0..<model.parameterCount).map { _ in 0.7 + 0.9 * Double.standardNormal(using: &random) }
        }
    }

    // MARK: One neuron

    /// A current that every neuron has besides.
    private static let bias = 0.2

    /// One weight a neuron before it, then its angles.
    private func currents(_ parameters: [Double], arriving: [[Bool]]) -> [[Double]] {
        arriving.map { spikes in [zip(parameters, spikes).reduce(Self.bias) { $0 + ($1.1 ? $1.0 : 0) }] }
    }

    private func neuron(_ parameters: [Double]) throws -> ReferenceNeuron {
        try ReferenceNeuron(model, parameters: Array(parameters.suffix(model.parameterCount)))
    }

    /// p(s_t | s^{t−1}) of every step.
    private func probabilities(_ parameters: [Double], arriving: [[Bool]], spikes: [Int]) throws -> [Double] {
        try neuron(parameters).run(
            currents: currents(parameters, arriving: arriving), spikes: spikes.map { [$0] }
        ).stepProbability
    }

    /// ∇ log p(s_t | s^{t−1}), `[step][parameter]`: what each step adds to the gradient of the steps so far.
    private func slopes(_ parameters: [Double], arriving: [[Bool]], spikes: [Int]) throws -> [[Double]] {
        let (neuron, currents) = (try neuron(parameters), currents(parameters, arriving: arriving))
        var before = [Double](repeating: 0, count: parameters.count)
        return try (1...Self.stepCount).map { count in
            let gradient = try neuron.logLikelihoodGradient(
                currents: Array(currents.prefix(count)), spikes: spikes.prefix(count).map { [$0] })
            let weights = arriving[0].indices.map { place in
                (0..<count).reduce(0) { $0 + (arriving[$1][place] ? gradient.currents[$1][0] : 0) }
            }
            let sum = weights + gradient.parameters
            defer { before = sum }
            return zip(sum, before).map { $0 - $1 }
        }
    }

    // MARK: All histories

    /// Histories of one hidden neuron.
    private static var ownHistoryCount: Int { 1 << stepCount }

    /// Spikes of a neuron in one of its histories.
    private static func spikes(ofHistory number: Int) -> [Int] { (0..<stepCount).map { number >> $0 & 1 } }

    /// What hidden neurons did, one history each, by the number of both.
    private static func histories(_ number: Int) -> [Int] {
        (0..<hiddenCount).map { number >> ($0 * stepCount) & (ownHistoryCount - 1) }
    }

    /// What reaches the output after a history of both.
    private func arriving(afterHistory number: Int) -> [[Bool]] {
        let spikes = Self.histories(number).map(Self.spikes)
        return (0..<Self.stepCount).map { step in
            spikes.map { step >= delay && $0[step - delay] == 1 }
        }
    }

    /// p(h^T) of the histories of one hidden neuron.
    private func probabilities(ofHidden parameters: [Double]) throws -> [Double] {
        try (0..<Self.ownHistoryCount).map { number in
            try probabilities(parameters, arriving: input, spikes: Self.spikes(ofHistory: number)).reduce(
                1, *)
        }
    }

    /// p(o_t | o^{t−1}, h^{t−1}), `[history of both][step]`.
    private func probabilitiesOfTarget(_ parameters: [Double]) throws -> [[Double]] {
        try (0..<Self.historyCount).map { number in
            try probabilities(parameters, arriving: arriving(afterHistory: number), spikes: target)
        }
    }

    /// p(h^T) of the histories of both.
    private static func joint(_ hidden: [[Double]]) -> [Double] {
        (0..<historyCount).map { number in
            zip(hidden, histories(number)).reduce(1) { $0 * $1.0[$1.1] }
        }
    }

    /// L, (15), the last line.
    private static func bound(_ hidden: [[Double]], _ ofTarget: [[Double]]) -> Double {
        -zip(joint(hidden), ofTarget).reduce(0) { sum, history in
            sum + history.0 * history.1.reduce(0) { $0 + log($1) }
        }
    }

    /// What the paper's equations say of the network, each summed over all histories. Gradients are of L by the numbers of all neurons.
    struct Sums {
        /// (14)
        var logLoss = 0.0
        /// (15), the first line, the hidden spikes being drawn as forward passes draw them.
        var firstLine = 0.0
        /// (15), the last line.
        var bound = 0.0
        /// (19), the expectation of (20).
        var ofOutput: [Double] = []
        /// The expectation of (23), the feedback of the same step being the credit.
        var sameStep: [Double] = []
        /// All later feedback being the credit.
        var returnToGo: [Double] = []
    }

    func sums() throws -> Sums {
        let (hidden, output) = (Array(parameters.dropLast()), parameters[Self.hiddenCount])
        let ofHidden = try hidden.map(probabilities(ofHidden:))
        let ofTarget = try probabilitiesOfTarget(output)
        let joint = Self.joint(ofHidden)
        let ofSteps = (0..<Self.stepCount).map { step in
            zip(joint, ofTarget).reduce(0) { $0 + $1.0 * $1.1[step] }
        }
        var sums = Sums()
        sums.logLoss = -log(zip(joint, ofTarget).reduce(0) { $0 + $1.1.reduce($1.0, *) })
        sums.firstLine = -ofSteps.reduce(0) { $0 + log($1) }
        sums.bound = Self.bound(ofHidden, ofTarget)
        sums.ofOutput = [Double](repeating: 0, count: output.count)
        sums.sameStep = [Double](repeating: 0, count: hidden.reduce(0) { $0 + $1.count })
        sums.returnToGo = sums.sameStep
        let hiddenSlopes = try hidden.map { parameters in
            try (0..<Self.ownHistoryCount).map {
                try slopes(parameters, arriving: input, spikes: Self.spikes(ofHistory: $0))
            }
        }
        for number in 0..<Self.historyCount {
            let feedback = ofTarget[number].map { log($0) }
            let ofOutput = try slopes(output, arriving: arriving(afterHistory: number), spikes: target)
            for step in 0..<Self.stepCount {
                for (index, slope) in ofOutput[step].enumerated() {
                    sums.ofOutput[index] -= joint[number] * slope
                }
                let later = feedback[step...].reduce(0, +)
                let slopes = zip(hiddenSlopes, Self.histories(number)).flatMap { $0[$1][step] }
                for (index, slope) in slopes.enumerated() {
                    sums.sameStep[index] -= joint[number] * feedback[step] * slope
                    sums.returnToGo[index] -= joint[number] * later * slope
                }
            }
        }
        return sums
    }

    /// Of L by central differences, which know nothing of how the estimates are derived: of the hidden neurons, and of the output.
    func gradient() throws -> (hidden: [Double], output: [Double]) {
        let (hidden, output) = (Array(parameters.dropLast()), parameters[Self.hiddenCount])
        let ofHidden = try hidden.map(probabilities(ofHidden:))
        let ofTarget = try probabilitiesOfTarget(output)
        return (
            try hidden.indices.flatMap { neuron in
                try Self.centralDifferences(hidden[neuron]) { parameters in
                    var moved = ofHidden
                    moved[neuron] = try probabilities(ofHidden: parameters)
                    return Self.bound(moved, ofTarget)
                }
            },
            try Self.centralDifferences(output) { Self.bound(ofHidden, try probabilitiesOfTarget($0)) }
        )
    }

    private static func centralDifferences(
        _ parameters: [Double], of function: ([Double]) throws -> Double
    ) rethrows -> [Double] {
        let distance = 1e-5
        return try parameters.indices.map { index in
            var (above, below) = (parameters, parameters)
            above[index] += distance
            below[index] -= distance
            return (try function(above) - function(below)) / (2 * distance)
        }
    }
}
