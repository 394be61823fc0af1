import KernelTasks

/// The qubits of sixteen neurons between two steps: arcsin √α in quarter turns, and where the neurons have just fired.
///
/// In quarter turns (S4)–(S8) need no arcsine of √α: sin² of a phase ψ is that of its distance to the nearest even number.
struct QubitPhase {
    var turns = Group()
    var spike = Words()

    @inline(__always) init() {}

    /// |0⟩ to begin with; otherwise as it was carried.
    @inline(__always) init(_ carried: UnsafePointer<Float>?, sample: Int, lane: Int) {
        guard let carried else { return }
        let memory = carried + sample &* QLIFSettings.carriedSize + lane
        turns = Group.load(memory)
        spike = Group.isPositive(Group.load(memory + tileWidth))
    }

    @inline(__always)
    func carry(to carried: UnsafeMutablePointer<Float>?, sample: Int, lane: Int) {
        guard let carried else { return }
        let memory = carried + sample &* QLIFSettings.carriedSize + lane
        turns.store(memory)
        Group(all: 1).keep(where: spike).store(memory + tileWidth)
    }

    /// φ°/π, (S6).
    @inline(__always) var start: Group { turns.keep(where: ~spike) }
}

/// What (S8) does to the phase where z^s ≤ 0: it falls by arcsin(x sin h), with x² = exp(−β |z^o|/T1) and h the start.
struct PhaseRelaxation {
    /// x
    let survival: Group
    let sine: Group
    let cosine: Group
    /// 1/√(1 − x² sin² h); a finite number where that has no inverse.
    let inverseCosine: Group
    let fall: Group
    /// Where the fall has derivatives: but where x sin h = 1.
    let isSmooth: Words

    @inline(__always) init(start: Group, current: Group, halfRate: Group) {
        let one = Group(all: 1)
        survival = (Group() - halfRate * current.magnitude).exponentialOfNegative
        (sine, cosine) = start.sineCosineOfQuarterTurns
        // cos² of the fall, without the cancellation of 1 − (x sin h)².
        let square = cosine * cosine + sine * sine * (one - survival * survival)
        inverseCosine = square.inverseSquareRoot
        isSmooth = Group.isPositive(square)
        fall = Group.quarterTurns(sine: survival * sine, cosine: square * inverseCosine)
    }
}

extension SIMD16<Float> {
    /// The angle in [0, 1], in quarter turns, of a sine and a cosine ≥ 0, within 2e-7.
    @inline(__always) static func quarterTurns(sine: Self, cosine: Self) -> Self {
        let isSteep = isLess(cosine, sine)
        let smaller = cosine.select(where: isSteep, otherwise: sine)
        let square = smaller * smaller
        // Fitted to arcsin on [0, 1/√2].
        var series = square * SIMD16(repeating: 0.071_372_867) + SIMD16(repeating: -0.060_028_318)
        series = series * square + SIMD16(repeating: 0.049_901_482)
        series = series * square + SIMD16(repeating: 0.010_045_285)
        series = series * square + SIMD16(repeating: 0.029_694_481)
        series = series * square + SIMD16(repeating: 0.047_662_377)
        series = series * square + SIMD16(repeating: 0.106_105_39)
        series = series * square + SIMD16(repeating: 0.636_619_75)
        let angle = series * smaller
        return (SIMD16(repeating: 1) - angle).select(where: isSteep, otherwise: angle)
    }

    /// self less the nearest even number.
    @inline(__always) var fromNearestEven: Self {
        // Adding 3·2²³ rounds to even integers.
        let magic = SIMD16<Float>(repeating: 25_165_824)
        return self - ((self + magic) - magic)
    }
}

/// How α is read off the qubits.
protocol QubitReading {
    /// - Parameters:
    ///   - words: the neurons' first random words; the next lie `wordStride` further on.
    static func read(
        _ probability: Group, phase: Group, _ settings: QLIFSettings, words: UnsafePointer<UInt32>,
        wordStride: Int
    ) -> (probability: Group, turns: Group)
}

enum ExactReading: QubitReading {
    @inline(__always) static func read(
        _ probability: Group, phase: Group, _ settings: QLIFSettings, words: UnsafePointer<UInt32>,
        wordStride: Int
    ) -> (probability: Group, turns: Group) { (probability, phase.fromNearestEven.magnitude) }
}

/// By a number of measurements.
enum ShotReading: QubitReading {
    @inline(__always) static func read(
        _ probability: Group, phase: Group, _ settings: QLIFSettings, words: UnsafePointer<UInt32>,
        wordStride: Int
    ) -> (probability: Group, turns: Group) {
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
        let turns = Group.quarterTurns(
            sine: estimate * estimate.inverseSquareRoot, cosine: rest * rest.inverseSquareRoot)
        return (estimate, turns)
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
