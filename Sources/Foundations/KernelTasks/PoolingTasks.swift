/// A plane of neurons, numbered (y · width + x) · features + feature, in windows of `size` × `size` places that lie side by
/// side; rows and columns that fill no window are left out.
public struct PooledPlane: Sendable, Hashable {
    public var width: Int
    public var features: Int
    /// Side of a window.
    public var size: Int
    /// Windows from top to bottom, and in a row.
    public var pooledHeight: Int
    public var pooledWidth: Int
    /// Tiles of the plane's neurons and of those of the pooled plane.
    public var tileCount: Int
    public var pooledTileCount: Int

    public init(height: Int, width: Int, features: Int, size: Int) {
        self.width = width
        self.features = features
        self.size = size
        (pooledHeight, pooledWidth) = (height / size, width / size)
        func tiles(_ neurons: Int) -> Int { (neurons + tileWidth - 1) / tileWidth }
        tileCount = tiles(height * width * features)
        pooledTileCount = tiles(pooledHeight * pooledWidth * features)
    }

    /// Elements of ``UnpoolingTask/scratch``: words of as many bits as neurons, on a cache line of their own, and numbers of both
    /// planes, read and written by sixteen.
    public var scratchSize: Int {
        let words = (2 * tileCount + 15) / 16 * 16
        return words + (pooledTileCount + tileCount) * tileWidth + 16
    }
}

/// One row of spikes pooled: a place of the pooled plane spikes where any neuron of its window does.
public struct PoolingTask {
    public var plane: PooledPlane
    /// Word w of the row's channel is `spikes[w · wordStride]`.
    public var spikes: UnsafePointer<UInt64>
    public var wordStride: Int
    /// `plane.pooledTileCount` words.
    public var pooled: UnsafeMutablePointer<UInt64>

    public init(
        plane: PooledPlane, spikes: UnsafePointer<UInt64>, wordStride: Int,
        pooled: UnsafeMutablePointer<UInt64>
    ) {
        self.plane = plane
        self.spikes = spikes
        self.wordStride = wordStride
        self.pooled = pooled
    }
}

/// Errors of the spikes of a pooled plane, added to those of the neurons that they were pooled from, row after row.
public struct UnpoolingTask {
    public var plane: PooledPlane
    public var rowCount: Int
    /// Spikes of the neurons, as of ``PoolingTask``.
    public var spikes: UnsafePointer<UInt64>
    public var wordStride: Int
    public var wordsPerRow: Int
    /// `[tile][row][64]`, with distances between tiles in elements.
    public var pooledErrors: UnsafePointer<Float>
    public var pooledTileStride: Int
    /// Likewise.
    public var errors: UnsafeMutablePointer<Float>
    public var tileStride: Int
    /// ``PooledPlane/scratchSize`` elements, on a cache line.
    public var scratch: UnsafeMutablePointer<Float>

    public init(
        plane: PooledPlane, rowCount: Int, spikes: UnsafePointer<UInt64>, wordStride: Int, wordsPerRow: Int,
        pooledErrors: UnsafePointer<Float>, pooledTileStride: Int, errors: UnsafeMutablePointer<Float>,
        tileStride: Int, scratch: UnsafeMutablePointer<Float>
    ) {
        self.plane = plane
        self.rowCount = rowCount
        self.spikes = spikes
        self.wordStride = wordStride
        self.wordsPerRow = wordsPerRow
        self.pooledErrors = pooledErrors
        self.pooledTileStride = pooledTileStride
        self.errors = errors
        self.tileStride = tileStride
        self.scratch = scratch
    }
}
