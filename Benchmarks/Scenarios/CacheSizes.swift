/// Bytes of the first processor's data caches, as Linux tells them.
public struct CacheSizes: Sendable, Hashable {
    /// First and second level of one core; the last level, shared or not.
    public let first: Int
    public let second: Int
    public let last: Int

    /// Where the system does not tell: sizes that most processors have at least.
    static let usual = CacheSizes(first: 32 << 10, second: 512 << 10, last: 32 << 20)

    /// - Parameter folder: holds one folder `index0`, `index1` … a cache with files `level`, `type` and `size`.
    init?(folder: String) {
        func text(_ index: Int, _ name: String) -> String? {
            try? String(contentsOfFile: "\(folder)/index\(index)/\(name)", encoding: .utf8)
                .trimmed
        }
        var sizes: [Int: Int] = [:]
        var index = 0
        while let type = text(index, "type") {
            if type != "Instruction", let level = text(index, "level").flatMap({ Int($0) }),
                let size = text(index, "size").flatMap(Self.bytes)
            {
                sizes[level] = size
            }
            index += 1
        }
        guard let first = sizes[1], let second = sizes[2], let deepest = sizes.keys.max(),
            let last = sizes[deepest]
        else { return nil }
        self.init(first: first, second: second, last: last)
    }

    init(first: Int, second: Int, last: Int) {
        self.first = first
        self.second = second
        self.last = last
    }

    public static let current = CacheSizes(folder: "/sys/devices/system/cpu/cpu0/cache") ?? usual

    /// `32K` or `36M` in bytes.
    private static func bytes(_ text: String) -> Int? {
        let units: [Character: Int] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30]
        guard let suffix = text.last, let unit = units[suffix] else { return Int(text) }
        return Int(text.dropLast()).map { $0 * unit }
    }
}
