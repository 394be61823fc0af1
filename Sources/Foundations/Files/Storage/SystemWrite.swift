import Glibc

/// The system's `write`, as all files are written by that must not be lost: so that a test can let any one of them fail.
package enum SystemWrite {
    /// Writes a first part of the bytes, and returns how many, or -1 with `errno`.
    package typealias Call = @Sendable (_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int

    /// Of this thread or task.
    @TaskLocal package static var call: Call = { write($0, $1.baseAddress, $1.count) }
}
