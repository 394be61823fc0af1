/// What the kernels of neurons with classical hidden states want to know beside the task.
///
/// A step from hidden state i gives spike s and hidden state j with probability
///
///     T_s[j, i](φ) = A_s[j, i] cos²(φ/2) + B_s[j, i] sin²(φ/2) + C_s[j, i] sin φ.
///
/// The kernels read `instruments` of `[form][s][j][i][64]`, the forms being A, B and, of three, C; and carry the probabilities of the
/// hidden states given the spikes so far, `[state][64]`.
public struct HiddenStatesShape: Sendable, Hashable {
    /// k
    public var stateCount: Int
    /// 2 or 3.
    public var formCount: Int

    public init(stateCount: Int, formCount: Int) {
        precondition((2...3).contains(formCount), "the forms are A and B, or A, B and C")
        self.stateCount = stateCount
        self.formCount = formCount
    }

    /// Entries of one form: both spikes, all pairs of states.
    public var entryCount: Int { 2 * stateCount * stateCount }
    /// Elements of a tile's instruments, and of their gradient.
    public var instrumentSize: Int { formCount * entryCount * tileWidth }
    /// Elements of a tile's memory of one sample between two calls.
    public var carriedSize: Int { stateCount * tileWidth }
    /// Elements of the working memory: the probabilities before each step and after the last, those after either spike, and the
    /// errors of three vectors.
    public func scratch(stepCount: Int) -> Int { (stepCount + 6) * stateCount * 16 }
}
