import QuantumCircuits
import Testing

/// Snapshots. Programs of random circuits with every gate were imported into Qiskit 2.6.2 (qiskit-qasm3-import
/// 0.6.0), and the exact probabilities of all spike histories agreed with ``Instrument`` to 1e-14.
struct OpenQASMTests {
    @Test("a run of several steps measures and resets the input-output qubits in mid-circuit")
    func steps() throws {
        let circuit = try Ansatz.twoWay.circuit(ioQubits: 1, memoryQubits: 1)
        let program = try circuit.openQASM(angles: [1, 2, 3, 4.5], inputs: .currents([[0.5], [-1]]))
        #expect(
            program == """
                OPENQASM 3.0;
                include "stdgates.inc";

                qubit[1] io;
                qubit[1] memory;

                // step 0
                bit[1] spikes_0;
                rx(1.5707963267948966) io[0];
                crx(1.0) io[0], memory[0];
                crx(2.0) memory[0], io[0];
                rx(3.0) io[0];
                rx(4.5) memory[0];
                spikes_0[0] = measure io[0];
                reset io[0];

                // step 1
                bit[1] spikes_1;
                crx(1.0) io[0], memory[0];
                crx(2.0) memory[0], io[0];
                rx(3.0) io[0];
                rx(4.5) memory[0];
                spikes_1[0] = measure io[0];
                reset io[0];

                """)
    }

    @Test("what is not given becomes an input; gates that the standard library lacks are defined")
    func inputs() throws {
        let gates = [
            Gate(.rxx, 0, 2, parameter: 0), Gate(.ryy, 1, 2, parameter: 1, scale: -0.5),
            Gate(.rzz, qubits: [0, 1], angle: .fixed(0.25)), Gate(.cz, qubits: [2, 1]),
        ]
        let program = try Circuit(ioQubits: 2, memoryQubits: 1, gates: gates).openQASM()
        #expect(
            program == """
                OPENQASM 3.0;
                include "stdgates.inc";

                gate rxx(a) p, q { h p; h q; cx p, q; rz(a) q; cx p, q; h p; h q; }
                gate ryy(a) p, q { rx(pi/2) p; rx(pi/2) q; cx p, q; rz(a) q; cx p, q; rx(-pi/2) p; rx(-pi/2) q; }
                gate rzz(a) p, q { cx p, q; rz(a) q; cx p, q; }

                input float[64] theta_0;
                input float[64] theta_1;
                input float[64] phi_0_0;
                input float[64] phi_0_1;
                qubit[2] io;
                qubit[1] memory;

                // step 0
                bit[2] spikes_0;
                rx(phi_0_0) io[0];
                rx(phi_0_1) io[1];
                rxx(theta_0) io[0], memory[0];
                ryy(-0.5 * theta_1) io[1], memory[0];
                rzz(0.25) io[0], io[1];
                cz memory[0], io[1];
                spikes_0[0] = measure io[0];
                spikes_0[1] = measure io[1];
                reset io[0];
                reset io[1];

                """)
    }

    @Test("steps left open have an input for each step and channel, after the angles")
    func openSteps() throws {
        let circuit = try Circuit(
            ioQubits: 1, memoryQubits: 1,
            gates: [Gate(.crx, qubits: [0, 1], angle: .parameter(index: 0, scale: 1))])
        #expect(
            try circuit.openQASM(inputs: .steps(2)) == """
                OPENQASM 3.0;
                include "stdgates.inc";

                input float[64] theta_0;
                input float[64] phi_0_0;
                input float[64] phi_1_0;
                qubit[1] io;
                qubit[1] memory;

                // step 0
                bit[1] spikes_0;
                rx(phi_0_0) io[0];
                crx(theta_0) io[0], memory[0];
                spikes_0[0] = measure io[0];
                reset io[0];

                // step 1
                bit[1] spikes_1;
                rx(phi_1_0) io[0];
                crx(theta_0) io[0], memory[0];
                spikes_1[0] = measure io[0];
                reset io[0];

                """)
    }

    @Test("a circuit without memory declares none")
    func noMemory() throws {
        let program = try Circuit(ioQubits: 1, memoryQubits: 0, gates: []).openQASM(inputs: .currents([[0]]))
        #expect(!program.contains("memory"))
        #expect(!program.contains("rx("))
    }
}
