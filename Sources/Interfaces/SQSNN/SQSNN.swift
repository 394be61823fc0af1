/// The whole public API behind one import.
///
/// Of module Compute only what programs pass to the others, and what a neuron of a program's own works on; its kernels stay inside.
@_exported import struct Compute.BufferView
@_exported import struct Compute.GradientCheck
@_exported import struct Compute.MutableBufferView
@_exported import enum Compute.SpikeSurrogate
@_exported import enum Compute.SurrogateKind
@_exported import func Compute.gradientCheck
@_exported import let Compute.tileWidth
@_exported import struct Compute.Parallelism
@_exported import enum Compute.InstructionSet
@_exported import enum Compute.ProcessMemory
@_exported import enum Compute.RandomPurpose
@_exported import struct Compute.RandomStream
@_exported import struct Compute.RandomWalk
@_exported import Files
@_exported import enum HDF5Files.ArrayFault
@_exported import enum HDF5Files.HDF5Error
@_exported import Baselines
@_exported import LocalLearning
@_exported import QuantumCircuits
@_exported import DeviceNoise
@_exported import ErrorMitigation
@_exported import QuantumBackends
@_exported import Reservoirs
@_exported import SpikeTrainFits
@_exported import NeuronAnalysis
@_exported import EventRecordings
@_exported import SpikeDatasets
@_exported import Learning
@_exported import Runs
@_exported import SpikeTrains
@_exported import Networks
@_exported import Neurons
