import Compute
import Testing

struct RandomStreamTests {
    /// Published known answers for philox4x32 with 10 rounds: Random123, `tests/kat_vectors`.
    struct KnownAnswer: Sendable, CustomTestStringConvertible {
        let counter: SIMD4<UInt32>
        let key: SIMD2<UInt32>
        let words: SIMD4<UInt32>

        var testDescription: String { "counter \(counter), key \(key)" }
    }

    static let knownAnswers = [
        KnownAnswer(
            counter: SIMD4(repeating: 0), key: SIMD2(repeating: 0),
            words: SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8)),
        KnownAnswer(
            counter: SIMD4(repeating: ~0), key: SIMD2(repeating: ~0),
            words: SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd)),
        // The digits of π.
        KnownAnswer(
            counter: SIMD4(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344),
            key: SIMD2(0xa409_3822, 0x299f_31d0),
            words: SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1)),
    ]

    @Test("Philox gives the published words", arguments: knownAnswers)
    func givesKnownAnswers(answer: KnownAnswer) {
        #expect(RandomStream.philox(counter: answer.counter, key: answer.key) == answer.words)
    }

    /// The digits of π are an address that a stream can name.
    @Test("a stream puts element, step, sample and tag, and the whole seed, where it says")
    func addressing() throws {
        let answer = Self.knownAnswers[2]
        let tag = answer.counter[3]
        let stream = RandomStream(
            seed: UInt64(answer.key[1]) << 32 | UInt64(answer.key[0]),
            purpose: try #require(RandomPurpose(rawValue: UInt8(tag >> 27))),
            population: Int(tag >> 16 & 2047), epoch: Int(tag & 65535))
        let words = stream.words(
            sample: Int(answer.counter[2]), step: Int(answer.counter[1]), element: Int(answer.counter[0]))
        #expect(words == answer.words)
    }

    /// Expected values: the scalar `RandomStream.words` at the addresses that `RandomWordsTask` documents.
    @Test(
        "the words that the kernels draw are the scalar stream's at the documented addresses",
        arguments: InstructionSet.available)
    func drawnWordsAreTheStreams(level: InstructionSet) {
        let stream = RandomStream(
            seed: 0x1234_5678_9abc_def0, purpose: .spike, population: 2047, epoch: 65535)
        for (tile, sample) in [(0, 0), (1, 59_999), (1023, Int(UInt32.max))] {
            let words = drawnWords(
                level, tile: tile, stepCount: 5, key: stream.key, sample: UInt32(sample), tag: stream.tag)
            for step in 0..<5 {
                for neuron in 0..<tileWidth {
                    let block = stream.words(sample: sample, step: step, element: 16 * tile + neuron % 16)
                    #expect(words[step * tileWidth + neuron] == block[neuron / 16])
                }
            }
        }
    }

    private func drawnWords(
        _ level: InstructionSet, tile: Int, stepCount: Int, key: SIMD2<UInt32>, sample: UInt32, tag: UInt32
    ) -> [UInt32] {
        var words = AlignedBuffer<UInt32>(repeating: 0, count: stepCount * tileWidth)
        level.kernels.drawWords(
            RandomWordsTask(
                words: words.mutableBase(), stepCount: stepCount, tile: tile, key: key, sample: sample,
                tag: tag))
        return words.array
    }

    @Test("streams that differ in one part of the address share no words")
    func addressesDiffer() {
        var streams = [RandomStream(seed: 1, purpose: .spike)]
        streams += RandomPurpose.allCases.filter { $0 != .spike }.map { RandomStream(seed: 1, purpose: $0) }
        streams += [
            RandomStream(seed: 2, purpose: .spike), RandomStream(seed: 1 << 32 | 1, purpose: .spike),
            RandomStream(seed: 1, purpose: .spike, population: 1),
            RandomStream(seed: 1, purpose: .spike, epoch: 1),
        ]
        var words: [SIMD4<UInt32>] = streams.map { $0.words() }
        words.append(streams[0].words(sample: 1))
        words.append(streams[0].words(step: 1))
        words.append(streams[0].words(element: 1))
        let all = words.flatMap { block in (0..<4).map { block[$0] } }
        #expect(Set(all).count == all.count)
    }

    @Test("a walk reads the stream's words in order, and a copy of it reads the same again")
    func walk() {
        let stream = RandomStream(seed: 9, purpose: .analysis)
        var walk = stream.generator(sample: 3, step: 4)
        for element in 0..<3 {
            let words = stream.words(sample: 3, step: 4, element: element)
            var copy = walk
            #expect(walk.next() == UInt64(words[0]) << 32 | UInt64(words[1]))
            #expect(walk.next() == UInt64(words[2]) << 32 | UInt64(words[3]))
            #expect(copy.next() == UInt64(words[0]) << 32 | UInt64(words[1]))
        }
    }

    /// Moments of a normal variable: 0, 1 and 3; 40,000 samples, bounds at 5σ.
    @Test("standard normal numbers have the moments of a normal variable")
    func standardNormal() {
        var random = RandomStream(seed: 5, purpose: .analysis).generator()
        let count = 40_000.0
        let samples = (0..<Int(count)).map { _ in Double.standardNormal(using: &random) }
        func mean(_ power: Int) -> Double {
            samples.reduce(0) { sum, value in sum + (0..<power).reduce(1.0) { product, _ in product * value }
            }
                / count
        }
        // Variances of the first, second and fourth power: 1, 2 and 96.
        #expect(abs(mean(1)) < 5 * (1 / count).squareRoot())
        #expect(abs(mean(2) - 1) < 5 * (2 / count).squareRoot())
        #expect(abs(mean(4) - 3) < 5 * (96 / count).squareRoot())
    }
}
