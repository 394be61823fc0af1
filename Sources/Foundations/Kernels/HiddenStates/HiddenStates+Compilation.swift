import KernelTasks

extension CompiledKernels {
    /// Instruments from parameters, of a tile.
    public static func compileHiddenStates(
        _ parameters: UnsafePointer<Float>, to instruments: UnsafeMutablePointer<Float>,
        _ shape: HiddenStatesShape
    ) {
        for lane in stride(from: 0, to: tileWidth, by: 16) {
            let law = HiddenStatesLaw(parameters: parameters + lane, shape: shape)
            for state in 0..<shape.stateCount {
                switch shape.formCount {
                case 2:
                    law.compileMeasured(input: 0, state, to: instruments + lane)
                    law.compileMeasured(input: 1, state, to: instruments + lane)
                default: law.compileCoherent(state, to: instruments + lane)
                }
            }
        }
    }

    /// Adds ∂L/∂(parameter) of a tile, from ∂L/∂(instrument).
    ///
    /// - Parameter instruments: those of the parameters.
    public static func pullBackHiddenStates(
        _ parameters: UnsafePointer<Float>, instruments: UnsafePointer<Float>,
        instrumentGradient: UnsafePointer<Float>, to gradient: UnsafeMutablePointer<Float>,
        _ shape: HiddenStatesShape
    ) {
        for lane in stride(from: 0, to: tileWidth, by: 16) {
            let law = HiddenStatesLaw(parameters: parameters + lane, shape: shape)
            for state in 0..<shape.stateCount {
                switch shape.formCount {
                case 2:
                    for input in 0..<2 {
                        law.pullBackMeasured(
                            input: input, state, instruments + lane, instrumentGradient + lane,
                            gradient + lane)
                    }
                default: law.pullBackCoherent(state, instrumentGradient + lane, gradient + lane)
                }
            }
        }
    }
}

/// How sixteen neurons' parameters say what follows from a state. An outcome is a spike and a next state, number s · k + j.
private struct HiddenStatesLaw {
    let parameters: UnsafePointer<Float>
    let shape: HiddenStatesShape

    @inline(__always) private var outcomeCount: Int { 2 &* shape.stateCount }

    /// Where an outcome's entry of a form lies in the instruments.
    @inline(__always) private func place(form: Int, _ outcome: Int, _ state: Int) -> Int {
        (form &* shape.entryCount &+ outcome &* shape.stateCount &+ state) &* tileWidth
    }

    // MARK: The input is measured first: of each result x and state i a softmax, the first outcome's logit being 0

    @inline(__always) private func logitPlace(_ input: Int, _ state: Int, _ outcome: Int) -> Int {
        ((input &* shape.stateCount &+ state) &* (outcomeCount &- 1) &+ outcome &- 1) &* tileWidth
    }

    @inline(__always)
    func compileMeasured(input: Int, _ state: Int, to instruments: UnsafeMutablePointer<Float>) {
        var largest = Group()
        for outcome in 1..<outcomeCount {
            let logit = Group.load(parameters + logitPlace(input, state, outcome))
            largest = largest + (logit - largest).positivePart
        }
        var sum = Group()
        for outcome in 0..<outcomeCount {
            let logit =
                outcome == 0 ? Group() : Group.load(parameters + logitPlace(input, state, outcome))
            let weight = (logit - largest).exponentialOfNegative
            weight.store(instruments + place(form: input, outcome, state))
            sum = sum + weight
        }
        let share = sum.reciprocal
        for outcome in 0..<outcomeCount {
            let entry = instruments + place(form: input, outcome, state)
            (Group.load(entry) * share).store(entry)
        }
    }

    @inline(__always)
    func pullBackMeasured(
        input: Int, _ state: Int, _ instruments: UnsafePointer<Float>,
        _ instrumentGradient: UnsafePointer<Float>, _ gradient: UnsafeMutablePointer<Float>
    ) {
        var mean = Group()
        for outcome in 0..<outcomeCount {
            let place = place(form: input, outcome, state)
            mean = mean + Group.load(instruments + place) * Group.load(instrumentGradient + place)
        }
        for outcome in 1..<outcomeCount {
            let place = place(form: input, outcome, state)
            let target = gradient + logitPlace(input, state, outcome)
            let slope = Group.load(instruments + place) * (Group.load(instrumentGradient + place) - mean)
            (Group.load(target) + slope).store(target)
        }
    }

    // MARK: The input is one qubit until the outcome is measured: of each state two orthonormal vectors of amplitudes u_0, u_1, made so by
    // Gram and Schmidt; an outcome has probability (cos(φ/2) u_0 + sin(φ/2) u_1)²

    @inline(__always) private func amplitudePlace(_ state: Int, _ input: Int, _ outcome: Int) -> Int {
        ((state &* 2 &+ input) &* outcomeCount &+ outcome) &* tileWidth
    }

    @inline(__always) private func given(_ state: Int, _ input: Int, _ outcome: Int) -> Group {
        Group.load(parameters + amplitudePlace(state, input, outcome))
    }

    /// 1/|a_0|, u_0 · a_1, and 1/|b| of b = a_1 − (u_0 · a_1) u_0.
    @inline(__always) private func orthonormalisation(_ state: Int) -> (Group, Group, Group) {
        var (square, product) = (Group(), Group())
        for outcome in 0..<outcomeCount {
            let amplitude = given(state, 0, outcome)
            square = square + amplitude * amplitude
            product = product + amplitude * given(state, 1, outcome)
        }
        let scale = square.inverseSquareRoot
        let overlap = product * scale
        var rest = Group()
        for outcome in 0..<outcomeCount {
            let part = given(state, 1, outcome) - overlap * (given(state, 0, outcome) * scale)
            rest = rest + part * part
        }
        return (scale, overlap, rest.inverseSquareRoot)
    }

    @inline(__always) func compileCoherent(_ state: Int, to instruments: UnsafeMutablePointer<Float>) {
        let (scale, overlap, restScale) = orthonormalisation(state)
        for outcome in 0..<outcomeCount {
            let first = given(state, 0, outcome) * scale
            let second = (given(state, 1, outcome) - overlap * first) * restScale
            (first * first).store(instruments + place(form: 0, outcome, state))
            (second * second).store(instruments + place(form: 1, outcome, state))
            (first * second).store(instruments + place(form: 2, outcome, state))
        }
    }

    @inline(__always)
    func pullBackCoherent(
        _ state: Int, _ instrumentGradient: UnsafePointer<Float>, _ gradient: UnsafeMutablePointer<Float>
    ) {
        let (scale, overlap, restScale) = orthonormalisation(state)
        /// u_0, u_1 and the errors of both, of one outcome.
        @inline(__always) func outcome(_ outcome: Int) -> (Group, Group, Group, Group) {
            let first = given(state, 0, outcome) * scale
            let second = (given(state, 1, outcome) - overlap * first) * restScale
            @inline(__always) func error(_ form: Int) -> Group {
                Group.load(instrumentGradient + place(form: form, outcome, state))
            }
            let (ofFirst, ofSecond, ofBoth) = (error(0), error(1), error(2))
            return (
                first, second, (ofFirst + ofFirst) * first + ofBoth * second,
                (ofSecond + ofSecond) * second + ofBoth * first
            )
        }
        var along = Group()
        for number in 0..<outcomeCount {
            let (_, second, _, secondError) = outcome(number)
            along = along + second * secondError
        }
        // Errors of b are (e_1 − (u_1 · e_1) u_1)/|b|; they have a part along u_0, since b is what is left of a_1 beside it.
        var (restAlong, firstAlong) = (Group(), Group())
        for number in 0..<outcomeCount {
            let (first, second, _, secondError) = outcome(number)
            restAlong = restAlong + first * ((secondError - along * second) * restScale)
        }
        for number in 0..<outcomeCount {
            let (first, second, firstError, secondError) = outcome(number)
            let restError = (secondError - along * second) * restScale
            let total = firstError - overlap * restError - restAlong * given(state, 1, number)
            firstAlong = firstAlong + first * total
        }
        for number in 0..<outcomeCount {
            let (first, second, firstError, secondError) = outcome(number)
            let restError = (secondError - along * second) * restScale
            let total = firstError - overlap * restError - restAlong * given(state, 1, number)
            let targets = (
                gradient + amplitudePlace(state, 0, number), gradient + amplitudePlace(state, 1, number)
            )
            (Group.load(targets.0) + (total - firstAlong * first) * scale).store(targets.0)
            (Group.load(targets.1) + restError - restAlong * first).store(targets.1)
        }
    }
}
