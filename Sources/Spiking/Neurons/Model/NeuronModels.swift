import Files
import Synchronization

/// The neuron models by the words that files name them by.
public enum NeuronModels {
    /// Those of this library: a model more is a line more here, and a folder.
    private static let own: [any NeuronModel.Type] = [
        SQS.self, LastSpikeFeedback.self, MemorylessSQS.self, LIF.self, QLIF.self, HiddenBit.self,
        HiddenStates.self,
    ]

    private static let registered = Mutex<[any NeuronModel.Type]>([])

    /// Makes a model of a program of its own known to graph files and run folders. Twice is as good as once.
    public static func register(_ type: any NeuronModel.Type) {
        registered.withLock { types in
            if !types.contains(where: { $0 == type }) { types.append(type) }
        }
    }

    /// Those of this library and those registered.
    public static var all: [any NeuronModel.Type] { own + registered.withLock { $0 } }

    /// The words, those of this library first.
    public static var kinds: [String] { all.map { $0.kind } }

    /// A word that no model has.
    public struct UnknownKind: DescribedError {
        let kind: String
        public var category: ErrorCategory { .usage }
        public var description: String {
            "unknown model '\(kind)'; expected one of \(kinds.joined(separator: ", "))\(spellingHint(kind, among: kinds))"
        }
    }

    /// The model of a word.
    public static func type(of kind: String) throws(UnknownKind) -> any NeuronModel.Type {
        guard let type = all.first(where: { $0.kind == kind }) else { throw UnknownKind(kind: kind) }
        return type
    }
}
