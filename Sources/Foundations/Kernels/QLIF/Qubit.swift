import KernelTasks

/// The qubits of sixteen neurons after a step: √α and √(1 − α), sine and cosine of the phase φ/2, and where the neurons have fired.
///
/// Nothing but sin² of a phase is read, so that it may be turned to the nearest half turn. With its sine and cosine (S4)–(S8) need no
/// arcsine, and what takes long of a step, the functions of its currents, does not wait for the step before.
struct Qubit {
    var sine = Group()
    var cosine = Group(all: 1)
    var spike = Words()

    @inline(__always) init(sine: Group, cosine: Group, spike: Words) {
        self.sine = sine
        self.cosine = cosine
        self.spike = spike
    }

    /// |0⟩ to begin with; otherwise as it was carried.
    @inline(__always) init(_ carried: UnsafePointer<Float>?, sample: Int, lane: Int) {
        guard let carried else { return }
        let memory = carried + sample &* QLIFSettings.carriedSize + lane
        let signed = Group.load(memory + tileWidth)
        sine = Group.load(memory)
        cosine = signed.magnitude
        spike = unsafeBitCast(unsafeBitCast(signed, to: Integers.self) &>> 31, to: Words.self)
    }

    /// A spike is carried as the sign of the cosine.
    @inline(__always)
    func carry(to carried: UnsafeMutablePointer<Float>?, sample: Int, lane: Int) {
        guard let carried else { return }
        let memory = carried + sample &* QLIFSettings.carriedSize + lane
        let sign = spike & Words(repeating: 0x8000_0000)
        sine.store(memory)
        unsafeBitCast(cosine.bitPattern | sign, to: Group.self).store(memory + tileWidth)
    }

    /// (S6): |0⟩ after a spike.
    @inline(__always) var start: Qubit {
        Qubit(
            sine: sine.keep(where: ~spike), cosine: Group(all: 1).select(where: spike, otherwise: cosine),
            spike: spike)
    }
}

/// (S7) and (S8): where z^s > 0 the phase grows by π/2 · z^s, in units of φ/2, and elsewhere it falls by arcsin(x sin h), with
/// x² = exp(−β |z^o|/T1) and h the start.
struct QubitStep {
    let start: Qubit
    /// sin h and cos h after the step, with their signs.
    let sine: Group
    let cosine: Group
    /// x
    let survival: Group
    /// 1/√(1 − x² sin² h), or 0 where that has no inverse and the fall no derivatives: at x sin h = 1.
    let inverseCosine: Group

    @inline(__always) init(_ before: Qubit, _ currents: QubitCurrents, _ settings: QubitSettings) {
        let start = before.start
        let one = Group(all: 1)
        let raise = currents.excitation.sineCosineOfQuarterTurns
        self.start = start
        survival = (Group() - settings.halfRate * currents.leak.magnitude).exponentialOfNegative
        // cos² of the fall, without the cancellation of 1 − (x sin h)².
        let square = start.cosine * start.cosine + start.sine * start.sine * (one - survival * survival)
        let inverse = square.inverseSquareRoot
        inverseCosine = inverse.keep(where: Group.isPositive(square))
        let isExcited = currents.isExcited
        let turnSine = raise.sine.select(where: isExcited, otherwise: Group() - survival * start.sine)
        let turnCosine = raise.cosine.select(where: isExcited, otherwise: square * inverse)
        let isSilent = start.spike & settings.refractory
        let rotatedSine = start.sine * turnCosine + start.cosine * turnSine
        let rotatedCosine = start.cosine * turnCosine - start.sine * turnSine
        // Towards sin² + cos² = 1, without which each fall would double what rounding leaves.
        let scale =
            Group(all: 1.5)
            - Group(all: 0.5) * (rotatedSine * rotatedSine + rotatedCosine * rotatedCosine)
        sine = (rotatedSine * scale).keep(where: ~isSilent)
        cosine = one.select(where: isSilent, otherwise: rotatedCosine * scale)
    }
}

/// z^s and z^o
struct QubitCurrents {
    let excitation: Group
    let leak: Group

    @inline(__always) init(_ currents: UnsafePointer<Float>, channelStride: Int) {
        excitation = Group.load(currents)
        leak = Group.load(currents + channelStride)
    }

    @inline(__always) var isExcited: Words { Group.isPositive(excitation) }
}

/// What the steps of a group share.
struct QubitSettings {
    /// β/(2 T1)
    let halfRate: Group
    let refractory: Words

    @inline(__always) init(_ settings: QLIFSettings) {
        halfRate = Group(all: Float(settings.relaxationRate / 2))
        refractory = Words(repeating: settings.aftermath == .refractory ? ~0 : 0)
    }
}

/// How α is read off the qubits.
protocol QubitReading {
    /// - Parameters:
    ///   - words: the neurons' first random words; the next lie `wordStride` further on.
    /// - Returns: α, √α and √(1 − α).
    static func read(
        _ step: QubitStep, _ settings: QLIFSettings, words: UnsafePointer<UInt32>, wordStride: Int
    ) -> (probability: Group, sine: Group, cosine: Group)
}

enum ExactReading: QubitReading {
    @inline(__always) static func read(
        _ step: QubitStep, _ settings: QLIFSettings, words: UnsafePointer<UInt32>, wordStride: Int
    ) -> (probability: Group, sine: Group, cosine: Group) {
        (step.sine * step.sine, step.sine.magnitude, step.cosine.magnitude)
    }
}

/// By a number of measurements.
enum ShotReading: QubitReading {
    @inline(__always) static func read(
        _ step: QubitStep, _ settings: QLIFSettings, words: UnsafePointer<UInt32>, wordStride: Int
    ) -> (probability: Group, sine: Group, cosine: Group) {
        let probability = step.sine * step.sine
        var (ones, left, word) = (Group(), settings.shots, words)
        while left > 0 {
            let count = min(left, QLIFSettings.shotsPerWord)
            ones = ones + drawBinomial(count, probability, Group.uniform(word))
            left &-= count
            word += wordStride
        }
        let shots = Group(all: Float(settings.shots))
        let estimate = ones / shots
        let rest = (shots - ones) / shots
        return (estimate, estimate * estimate.inverseSquareRoot, rest * rest.inverseSquareRoot)
    }

    /// The number whose cumulative probability passes a uniform number.
    @inline(__always)
    private static func drawBinomial(_ count: Int, _ probability: Group, _ uniform: Group) -> Group {
        let one = Group(all: 1)
        let isLikely = Group.isLess(Group(all: 0.5), probability)
        let rare = (one - probability).select(where: isLikely, otherwise: probability)
        let odds = rare * (one - rare).reciprocal
        var term = one
        for _ in 0..<count { term = term * (one - rare) }
        var (cumulative, drawn) = (term, Group())
        for index in 0..<count {
            drawn = drawn + one.keep(where: ~Group.isLess(uniform, cumulative))
            let ratio = Group(all: Float(count &- index) / Float(index &+ 1))
            // The constant keeps the term out of the numbers that processors are slow with.
            term = term * odds * ratio + Group(all: 1e-30)
            cumulative = cumulative + term
        }
        return (Group(all: Float(count)) - drawn).select(where: isLikely, otherwise: drawn)
    }
}
