import KernelTasks

/// The kernels of this instruction-set level. The sources of all levels are the same files; each level is
/// a target of its own, compiled for its CPU.
public enum CompiledKernels: KernelSet {
    public static var name: String {
        #if KERNELS_V4
            "x86-64-v4"
        #elseif KERNELS_V3
            "x86-64-v3"
        #elseif arch(x86_64)
            "x86-64-v2"
        #else
            "baseline"
        #endif
    }
}
