import COpenBLAS
import Glibc
import KernelTasks

/// The library behind products of matrices, and behind LAPACK where the system's is of it.
enum OpenBLAS {
    /// What has to be so before the first call, and stays so.
    ///
    /// Each call is on the thread that makes it: sums that threads share depend on their number, and the threads of this package are at
    /// work already.
    static let isReady: Bool = {
        openblas_set_num_threads(1)
        chooseKernels()
        return true
    }()

    /// Version and kernels, for `sqsnn doctor`.
    static var description: String {
        precondition(isReady)
        // "OpenBLAS 0.3.21 DYNAMIC_ARCH …"
        let version = String(cString: openblas_get_config()).split(separator: " ").dropFirst().first ?? ""
        return "\(version) \(kernels)"
    }

    private static var kernels: String { String(cString: openblas_get_corename()) }

    /// Lets it take the kernels of our instruction-set level, unless the user names others in `OPENBLAS_CORETYPE`.
    ///
    /// By itself it knows processors by their model, and before 0.3.25 takes kernels of 2004 for all that are newer than it is
    /// (OpenMathLib/OpenBLAS#4267): products then take three times as long. It reads the variable when it is loaded, which is before us; the
    /// two functions that builds for many processors do that with can be called again.
    private static func chooseKernels() {
        let variable = "OPENBLAS_CORETYPE"
        let names: [InstructionSet: String] = [.v3: "Haswell", .v4: "SkylakeX"]
        guard getenv(variable) == nil, let name = names[.current],
            let forget = dlsym(nil, "gotoblas_dynamic_quit"), let choose = dlsym(nil, "gotoblas_dynamic_init")
        else { return }
        typealias Function = @convention(c) () -> Void
        func chooseAgain() {
            unsafeBitCast(forget, to: Function.self)()
            unsafeBitCast(choose, to: Function.self)()
        }
        setenv(variable, name, 0)
        chooseAgain()
        // Other programs that we start choose for themselves, and so does a build without these kernels.
        unsetenv(variable)
        if kernels != name { chooseAgain() }
    }
}
