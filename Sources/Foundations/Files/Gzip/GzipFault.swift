/// What is wrong with a gzip stream. Counts are in bytes.
public enum GzipFault: Hashable, Sendable, CustomStringConvertible {
    /// It stops before its end.
    case truncated(inflated: Int)
    /// It makes no sense, or its check sum differs.
    case corrupt(inflated: Int, reason: String)

    public var description: String {
        switch self {
        case .truncated(let inflated):
            "the gzip stream stops before its end, after \(inflated) inflated bytes"
        case .corrupt(let inflated, let reason):
            "the gzip stream is corrupt after \(inflated) inflated bytes (\(reason))"
        }
    }
}
