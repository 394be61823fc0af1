import Compute
import Dispatch
import SpikeTrains

/// The spikes of a batch, encoded on a thread of its own while something else goes on.
///
/// Sound to share: the raster is written by one thread before the group is left, and read after it was waited for.
final class EncodingAhead: @unchecked Sendable {
    private let group = DispatchGroup()
    private var result: Result<SpikeRaster, any Error>?

    /// - Parameter parallelism: with one thread, nothing goes on beside it: the spikes are encoded at once.
    init(_ parallelism: Parallelism, _ encode: @escaping @Sendable () throws -> SpikeRaster) {
        guard parallelism.threadCount > 1 else {
            result = Result(catching: encode)
            return
        }
        DispatchQueue.global(qos: .userInitiated).async(group: group) {
            self.result = Result(catching: encode)
        }
    }

    /// Waits for the spikes.
    ///
    /// - Throws: what the encoder throws.
    func take() throws -> SpikeRaster {
        group.wait()
        guard let result else { preconditionFailure("the group is left once the raster is there") }
        return try result.get()
    }
}
