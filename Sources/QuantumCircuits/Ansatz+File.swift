import Diagnostics
import Foundation

extension Ansatz {
    /// A named circuit, or the gate list in a file.
    ///
    /// The file holds `{"io_qubits": N, "memory_qubits": M, "gates": [...]}`, and if wanted a `"name"` and a
    /// `"parameter_count"` (by default one more than the largest index used); see ``Gate`` for the gates. A name of the catalogue wins over a file of that name.
    /// - Throws: ``CircuitError``; an unknown name that does not look like a path gets the catalogue's list.
    public static func load(_ nameOrPath: String) throws -> Ansatz {
        if let known = try? named(nameOrPath) { return known }
        let isPath =
            nameOrPath.contains("/") || nameOrPath.hasSuffix(".json")
            || FileManager.default.fileExists(atPath: nameOrPath)
        guard isPath else { throw CircuitError.unknownAnsatz(nameOrPath) }
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: nameOrPath))
        } catch {
            throw CircuitError.file(
                path: nameOrPath,
                problem: "cannot be read; give the path of a JSON gate list or a known ansatz")
        }
        return try gateList(data, path: nameOrPath)
    }

    /// The circuit written in a gate-list file.
    ///
    /// - Parameters:
    ///   - data: the JSON text.
    ///   - path: where it came from, for messages; its last part names a circuit that has no name.
    public static func gateList(_ data: Data, path: String) throws -> Ansatz {
        let list: GateList
        do {
            list = try JSONDocument.decode(GateList.self, from: data)
        } catch {
            let place = error.place.isEmpty ? "" : "\(error.place): "
            throw CircuitError.file(path: path, problem: place + error.problem)
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

        enum CodingKeys: String, CodingKey {
            case name, gates
            case ioQubits = "io_qubits"
            case memoryQubits = "memory_qubits"
            case parameterCount = "parameter_count"
        }
    }
}
