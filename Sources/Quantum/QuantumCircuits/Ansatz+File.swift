import Files
import FoundationEssentials

extension Ansatz {
    /// A named circuit, or the gate list in a file.
    ///
    /// The file holds `{"io_qubits": N, "memory_qubits": M, "gates": [...]}`, and if wanted a `"name"` and a
    /// `"parameter_count"` (by default one more than the largest index used); see ``Gate`` for the gates. A name of the catalogue wins over a file of that name.
    /// - Throws: ``CircuitError``; an unknown name that does not look like a path gets the catalogue's list.
    public static func load(_ nameOrPath: String) throws -> Ansatz {
        if let known = try? named(nameOrPath) { return known }
        guard InputFile.isMeant(nameOrPath) else { throw CircuitError.unknownAnsatz(nameOrPath) }
        return try gateList(
            try InputFile.read(nameOrPath, limit: InputFile.textLimit), path: nameOrPath)
    }

    /// The circuit written in a gate-list file.
    ///
    /// - Parameters:
    ///   - data: the JSON text.
    ///   - path: where it came from, for messages; its last part names a circuit that has no name.
    public static func gateList(_ data: some Sequence<UInt8>, path: String) throws -> Ansatz {
        let list: GateList
        do {
            list = try JSONDocument.decode(GateList.self, from: data)
        } catch {
            throw CircuitError.file(path: path, problem: error.text)
        }
        let name = list.name ?? URL(filePath: path).deletingPathExtension().lastPathComponent
        do {
            return Ansatz(
                circuit: try Circuit(
                    name: name, ioQubits: list.ioQubits, memoryQubits: list.memoryQubits, gates: list.gates,
                    parameterCount: list.parameterCount))
        } catch let error as CircuitError {
            throw CircuitError.file(path: path, problem: error.description)
        }
    }

    private struct GateList: Decodable {
        let name: String?
        let ioQubits: Int
        let memoryQubits: Int
        let gates: [Gate]
        let parameterCount: Int?
        // What `sqsnn neuron circuit --json` adds, and the gates say already: its output is such a file too.
        let isRealGauge: Bool?
        let unitary: [[[Double]]]?
        let openqasm: String?
    }
}
