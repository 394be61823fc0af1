/// The hot loops of one instruction-set level.
public struct KernelTable: Sendable {
    public let name: String
    public init(name: String) { self.name = name }
}
