/// What a derivative is taken with respect to.
enum ReferenceVariable: Hashable {
    case angle(Int)
    case current(step: Int, channel: Int)
}

/// A number with its derivatives with respect to the variables of a run, in their order.
struct Differentiated {
    var value: Double
    var slopes: [Double]

    /// A probability without what rounding takes out of 0 … 1.
    var probability: Differentiated {
        Differentiated(value: value < 0 ? 0 : value > 1 ? 1 : value, slopes: slopes)
    }
}

/// One step of a reference neuron.
struct ReferenceStep {
    /// p(s_t | s^{t−1}) of the forced spikes.
    let probability: Differentiated
    /// p(s | s^{t−1}) of every spike pattern s, channel 0 the most significant bit.
    let patterns: [Double]
    /// p(s_t^n = 1 | s^{t−1}) of each channel.
    let firing: [Differentiated]
    /// ⟨X⟩, ⟨Y⟩, ⟨Z⟩ of each memory qubit after the collapse.
    let memoryBloch: [[Double]]
}
