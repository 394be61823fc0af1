import Compute
import Glibc

/// One quantum leaky integrate-and-fire neuron in double precision, (S1)–(S8) of arXiv:2506.21324, with sin² of φ/2 in (S4) and the
/// exact α; what the kernels are tested against.
struct QLIFReference: ReferenceDynamics {
    let settings: QLIFSettings

    func steps(
        currents: [[Double]], spikes: [[Int]], variables: [ReferenceVariable]
    ) -> [ReferenceStep] { run(currents: currents, spikes: spikes, variables: variables) }

    func ownSpikes(currents: [[Double]]) -> [[Int]]? {
        run(currents: currents, spikes: nil, variables: []).map { [Int($0.firing[0].value)] }
    }

    /// - Parameters:
    ///   - currents: z^s and z^o, `[step][2]`.
    ///   - spikes: those that reset the neuron; nil for its own.
    private func run(
        currents: [[Double]], spikes given: [[Int]]?, variables: [ReferenceVariable]
    ) -> [ReferenceStep] {
        let surrogate = SpikeSurrogate.arctan(alpha: settings.surrogateWidth)
        let still = Differentiated(value: 0, slopes: [Double](repeating: 0, count: variables.count))
        // Of the phase 2 arcsin √α the slopes are kept: φ_0 = 0.
        var (alpha, phaseSlopes, spike) = (still, still.slopes, 0)
        // When the last step's spike was, within its step; nil where it has no time that moves.
        var lastTime: Differentiated?
        return currents.indices.map { step in
            let isSilent = spike == 1 && settings.aftermath == .refractory
            if spike == 1 { (alpha, phaseSlopes) = (still, still.slopes) }
            var (own, smooth) = (0, 0.0)
            var firingSlopes = still.slopes
            let start = alpha
            if !isSilent {
                let turn = turn(alpha.value, excitation: currents[step][0], leak: currents[step][1])
                let slopes = variables.indices.map { index -> Double in
                    var slope = turn.slopeOfStart * phaseSlopes[index]
                    if variables[index] == .current(step: step, channel: 0) {
                        slope += turn.slopeOfExcitation
                    }
                    if variables[index] == .current(step: step, channel: 1) { slope += turn.slopeOfLeak }
                    return slope
                }
                alpha = Differentiated(
                    value: pow(sin(turn.phase / 2), 2), slopes: slopes.map { 0.5 * sin(turn.phase) * $0 })
                // 2 arcsin √α = ±φ up to whole turns. At α = 0 and 1 it has no derivative; that of smaller phases is taken.
                phaseSlopes = slopes.map { sin(turn.phase) < 0 ? -$0 : $0 }
                let margin = alpha.value - settings.threshold
                own = margin > 0 ? 1 : 0
                smooth = surrogate.value(margin)
                firingSlopes = alpha.slopes.map { surrogate.slope(margin) * $0 }
            }
            spike = given?[step][0] ?? own
            if settings.spikeGradient == .spikeTime {
                // Moving a spike takes it from its step to the next.
                let time = own == 1 && spike == 1 ? time(from: start, to: alpha) : nil
                smooth = (lastTime?.value ?? 0) - (time?.value ?? 0)
                firingSlopes = variables.indices.map { (lastTime?.slopes[$0] ?? 0) - (time?.slopes[$0] ?? 0) }
                lastTime = time
            }
            return ReferenceStep(
                probability: Differentiated(value: spike == own ? 1 : 0, slopes: still.slopes),
                firing: [Differentiated(value: Double(own), slopes: firingSlopes)], smooth: [smooth],
                activity: [alpha], memory: [alpha.value])
        }
    }

    /// Where a line from α before a step to α after it passes the threshold, in steps; a rise that is too slow is taken to be one of
    /// `leastRise` that ends there.
    private func time(from start: Differentiated, to end: Differentiated) -> Differentiated {
        let rise = end.value - start.value
        guard rise >= QLIFSettings.leastRise else {
            return Differentiated(
                value: 1 - (end.value - settings.threshold) / QLIFSettings.leastRise,
                slopes: end.slopes.map { -$0 / QLIFSettings.leastRise })
        }
        let share = (settings.threshold - start.value) / rise
        return Differentiated(
            value: share,
            slopes: zip(start.slopes, end.slopes).map { -((1 - share) * $0 + share * $1) / rise })
    }

    /// φ_t of (S6)–(S8), with its slopes by φ°, z^s and z^o.
    private func turn(_ alpha: Double, excitation: Double, leak: Double) -> (
        phase: Double, slopeOfStart: Double, slopeOfExcitation: Double, slopeOfLeak: Double
    ) {
        let start = 2 * asin(alpha.squareRoot())
        if excitation > 0 { return (start + .pi * excitation, 1, .pi, 0) }
        let survival = exp(-settings.relaxationRate * abs(leak))
        let sine = (alpha * survival).squareRoot()
        // Where this is 0, the arcsine has no derivative: 0 is taken; and so of |z^o| at 0.
        let cosine = (1 - sine * sine).squareRoot()
        let inverse = cosine > 0 ? 1 / cosine : 0
        let sign: Double = leak > 0 ? 1 : leak < 0 ? -1 : 0
        return (
            start - 2 * asin(sine), 1 - inverse * survival.squareRoot() * cos(start / 2), 0,
            inverse * sine * settings.relaxationRate * sign
        )
    }
}
