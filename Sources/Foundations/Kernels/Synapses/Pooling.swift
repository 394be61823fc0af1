import KernelTasks

extension PooledPlane {
    /// Calls `body` with the first neuron of every window, that of its place in the pooled plane, and how many features lie side by
    /// side there, at most 64 at a time.
    @inline(__always)
    fileprivate func forEachWindow(_ body: (_ neuron: Int, _ pooled: Int, _ count: Int) -> Void) {
        for y in 0..<pooledHeight {
            for x in 0..<pooledWidth {
                let neuron = (y &* width &+ x) &* size &* features
                let pooled = (y &* pooledWidth &+ x) &* features
                var feature = 0
                while feature < features {
                    body(neuron &+ feature, pooled &+ feature, min(64, features &- feature))
                    feature &+= 64
                }
            }
        }
    }

    /// Calls `body` with every neuron of a window, of the same feature as the first.
    @inline(__always)
    fileprivate func forEachNeuron(ofWindow first: Int, _ body: (_ neuron: Int) -> Void) {
        for y in 0..<size {
            for x in 0..<size { body(first &+ (y &* width &+ x) &* features) }
        }
    }
}

extension CompiledKernels {
    /// Any of a window's spikes is one of its place.
    public static func poolSpikes(_ task: PoolingTask) {
        let plane = task.plane
        for word in 0..<plane.pooledTileCount { task.pooled[word] = 0 }
        plane.forEachWindow { first, pooled, count in
            var any: UInt64 = 0
            plane.forEachNeuron(ofWindow: first) {
                any |= task.spikes.bits($0, count, stride: task.wordStride)
            }
            task.pooled.set(any, at: pooled, count)
        }
    }

    /// ∂L/∂s_i += ∂L/∂(pooled) · Π_{j ≠ i} (1 − s_j) over the others of the window.
    public static func unpoolErrors(_ task: UnpoolingTask) {
        let plane = task.plane
        let wordCount = (2 &* plane.tileCount &+ 15) / 16 &* 16
        let passing = UnsafeMutableRawPointer(task.scratch).assumingMemoryBound(to: UInt64.self)
        let pooled = task.scratch + wordCount
        let unpooled = pooled + plane.pooledTileCount &* tileWidth
        for row in 0..<task.rowCount {
            for tile in 0..<plane.pooledTileCount {
                (pooled + tile &* tileWidth).update(
                    from: task.pooledErrors + (tile &* task.pooledTileStride &+ row &* tileWidth),
                    count: tileWidth)
            }
            findPassing(plane, task.spikes + row &* task.wordsPerRow, task.wordStride, passing)
            spread(plane, pooled, to: unpooled)
            for tile in 0..<plane.tileCount {
                let errors = task.errors + (tile &* task.tileStride &+ row &* tileWidth)
                for group in 0..<4 {
                    let lanes = errors + 16 &* group
                    let mask = Group.mask(bits: passing[tile] &>> UInt64(16 &* group) & 0xFFFF)
                    let addend = Group.load(unpooled + (tile &* tileWidth &+ 16 &* group)).keep(where: mask)
                    (Group.load(lanes) + addend).store(lanes)
                }
            }
        }
    }

    /// The neurons whose spike decides about that of their window, as nobody else spikes there.
    @inline(__always)
    private static func findPassing(
        _ plane: PooledPlane, _ spikes: UnsafePointer<UInt64>, _ stride: Int,
        _ passing: UnsafeMutablePointer<UInt64>
    ) {
        for word in 0..<plane.tileCount { passing[word] = 0 }
        plane.forEachWindow { first, _, count in
            var (any, several): (UInt64, UInt64) = (0, 0)
            plane.forEachNeuron(ofWindow: first) {
                let own = spikes.bits($0, count, stride: stride)
                several |= any & own
                any |= own
            }
            plane.forEachNeuron(ofWindow: first) {
                let own = spikes.bits($0, count, stride: stride)
                let alone = (~any | own) & ~several & (~0 &>> UInt64(64 &- count))
                passing.set(alone, at: $0, count)
            }
        }
    }

    /// Gives all neurons of a window the number of its place. What is written past a place is that of the next, or of neurons that
    /// are in no window.
    @inline(__always)
    private static func spread(
        _ plane: PooledPlane, _ pooled: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>
    ) {
        for y in 0..<plane.pooledHeight &* plane.size {
            let source = pooled + y / plane.size &* plane.pooledWidth &* plane.features
            let row = target + y &* plane.width &* plane.features
            for x in 0..<plane.pooledWidth {
                for place in x &* plane.size..<(x &+ 1) &* plane.size {
                    var feature = 0
                    while feature < plane.features {
                        Group.load(source + (x &* plane.features &+ feature))
                            .store(row + (place &* plane.features &+ feature))
                        feature &+= 16
                    }
                }
            }
        }
    }
}
