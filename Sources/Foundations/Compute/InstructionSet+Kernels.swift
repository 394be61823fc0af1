import KernelTasks
import Kernels

#if arch(x86_64)
    import KernelsForAVX2
    import KernelsForAVX512
#endif

extension InstructionSet {
    /// The psABI name, for reports.
    public var name: String { kernels.name }

    package var kernels: any KernelSet.Type {
        #if arch(x86_64)
            switch self {
            case .v2: return Kernels.CompiledKernels.self
            case .v3: return KernelsForAVX2.CompiledKernels.self
            case .v4: return KernelsForAVX512.CompiledKernels.self
            }
        #else
            return Kernels.CompiledKernels.self
        #endif
    }
}
