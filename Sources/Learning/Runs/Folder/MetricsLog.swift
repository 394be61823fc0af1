import Files
import Learning

/// The metrics of the epochs done, as values and as the text that `metrics.jsonl` and the checkpoint hold.
struct MetricsLog: Sendable {
    private(set) var epochs: [EpochMetrics] = []
    /// One JSON object a line.
    private(set) var text: [UInt8] = []

    init() {}

    /// Reads the lines of the first epochs.
    ///
    /// - Parameters:
    ///   - count: epochs that the checkpoint has done; later lines are of an epoch that was redone.
    ///   - source: what messages call the text.
    ///   - layerCount: populations of the network.
    /// - Throws: ``RunError/malformed(_:place:problem:)`` that names the line.
    init(reading text: [UInt8], first count: Int, source: String, layerCount: Int) throws {
        let lines = text.split(separator: UInt8(ascii: "\n"), maxSplits: count).prefix(count)
        guard lines.count == count else {
            throw RunError.malformed(
                source, place: "line \(lines.count + 1)", problem: "found its end, expected \(count) lines")
        }
        for (index, line) in lines.enumerated() {
            do throws(JSONDocument.Problem) {
                let epoch = try JSONDocument.decode(EpochMetrics.self, from: line, .oldNames)
                if let problem = epoch.problem(number: index + 1, layerCount: layerCount) { throw problem }
                epochs.append(epoch)
            } catch {
                let place = error.place.isEmpty ? "" : " \(error.place)"
                throw RunError.malformed(source, place: "line \(index + 1)\(place)", problem: error.problem)
            }
            self.text += line + [UInt8(ascii: "\n")]
        }
    }

    mutating func append(_ epoch: EpochMetrics) throws {
        text += try JSONDocument.encode(epoch) + [UInt8(ascii: "\n")]
        epochs.append(epoch)
    }
}

extension EpochMetrics {
    /// What cannot be in the line of an epoch.
    fileprivate func problem(number: Int, layerCount: Int) -> JSONDocument.Problem? {
        func problem(_ place: String, _ found: some CustomStringConvertible, _ expected: String)
            -> JSONDocument.Problem
        {
            JSONDocument.Problem(place: place, problem: "found \(found), expected \(expected)")
        }
        if epoch != number { return problem("epoch", epoch, "\(number)") }
        if !loss.isFinite { return problem("loss", loss, "a finite number") }
        let shares = [
            ("train_accuracy", trainAccuracy), ("test_accuracy", testAccuracy ?? 0),
            ("validation_accuracy", validationAccuracy ?? 0),
        ]
        for (name, share) in shares where !(0...1).contains(share) {
            return problem(name, share, "a number from 0 to 1")
        }
        if layerSpikesPerStep.count != layerCount {
            return problem(
                "layer_spikes_per_step", "\(layerSpikesPerStep.count) numbers",
                "\(layerCount), one a population"
            )
        }
        let amounts =
            [("regulariser", regulariser), ("spikes_per_step", spikesPerStep), ("seconds", seconds)]
            + layerSpikesPerStep.map { ("layer_spikes_per_step", $0) }
        for (name, amount) in amounts where !(amount >= 0 && amount.isFinite) {
            return problem(name, amount, "a number of at least 0")
        }
        return ledger?.problem.map { JSONDocument.Problem(place: "ledger", problem: $0) }
    }
}

extension ShotLedger {
    /// Of one epoch: so many that sums over all epochs of a run stay far below 2⁶³.
    private static let counts = 0...1 << 45

    /// What cannot be in the ledger of an epoch.
    package var problem: String? {
        [passes, likelihoods, synapses, angles].flatMap { [$0.circuits, $0.shots] }
            .first { !Self.counts.contains($0) }
            .map { "found \($0) circuits or shots, expected 0 to 2^45" }
    }
}
