/// The memory of neurons that are fed back their own last k spikes.
///
/// Carried are words of a tile's spikes, one bit a neuron, the last first; its errors are `[k][64]`, what later losses have from each of
/// those spikes.
public enum SpikeFeedbackLayout {
    /// Spikes that a neuron can be fed back.
    public static var histories: ClosedRange<Int> { 1...32 }
    /// Elements of a tile, of the memory and of its errors.
    public static func carriedSize(history: Int) -> Int { history * tileWidth }
    /// Elements of the adjoint's working memory.
    public static func adjointScratch(history: Int) -> Int { history * 16 }
}
