/// What a random number is drawn for. Part of the counter, so that no two uses ever share a number.
public enum RandomPurpose: UInt8, Sendable, CaseIterable {
    /// Bernoulli encoding of an input into spikes.
    case encoding = 0
    /// Measurement of a neuron.
    case spike = 1
    /// Initial weights and angles.
    case initialization = 2
    /// Order of the training samples.
    case shuffle = 3
    /// Ties between classes with equal read-outs.
    case tie = 4
    /// Division of a data set into parts.
    case split = 5
    /// Random circuits, angles and currents of an analysis.
    case analysis = 6
    /// Which neurons a sparse projection connects.
    case connectivity = 7
    /// Measurement shots by which a neuron estimates its own gradient.
    case probeShot = 8
    /// Perturbations of synapses.
    case perturbation = 9
    /// Shots of circuits on a simulated backend.
    case shot = 10
    /// Like ``probeShot``, of circuits at the third scale of the noise.
    case thirdProbeShot = 11
    /// Options of the trials of a search.
    case search = 12
    /// Changes to recordings that differ from epoch to epoch.
    case augmentation = 13
    /// Thresholds and noise of a simulated camera.
    case simulation = 14
}

/// A stream of random numbers addressed by what they are for, never by how many were drawn before.
///
/// Philox4x32-10 (Salmon et al., SC11) under a key made of the run's seed; the 128-bit counter is
/// `(element, step, sample, purpose · population · epoch)`, each word 32 bits:
///
///     word 0  element (neuron block, input block, …)
///     word 1  step
///     word 2  sample
///     word 3  purpose (5 bits) | population (11 bits) | epoch (16 bits), most significant first
///
/// The same address gives the same four words on every machine, in any order and on any number of
/// threads. There is no state to carry and none to save.
public struct RandomStream: Sendable, Hashable {
    public let seed: UInt64
    public let purpose: RandomPurpose
    public let population: Int
    public let epoch: Int

    /// - Parameters:
    ///   - seed: the run's seed; the whole 64 bits are the key.
    ///   - population: index of the population, 0 ..< 2048.
    ///   - epoch: epoch of a training run, or repetition of an evaluation, 0 ..< 65536.
    public init(seed: UInt64, purpose: RandomPurpose, population: Int = 0, epoch: Int = 0) {
        precondition((0..<2048).contains(population), "population \(population) is not in 0..<2048")
        precondition((0..<65536).contains(epoch), "epoch \(epoch) is not in 0..<65536")
        self.seed = seed
        self.purpose = purpose
        self.population = population
        self.epoch = epoch
    }

    /// Word 3 of the counter.
    public var tag: UInt32 {
        UInt32(purpose.rawValue) << 27 | UInt32(population) << 16 | UInt32(epoch)
    }

    /// The seed as Philox takes it, low word first.
    package var key: SIMD2<UInt32> {
        SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    }

    /// The four 32-bit words at one address.
    public func words(sample: Int = 0, step: Int = 0, element: Int = 0) -> SIMD4<UInt32> {
        Self.philox(
            counter: SIMD4(
                UInt32(truncatingIfNeeded: element), UInt32(truncatingIfNeeded: step),
                UInt32(truncatingIfNeeded: sample), tag),
            key: key)
    }

    /// Philox4x32-10 of any counter and key: what the published known answers are for.
    package static func philox(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
        var (counter, key) = (counter, key)
        for _ in 0..<10 {
            let first = UInt64(0xD251_1F53) * UInt64(counter[0])
            let second = UInt64(0xCD9E_8D57) * UInt64(counter[2])
            counter = SIMD4(
                UInt32(truncatingIfNeeded: second >> 32) ^ counter[1] ^ key[0],
                UInt32(truncatingIfNeeded: second),
                UInt32(truncatingIfNeeded: first >> 32) ^ counter[3] ^ key[1],
                UInt32(truncatingIfNeeded: first))
            key = SIMD2(key[0] &+ 0x9E37_79B9, key[1] &+ 0xBB67_AE85)
        }
        return counter
    }

    /// A generator that walks through the words at one `(sample, step)`, element by element, for use
    /// with the standard library (`shuffle(using:)`, `Double.random(in:using:)`).
    public func generator(sample: Int = 0, step: Int = 0) -> RandomWalk {
        RandomWalk(stream: self, sample: sample, step: step)
    }
}

/// Sequential reading of a ``RandomStream``: a value, so that copies repeat the same numbers.
public struct RandomWalk: RandomNumberGenerator, Sendable {
    let stream: RandomStream
    let sample: Int
    let step: Int
    private var element = 0
    private var block = SIMD4<UInt32>()
    private var half = 2

    init(stream: RandomStream, sample: Int, step: Int) {
        self.stream = stream
        self.sample = sample
        self.step = step
    }

    public mutating func next() -> UInt64 {
        if half == 2 {
            block = stream.words(sample: sample, step: step, element: element)
            element += 1
            half = 0
        }
        defer { half += 1 }
        return UInt64(block[2 * half]) << 32 | UInt64(block[2 * half + 1])
    }
}
