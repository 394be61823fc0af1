@_exported import ComputeKernels
