extension Device {
    /// The devices known by name.
    public static let catalogue: [Device] = [eagle]

    /// Medians of one calibration of ibm_brisbane, an Eagle processor (revision 3) of 127 qubits.
    ///
    /// Made by `sqsnn device convert props_brisbane.json --median` from the snapshot that IBM publishes with Qiskit IBM
    /// Runtime 0.47.0 (`fake_provider/backends/brisbane`, Apache licence 2.0); a test compares the two roundings.
    public static let eagle: Device = {
        var noise = NoiseParameters()
        noise.oneQubitGates = GateNoise(depolarizing: 0, duration: 60)
        noise.twoQubitGates = GateNoise(depolarizing: 0, duration: 660)
        noise.qubits = QubitNoise(
            t1: 231.953279, t2: 150.040273, measurement: 1300,
            readout: [[0.979492, 0.020508], [0.013184, 0.986816]])
        return Device(
            name: "eagle", summary: "median qubit and gate of ibm_brisbane, 127 qubits, Eagle r3",
            source:
                "calibration snapshot of ibm_brisbane in Qiskit IBM Runtime 0.47.0 (FakeBrisbane), medians",
            date: "2025-02-26", noise: noise)
    }()
}
