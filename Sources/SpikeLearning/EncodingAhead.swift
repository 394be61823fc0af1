import Compute
import Dispatch
import SpikeTrains

/// The spikes of a batch, encoded on a thread of its own while something else goes on.
///
/// Sound to share: the raster is written by one thread before the group is left, and read after it was waited for.
final class EncodingAhead: @unchecked Sendable {
    private let group = DispatchGroup()
    private var raster: SpikeRaster?

    /// - Parameter parallelism: with one thread, nothing goes on beside it: the spikes are encoded at once.
    init(_ parallelism: Parallelism, _ encode: @escaping @Sendable () -> SpikeRaster) {
        guard parallelism.threadCount > 1 else {
            raster = encode()
            return
        }
        DispatchQueue.global(qos: .userInitiated).async(group: group) { self.raster = encode() }
    }

    /// Waits for the spikes.
    func take() -> SpikeRaster {
        group.wait()
        guard let raster else { preconditionFailure("the group is left once the raster is there") }
        return raster
    }
}
