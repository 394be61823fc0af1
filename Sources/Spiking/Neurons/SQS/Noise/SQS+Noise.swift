import Compute
import DeviceNoise
import QuantumCircuits

extension NeuronModel {
    /// Qubits that remember, M_q: none of a neuron without a circuit, and where the memory is put back at every step.
    public var memoryQubits: Int { circuit == nil ? 0 : memoryNames.count / 3 }

    /// The same neuron on a device with this noise, in place of its own, or on one without; nil for a circuit that has no noise,
    /// such as the memoryless control's. A neuron without a circuit runs on no device, and stays as it is.
    public func running(on noise: NoiseModel?) -> (any NeuronModel)? {
        if let neuron = self as? SQS { return SQS(neuron.stepCircuit, noise: noise) }
        return noise == nil || circuit == nil ? self : nil
    }
}

extension SQS {
    /// The most that the maps of a noisy population may take, in bytes. Training takes at least as much again, for their
    /// gradient.
    public static let maximumNoisyBytes = 1 << 32

    /// Bytes of the maps of a population: one neuron of N channels and M memory qubits with noise has 2^N · 3^N · 16^M
    /// single-precision numbers (4^N instead of 3^N where the noise of the embedding makes X), 64 neurons at once. 0 without
    /// noise, where there are no maps.
    public func noisyBytes(neuronCount: Int) -> Int {
        guard let noise else { return 0 }
        let tile = NoisyLayout(stepCircuit, noise).instrumentSize * MemoryLayout<Float>.stride
        return Population.tileCount(neuronCount) * tile
    }

    /// - Throws: ``NoisyNeuronError`` where the maps of so many neurons take more than ``maximumNoisyBytes``, and
    ///   `NoiseError` where the device cannot run the circuit.
    func checkNoise(neuronCount: Int) throws {
        guard let noise else { return }
        try noise.check(stepCircuit)
        let bytes = noisyBytes(neuronCount: neuronCount)
        guard bytes <= Self.maximumNoisyBytes else {
            throw NoisyNeuronError.memory(
                circuit: stepCircuit.name, neuronCount: neuronCount, bytes: bytes,
                limit: Self.maximumNoisyBytes)
        }
    }
}
