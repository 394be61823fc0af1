import QuantumCircuits

extension Device {
    /// The devices known by name.
    public static let catalogue: [Device] = [eagle]

    /// Medians of one calibration of ibm_brisbane, an Eagle processor (revision 3) of 127 qubits.
    ///
    /// Made by `sqsnn device convert props_brisbane.json --median` from the snapshot that IBM publishes with Qiskit IBM
    /// Runtime 0.47.0 (`fake_provider/backends/brisbane`, Apache licence 2.0), to six digits; one ECR gate of 144 was
    /// marked as not working. `Benchmarks/Peers/Noise/compare devices_aer` compares the two.
    public static let eagle: Device = {
        var noise = NoiseParameters()
        noise.oneQubitGates = GateNoise(depolarizing: 0.000132486, duration: 60)
        noise.twoQubitGates = GateNoise(depolarizing: 0.00407139, duration: 660)
        // A rotation about Z is a change of frame.
        noise.gateRules = [
            GateNoiseRule(gate: "rz", noise: GateNoise(depolarizing: 0, duration: 0)),
            GateNoiseRule(gate: "x", noise: GateNoise(depolarizing: 0.000132486, duration: 60)),
        ]
        noise.qubits = QubitNoise(
            t1: 231.953, t2: 150.04, measurement: 1300,
            readout: [[0.979492, 0.020508], [0.013184, 0.986816]])
        return Device(
            name: "eagle", summary: "median qubit and gate of ibm_brisbane, 127 qubits, Eagle r3",
            source:
                "medians of the calibration of ibm_brisbane published with Qiskit IBM Runtime 0.47.0 (FakeBrisbane)",
            date: "2025-02-26", noise: noise)
    }()
}
