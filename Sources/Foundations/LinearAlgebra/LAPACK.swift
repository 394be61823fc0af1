import CLAPACK
import Glibc

/// How this package calls LAPACK: on one thread, in its own memory, and never with numbers that are none.
enum LAPACK {
    /// Where the system's LAPACK is OpenBLAS built with threads, they are told to rest: sums that threads share depend on their
    /// number, and the threads of this package are at work already.
    private static let isOnOneThread: Bool = {
        typealias Setter = @convention(c) (Int32) -> Void
        guard let setter = dlsym(nil, "openblas_set_num_threads") else { return true }
        unsafeBitCast(setter, to: Setter.self)(1)
        return true
    }()

    /// Calls a routine.
    ///
    /// - Returns: what it says: 0, or a positive number where the matrix has no such decomposition.
    static func call(_ routine: () -> Int32) -> Int {
        precondition(isOnOneThread)
        let status = routine()
        precondition(status >= 0, "LAPACK refuses argument \(-status)")
        return Int(status)
    }

    static func isFinite(_ numbers: [Double]) -> Bool { numbers.allSatisfy(\.isFinite) }
}

/// The library behind this module, for `sqsnn doctor`.
package enum LinearAlgebraLibrary {
    /// Version of the interface that LAPACK's routines are of.
    package static var version: String {
        var (major, minor, patch): (Int32, Int32, Int32) = (0, 0, 0)
        LAPACKE_ilaver(&major, &minor, &patch)
        return "\(major).\(minor).\(patch)"
    }
}
