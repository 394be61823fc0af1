import DeviceNoise
import Compute
import QuantumCircuits

extension NeuronModel {
    /// The same neuron on a device with this noise, in place of its own, or on one without; nil for the memoryless
    /// control, which has no noise. The classical neuron runs on no device, and stays as it is.
    public func running(on noise: NoiseModel?) -> NeuronModel? {
        switch self {
        case .quantum(let circuit), .noisy(let circuit, _):
            noise.map { .noisy(circuit, $0) } ?? .quantum(circuit)
        case .memoryless: noise == nil ? self : nil
        case .lastSpikeFeedback: self
        }
    }

    /// The most that the maps of a noisy population may take, in bytes. Training takes at least as much again, for their
    /// gradient.
    public static let maximumNoisyBytes = 1 << 32

    /// Bytes of the maps of a population: one neuron of N channels and M memory qubits with noise has 2^N · 3^N · 16^M
    /// single-precision numbers (4^N instead of 3^N where the noise of the embedding makes X), 64 neurons at once. 0 without
    /// noise, where there are no maps.
    public func noisyBytes(neuronCount: Int) -> Int {
        guard case .noisy(let circuit, let noise) = self else { return 0 }
        let tile = PauliLayout(circuit, noise).instrumentSize * MemoryLayout<Float>.stride
        return Population.tileCount(neuronCount) * tile
    }

    /// - Throws: ``NoisyNeuronError`` where the maps of so many neurons take more than ``maximumNoisyBytes``, and
    ///   ``NoiseError`` where the device cannot run the circuit.
    public func checkNoise(neuronCount: Int) throws {
        guard case .noisy(let circuit, let noise) = self else { return }
        try noise.check(circuit)
        let bytes = noisyBytes(neuronCount: neuronCount)
        guard bytes <= Self.maximumNoisyBytes else {
            throw NoisyNeuronError.memory(
                circuit: circuit.name, neuronCount: neuronCount, bytes: bytes,
                limit: Self.maximumNoisyBytes)
        }
    }
}
