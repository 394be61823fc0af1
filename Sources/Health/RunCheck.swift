import Foundation
import SpikeLearning

/// Looks at the folder of a training run.
public struct RunCheck: Sendable {
    let folder: String

    public init(folder: String) { self.folder = folder }

    public var diagnosis: Diagnosis {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue
        else {
            return Diagnosis([
                Finding(
                    "run", .missing, "\(folder) is no folder",
                    remedy: "give the folder that 'sqsnn train' named at its end (its --output)")
            ])
        }
        return Diagnosis([Finding("run", .ok, folder), configuration, metrics, checkpoint] + leftovers)
    }

    private var configuration: Finding {
        object(in: "run.json", remedy: "this folder holds no run, or a damaged one; train again")
    }

    private var metrics: Finding {
        let name = "metrics.jsonl"
        guard let data = contents(name) else {
            return Finding(name, .missing, "not there", remedy: "train with --resume to write it anew")
        }
        let lines = data.split(separator: UInt8(ascii: "\n"))
        if let number = lines.firstIndex(where: { !isObject(Data($0)) }) {
            return Finding(
                name, .missing, "line \(number + 1) is no JSON object",
                remedy: "delete that line; the others are intact")
        }
        return lines.isEmpty
            ? Finding(name, .warning, "no epoch finished", remedy: "train with --resume")
            : Finding(name, .ok, "\(lines.count) lines")
    }

    private var checkpoint: Finding {
        let name = "checkpoint.safetensors"
        do {
            let file = try SafetensorsFile(readingFrom: "\(folder)/\(name)")
            let elements = file.entries.reduce(0) { $0 + $1.tensor.bytes.count / $1.tensor.elementType.size }
            return Finding(name, .ok, "\(file.entries.count) tensors, \(elements) numbers")
        } catch {
            return Finding(name, .missing, "\(error)", remedy: "restore the file from a copy, or train again")
        }
    }

    /// Files of writers that were killed.
    private var leftovers: [Finding] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasPrefix(".") && $0.hasSuffix(".partial") }.sorted().map {
            Finding("leftover", .warning, $0, remedy: "a killed process left it; delete it")
        }
    }

    private func object(in name: String, remedy: String) -> Finding {
        guard let data = contents(name) else { return Finding(name, .missing, "not there", remedy: remedy) }
        return isObject(data)
            ? Finding(name, .ok, "\(data.count) bytes of JSON")
            : Finding(name, .missing, "no JSON object", remedy: remedy)
    }

    private func contents(_ name: String) -> Data? {
        try? Data(contentsOf: URL(filePath: folder).appending(path: name))
    }

    private func isObject(_ data: Data) -> Bool {
        (try? JSONSerialization.jsonObject(with: data)) is [String: Any]
    }
}
