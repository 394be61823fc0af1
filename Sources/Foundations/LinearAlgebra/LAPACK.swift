import CLAPACK

/// How this package calls LAPACK: on one thread, in its own memory, and never with numbers that are none.
enum LAPACK {
    /// Calls a routine.
    ///
    /// - Returns: what it says: 0, or a positive number where the matrix has no such decomposition.
    static func call(_ routine: () -> Int32) -> Int {
        precondition(OpenBLAS.isReady)
        let status = routine()
        precondition(status >= 0, "LAPACK refuses argument \(-status)")
        return Int(status)
    }

    static func isFinite(_ numbers: [Double]) -> Bool { numbers.allSatisfy(\.isFinite) }
}

/// The libraries behind this module, for `sqsnn doctor`.
package enum LinearAlgebraLibrary {
    /// Version and kernels of what multiplies matrices.
    package static var products: String { OpenBLAS.description }

    /// Version of the interface that LAPACK's routines are of.
    package static var decompositions: String {
        var (major, minor, patch): (Int32, Int32, Int32) = (0, 0, 0)
        LAPACKE_ilaver(&major, &minor, &patch)
        return "\(major).\(minor).\(patch)"
    }
}
