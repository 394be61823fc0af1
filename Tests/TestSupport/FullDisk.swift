import Files
import Glibc
import Synchronization

/// A disk that is full from one write on, of which it takes half.
public final class FullDisk: Sendable {
    private let remaining: Mutex<Int>

    /// - Parameter count: writes that succeed.
    public init(after count: Int) { remaining = Mutex(count) }

    /// Whether a write has failed.
    public var hasFailed: Bool { remaining.withLock { $0 < 0 } }

    /// Does work that writes on the calling thread.
    public func during<Result>(_ work: () throws -> Result) rethrows -> Result {
        try SystemWrite.$call.withValue(
            { [self] descriptor, bytes in
                let left = remaining.withLock { remaining in
                    defer { remaining -= 1 }
                    return remaining
                }
                if left > 0 { return write(descriptor, bytes.baseAddress, bytes.count) }
                if left == 0, bytes.count > 1 { return write(descriptor, bytes.baseAddress, bytes.count / 2) }
                errno = ENOSPC
                return -1
            }, operation: work)
    }
}
