import Glibc

/// One neuron with classical hidden states in double precision, straight from its equations, with the derivatives of everything.
struct HiddenStatesReference: ReferenceDynamics {
    /// T's forms and their derivatives.
    let law: HiddenStatesLaw
    private let stateCount: Int

    init(_ model: HiddenStates, parameters: [Double]) throws(NeuronError) {
        law = try HiddenStatesLaw(model, parameters: parameters)
        stateCount = model.stateCount
    }

    func steps(
        currents: [[Double]], spikes: [[Int]], variables: [ReferenceVariable]
    ) -> [ReferenceStep] {
        var states = (0..<stateCount).map { Differentiated(value: $0 == 0 ? 1 : 0, count: variables.count) }
        return currents.indices.map { step in
            let rotation = ReferenceNeuron.rotation(of: currents[step][0])
            let weights = (0...1).map { spike in
                (0..<stateCount).map { next in
                    var sum = Differentiated(value: 0, count: variables.count)
                    for state in 0..<stateCount {
                        let outcome = spike * stateCount + next
                        let transition = law.probability(outcome, state, rotation: rotation ?? 0)
                        let slope = law.slope(outcome, state, rotation: rotation ?? 0)
                        sum.value += transition * states[state].value
                        for (index, variable) in variables.enumerated() {
                            var change = transition * states[state].slopes[index]
                            switch variable {
                            case .parameter(let number):
                                change +=
                                    states[state].value
                                    * law.probability(
                                        outcome, state, rotation: rotation ?? 0, by: number)
                            case .current(step, _) where rotation != nil:
                                change += states[state].value * slope * .pi
                            case .current: break
                            }
                            sum.slopes[index] += change
                        }
                    }
                    return sum
                }
            }
            let patterns = weights.map { branch in
                branch.reduce(Differentiated(value: 0, count: variables.count)) { $0.adding($1) }
            }
            let spike = spikes[step][0]
            let likelihood = patterns[spike]
            states = weights[spike].map { weight in
                let value = weight.value / likelihood.value
                return Differentiated(
                    value: value,
                    slopes: zip(weight.slopes, likelihood.slopes).map { ($0 - value * $1) / likelihood.value }
                )
            }
            return ReferenceStep(
                probability: likelihood, patterns: patterns.map(\.value), firing: [patterns[1]],
                memory: states.map(\.value))
        }
    }
}

extension Differentiated {
    fileprivate init(value: Double, count: Int) {
        self.init(value: value, slopes: [Double](repeating: 0, count: count))
    }

    fileprivate func adding(_ other: Differentiated) -> Differentiated {
        Differentiated(value: value + other.value, slopes: zip(slopes, other.slopes).map { $0 + $1 })
    }
}

/// T_s[j, i](φ) = A cos²(φ/2) + B sin²(φ/2) + C sin φ of a neuron, and its derivatives by the parameters.
///
/// An outcome is number s · k + j.
package struct HiddenStatesLaw: Sendable {
    private let stateCount: Int
    /// A, B and C, `[form][outcome][state]`.
    private let forms: [Double]
    /// Of each parameter, the same.
    private let slopes: [[Double]]

    package init(_ model: HiddenStates, parameters: [Double]) throws(NeuronError) {
        guard parameters.count == model.parameterCount, parameters.allSatisfy(\.isFinite) else {
            throw .input(
                place: model.parameterGroups[0].name,
                problem: "found \(parameters.count) numbers, expected \(model.parameterCount) finite ones")
        }
        stateCount = model.stateCount
        let outcomeCount = 2 * model.stateCount
        var forms = [Double](repeating: 0, count: 3 * outcomeCount * model.stateCount)
        var slopes = parameters.map { _ in [Double]() }
        for index in slopes.indices { slopes[index] = forms }
        func place(_ form: Int, _ outcome: Int, _ state: Int) -> Int {
            (form * outcomeCount + outcome) * model.stateCount + state
        }
        switch model.embedding {
        case .measured:
            let size = outcomeCount - 1
            for input in 0...1 {
                for state in 0..<model.stateCount {
                    let first = (input * model.stateCount + state) * size
                    let logits = [0] + parameters[first..<first + size]
                    let largest = logits.max() ?? 0
                    let weights = logits.map { exp($0 - largest) }
                    let total = weights.reduce(0, +)
                    for outcome in 0..<outcomeCount {
                        let probability = weights[outcome] / total
                        forms[place(input, outcome, state)] = probability
                        for other in 1..<outcomeCount {
                            slopes[first + other - 1][place(input, outcome, state)] =
                                probability * ((other == outcome ? 1 : 0) - weights[other] / total)
                        }
                    }
                }
            }
        case .coherent:
            for state in 0..<model.stateCount {
                let first = 2 * outcomeCount * state
                let vectors = (0...1).map {
                    Array(parameters[first + $0 * outcomeCount..<first + ($0 + 1) * outcomeCount])
                }
                let made = try OrthonormalPair(vectors[0], vectors[1], state: state)
                for outcome in 0..<outcomeCount {
                    let (left, right) = (made.first[outcome], made.second[outcome])
                    forms[place(0, outcome, state)] = left * left
                    forms[place(1, outcome, state)] = right * right
                    forms[place(2, outcome, state)] = left * right
                }
                for number in 0..<2 * outcomeCount {
                    let (ofLeft, ofRight) = made.slopes(by: number)
                    for outcome in 0..<outcomeCount {
                        let (left, right) = (made.first[outcome], made.second[outcome])
                        slopes[first + number][place(0, outcome, state)] = 2 * left * ofLeft[outcome]
                        slopes[first + number][place(1, outcome, state)] = 2 * right * ofRight[outcome]
                        slopes[first + number][place(2, outcome, state)] =
                            left * ofRight[outcome] + right * ofLeft[outcome]
                    }
                }
            }
        }
        (self.forms, self.slopes) = (forms, slopes)
    }

    /// A, B or C (form 0, 1, 2) of an outcome from a state.
    ///
    /// - Parameter parameter: what it is differentiated by; nil for the form itself.
    package func form(_ form: Int, _ outcome: Int, _ state: Int, by parameter: Int? = nil) -> Double {
        (parameter.map { slopes[$0] } ?? forms)[(form * 2 * stateCount + outcome) * stateCount + state]
    }

    func probability(_ outcome: Int, _ state: Int, rotation: Double, by parameter: Int? = nil) -> Double {
        form(0, outcome, state, by: parameter) * pow(cos(rotation / 2), 2)
            + form(1, outcome, state, by: parameter) * pow(sin(rotation / 2), 2)
            + form(2, outcome, state, by: parameter) * sin(rotation)
    }

    /// The derivative by the rotation.
    func slope(_ outcome: Int, _ state: Int, rotation: Double) -> Double {
        (form(1, outcome, state) - form(0, outcome, state)) * sin(rotation) / 2
            + form(2, outcome, state) * cos(rotation)
    }
}

/// Two vectors made orthonormal by Gram and Schmidt: u_0 = a_0/|a_0|, u_1 = b/|b| with b = a_1 − (u_0 · a_1) u_0.
private struct OrthonormalPair {
    let first: [Double]
    let second: [Double]
    private let given: [Double]
    private let length: Double
    private let rest: Double

    init(_ left: [Double], _ right: [Double], state: Int) throws(NeuronError) {
        length = Self.product(left, left).squareRoot()
        let first = left.map { [length] in $0 / length }
        let overlap = Self.product(first, right)
        let beside = zip(right, first).map { $0 - overlap * $1 }
        rest = Self.product(beside, beside).squareRoot()
        second = beside.map { [rest] in $0 / rest }
        self.first = first
        given = right
        guard length > 1e-9, rest > 1e-9 else {
            throw .input(
                place: "amplitudes",
                problem:
                    "found vectors of state \(state) that are 0 or parallel, expected two of any other kind")
        }
    }

    private static func product(_ left: [Double], _ right: [Double]) -> Double {
        zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
    }

    /// du_0 and du_1 by a number of a_0, or, from there on, of a_1.
    func slopes(by number: Int) -> ([Double], [Double]) {
        let count = first.count
        let (isLeft, place) = (number < count, number % count)
        let unit = (0..<count).map { $0 == place ? 1.0 : 0 }
        let ofFirst =
            isLeft ? zip(unit, first).map { ($0 - first[place] * $1) / length } : unit.map { _ in 0 }
        let overlap = Self.product(first, given)
        let ofOverlap = Self.product(ofFirst, given) + (isLeft ? 0 : first[place])
        let ofRest = (0..<count).map {
            (isLeft ? 0 : unit[$0]) - ofOverlap * first[$0] - overlap * ofFirst[$0]
        }
        let along = Self.product(second, ofRest)
        return (ofFirst, zip(ofRest, second).map { ($0 - along * $1) / rest })
    }
}
