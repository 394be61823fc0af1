@_exported import KernelTasks
