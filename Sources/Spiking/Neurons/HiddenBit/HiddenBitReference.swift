import Glibc

/// One neuron with a hidden bit in double precision, straight from its equations.
struct HiddenBitReference: ReferenceDynamics {
    private let parameters: [Double]

    init(parameters: [Double]) throws(NeuronError) {
        guard parameters.count == 5, parameters.allSatisfy(\.isFinite) else {
            throw .input(
                place: "couplings", problem: "found \(parameters), expected 5 numbers (a, b, c, d, e)")
        }
        self.parameters = parameters
    }

    func steps(
        currents: [[Double]], spikes: [[Int]], variables: [ReferenceVariable]
    ) -> [ReferenceStep] {
        let one = Differentiated(value: 1, slopes: variables.map { _ in 0 })
        var bit = 0.0 * one
        return currents.indices.map { step in
            let current = currents[step][0]
            /// σ of a logit, from its derivatives by parameters and the current.
            func curve(_ logit: Double, by parameters: [Int: Double], current weight: Double)
                -> Differentiated
            {
                let value = 1 / (1 + exp(-logit))
                return Differentiated(
                    value: value,
                    slopes: variables.map { variable in
                        let slope: Double =
                            switch variable {
                            case .parameter(let number): parameters[number] ?? 0
                            case .current(step, _): weight
                            case .current: 0
                            }
                        return value * (1 - value) * slope
                    })
            }
            let branches = [0.0, 1].map { state in
                (
                    share: state == 1 ? bit : one - bit,
                    spike: curve(
                        current + parameters[0] + parameters[1] * state, by: [0: 1, 1: state], current: 1),
                    next: curve(
                        parameters[4] * current + parameters[2] + parameters[3] * state,
                        by: [2: 1, 3: state, 4: current], current: parameters[4])
                )
            }
            let firing = branches.reduce(0.0 * one) { $0 + $1.share * $1.spike }
            let isSpike = spikes[step][0] == 1
            let given = branches.map { $0.share * (isSpike ? $0.spike : one - $0.spike) }
            let likelihood = given[0] + given[1]
            bit = (given[0] * branches[0].next + given[1] * branches[1].next) / likelihood
            return ReferenceStep(
                probability: likelihood, patterns: [1 - firing.value, firing.value], firing: [firing],
                memory: [bit.value])
        }
    }
}

extension Differentiated {
    fileprivate static func + (left: Self, right: Self) -> Self {
        Self(value: left.value + right.value, slopes: zip(left.slopes, right.slopes).map { $0 + $1 })
    }

    fileprivate static func - (left: Self, right: Self) -> Self { left + -1.0 * right }

    fileprivate static func * (factor: Double, right: Self) -> Self {
        Self(value: factor * right.value, slopes: right.slopes.map { factor * $0 })
    }

    fileprivate static func * (left: Self, right: Self) -> Self {
        Self(
            value: left.value * right.value,
            slopes: zip(left.slopes, right.slopes).map { $0 * right.value + left.value * $1 })
    }

    fileprivate static func / (left: Self, right: Self) -> Self {
        let value = left.value / right.value
        return Self(
            value: value,
            slopes: zip(left.slopes, right.slopes).map { ($0 - value * $1) / right.value })
    }
}
