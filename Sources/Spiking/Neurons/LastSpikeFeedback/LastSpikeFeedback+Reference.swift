import Foundation
import QuantumCircuits

/// p(s_t = 1) = sin²(a/2) with a = φ_t + θ_mem + θ_in + s_{t−1} θ_ent, and its slope ½ sin(a) da.
struct LastSpikeFeedbackReference: ReferenceDynamics {
    private let angles: [Double]

    init(angles: [Double]) throws(NeuronError) {
        let range = Circuit.angleRange
        guard angles.count == 3, angles.allSatisfy(range.contains) else {
            throw .input(
                place: "angles",
                problem: "found \(angles), expected 3 (entangling, input, memory) from "
                    + "\(Int(range.lowerBound)) to \(Int(range.upperBound))")
        }
        self.angles = angles
    }

    func steps(
        currents: [[Double]], spikes: [[Int]], variables: [ReferenceVariable]
    ) -> [ReferenceStep] {
        let (entangling, input, memory) = (angles[0], angles[1], angles[2])
        return currents.indices.map { step in
            let lastSpike = step == 0 ? 0 : Double(spikes[step - 1][0])
            let rotation = ReferenceNeuron.rotation(of: currents[step][0])
            let angle = (rotation ?? 0) + memory + input + lastSpike * entangling
            let angleSlopes = variables.map { variable -> Double in
                switch variable {
                case .parameter(0): lastSpike
                case .parameter: 1
                case .current(step, _): rotation == nil ? 0 : .pi
                case .current: 0
                }
            }
            let fires = Differentiated(
                value: pow(sin(angle / 2), 2), slopes: angleSlopes.map { 0.5 * sin(angle) * $0 })
            let isSilent = Differentiated(value: 1 - fires.value, slopes: fires.slopes.map { -$0 })
            return ReferenceStep(
                probability: spikes[step][0] == 1 ? fires : isSilent,
                patterns: [isSilent.value, fires.value], firing: [fires], memory: [Double(spikes[step][0])])
        }
    }
}
