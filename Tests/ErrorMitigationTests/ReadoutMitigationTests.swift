import ErrorMitigation
import DeviceNoise
import QuantumCircuits
import Testing

struct ReadoutMitigationTests {
    static let channels = [
        ReadoutConfusion(falseSpike: 0.02, missedSpike: 0.1),
        ReadoutConfusion(falseSpike: 0.3, missedSpike: 0.05),
    ]

    /// What is read, from the definition: each channel by its own confusion.
    private static func read(_ truth: [Double]) -> [Double] {
        truth.indices.map { read in
            truth.indices.reduce(0) { sum, pattern in
                let probabilities = channels.enumerated().map { channel, confusion in
                    confusion[true: pattern >> (1 - channel) & 1, read: read >> (1 - channel) & 1]
                }
                return sum + probabilities.reduce(truth[pattern], *)
            }
        }
    }

    @Test("what was true comes back from what is read, jointly and channel by channel")
    func inverse() throws {
        let truth = [0.1, 0.2, 0.3, 0.4]
        let mitigation = try ReadoutMitigation(Self.channels)
        let read = Self.read(truth)
        for (found, expected) in zip(mitigation.mitigated(read), truth) {
            #expect(abs(found - expected) < 1e-15)
        }
        #expect(abs(mitigation.mitigatedFiring(read[2] + read[3], channel: 0) - 0.7) < 1e-15)
        #expect(abs(mitigation.mitigatedFiring(read[1] + read[3], channel: 1) - 0.6) < 1e-15)
        #expect(abs(mitigation.errorFactor(channel: 1) - 1 / 0.65) < 1e-15)
    }

    @Test("a confusion matrix that says nothing is refused with its determinant")
    func singular() {
        let blind = ReadoutConfusion(falseSpike: 0.75, missedSpike: 0.25)
        let error = #expect(throws: ReadoutMitigationError.self) {
            try ReadoutMitigation([Self.channels[0], blind])
        }
        #expect(error == .singular(channel: 1, determinant: 0))
        #expect(error?.category == .badInput)
    }

    /// By hand: −0.1 is put to 0 and its share taken from the others; then 0.02 would be below 0 and goes too.
    @Test("frequencies below 0 become the nearest probabilities")
    func projection() {
        let projected = ReadoutMitigation.projected([0.5, -0.1, 0.58, 0.02])
        for (found, expected) in zip(projected, [0.46, 0, 0.54, 0]) { #expect(abs(found - expected) < 1e-15) }
        #expect(ReadoutMitigation.projected([0.25, 0.75]) == [0.25, 0.75])
    }
}
