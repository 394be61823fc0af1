/// The whole public API behind one import.
@_exported import QuantumCircuits
@_exported import SpikeDatasets
@_exported import SpikeLearning
@_exported import SpikeTrains
@_exported import SpikingNetworks
@_exported import SpikingNeurons
