import Glibc
import QuantumCircuits

/// p(s_t = 1) = sin²(a/2) with a = φ_t + θ_mem + θ_in + Σ_l s_{t−l} θ_ent,l, and its slope ½ sin(a) da.
struct LastSpikeFeedbackReference: ReferenceDynamics {
    private let angles: [Double]
    private let history: Int

    init(angles: [Double], history: Int) throws(NeuronError) {
        let range = Circuit.angleRange
        guard angles.count == history + 2, angles.allSatisfy(range.contains) else {
            throw .input(
                place: "angles",
                problem: "found \(angles), expected \(history + 2) (entangling, input, memory) from "
                    + "\(Int(range.lowerBound)) to \(Int(range.upperBound))")
        }
        self.angles = angles
        self.history = history
    }

    func steps(
        currents: [[Double]], spikes: [[Int]], variables: [ReferenceVariable]
    ) -> [ReferenceStep] {
        currents.indices.map { step in
            let last = (1...history).map { $0 > step ? 0 : Double(spikes[step - $0][0]) }
            let rotation = ReferenceNeuron.rotation(of: currents[step][0])
            let feedback = zip(last, angles).reduce(0) { $0 + $1.0 * $1.1 }
            let angle = (rotation ?? 0) + angles[history] + angles[history + 1] + feedback
            let angleSlopes = variables.map { variable -> Double in
                switch variable {
                case .parameter(let number): number < history ? last[number] : 1
                case .current(step, _): rotation == nil ? 0 : .pi
                case .current: 0
                }
            }
            let fires = Differentiated(
                value: pow(sin(angle / 2), 2), slopes: angleSlopes.map { 0.5 * sin(angle) * $0 })
            let isSilent = Differentiated(value: 1 - fires.value, slopes: fires.slopes.map { -$0 })
            return ReferenceStep(
                probability: spikes[step][0] == 1 ? fires : isSilent,
                patterns: [isSilent.value, fires.value], firing: [fires],
                memory: [Double(spikes[step][0])] + last.dropLast())
        }
    }
}
