import Compute

/// A precision in which expectation values are computed.
package protocol ExpectationReal: BinaryFloatingPoint, BitwiseCopyable, Sendable {
    /// Samples that a kernel takes at once.
    static var laneCount: Int { get }
    static func run(_ task: ExpectationTask<Self>, _ kernels: any KernelSet.Type)
    static func run(_ task: ExpectationAdjointTask<Self>, _ kernels: any KernelSet.Type)
}

extension Float: ExpectationReal {
    package static var laneCount: Int { 16 }
    package static func run(_ task: ExpectationTask<Float>, _ kernels: any KernelSet.Type) {
        kernels.expectations(task)
    }
    package static func run(_ task: ExpectationAdjointTask<Float>, _ kernels: any KernelSet.Type) {
        kernels.adjointExpectations(task)
    }
}

extension Double: ExpectationReal {
    package static var laneCount: Int { 8 }
    package static func run(_ task: ExpectationTask<Double>, _ kernels: any KernelSet.Type) {
        kernels.expectations(task)
    }
    package static func run(_ task: ExpectationAdjointTask<Double>, _ kernels: any KernelSet.Type) {
        kernels.adjointExpectations(task)
    }
}
