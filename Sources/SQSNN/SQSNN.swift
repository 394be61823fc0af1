/// The whole public API behind one import.
///
/// Of module Compute only what programs pass to the others; its kernels stay inside.
@_exported import struct Compute.Parallelism
@_exported import enum Compute.InstructionSet
@_exported import enum Compute.ProcessMemory
@_exported import enum Compute.RandomPurpose
@_exported import struct Compute.RandomStream
@_exported import struct Compute.RandomWalk
@_exported import Diagnostics
@_exported import LocalLearning
@_exported import QuantumCircuits
@_exported import QuantumHardware
@_exported import Reservoirs
@_exported import SpikeDatasets
@_exported import SpikeLearning
@_exported import SpikeTrains
@_exported import SpikingNetworks
@_exported import SpikingNeurons
