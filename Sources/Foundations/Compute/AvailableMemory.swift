import Files
import Glibc

/// Memory that this process can still take, by everything that limits it: what the machine has free, the limits of the
/// process (`ulimit -v`, `ulimit -d`), and those of its control group, as in a container.
struct AvailableMemory {
    /// Limits of this process in bytes; nil for none.
    struct ProcessLimits {
        var addressSpace: Int?
        var data: Int?
    }

    /// Bytes; nil where nothing tells.
    let bytes: Int?

    /// - Parameter read: the contents of a file of the system, nil where it is not there.
    init(_ limits: ProcessLimits, read: (String) -> String?) {
        func kibibytes(_ key: String, in text: String?) -> Int? {
            let line = text?.split(separator: "\n").first { $0.hasPrefix(key + ":") }
            return line?.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first
                .flatMap { Int($0) }.map { Count.of(max($0, 0), 1024).value }
        }
        let status = read("/proc/self/status")
        var bounds = [kibibytes("MemAvailable", in: read("/proc/meminfo"))]
        if let limit = limits.addressSpace {
            bounds.append(max(limit - (kibibytes("VmSize", in: status) ?? 0), 0))
        }
        if let limit = limits.data { bounds.append(max(limit - (kibibytes("VmData", in: status) ?? 0), 0)) }
        bounds.append(Self.ofControlGroups(read))
        bytes = bounds.compactMap(\.self).min()
    }

    /// What the control groups of the process leave it: each of them and of those above it has a limit of its own.
    private static func ofControlGroups(_ read: (String) -> String?) -> Int? {
        let lines = (read("/proc/self/cgroup") ?? "").split(separator: "\n")
        let free = lines.flatMap { line -> [Int] in
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { return [] }
            let isSecond = parts[0] == "0" && parts[1].isEmpty
            guard isSecond || parts[1].split(separator: ",").contains("memory") else { return [] }
            var folders = [isSecond ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory"]
            for name in parts[2].split(separator: "/") {
                folders.append(folders[folders.count - 1] + "/\(name)")
            }
            return folders.compactMap { folder in
                func number(_ file: String) -> Int? {
                    read("\(folder)/\(file)").flatMap { Int($0.filter { !$0.isWhitespace }) }
                }
                guard let limit = number(isSecond ? "memory.max" : "memory.limit_in_bytes"),
                    let used = number(isSecond ? "memory.current" : "memory.usage_in_bytes")
                else { return nil }
                // File pages that nobody uses are given back when memory is wanted.
                let key = isSecond ? "inactive_file " : "total_inactive_file "
                let spare = (read("\(folder)/memory.stat") ?? "").split(separator: "\n")
                    .first { $0.hasPrefix(key) }.flatMap { Int($0.dropFirst(key.count)) }
                return max(limit - max(used - (spare ?? 0), 0), 0)
            }
        }
        return free.min()
    }
}

extension ProcessMemory {
    /// Bytes that this process can still take; nil where the system does not tell.
    public static var availableBytes: Int? {
        #if os(Linux)
            func limit(_ resource: __rlimit_resource) -> Int? {
                var limit = rlimit()
                guard getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0,
                    limit.rlim_cur < rlim_t(Int.max)
                else { return nil }
                return Int(limit.rlim_cur)
            }
            let limits = AvailableMemory.ProcessLimits(
                addressSpace: limit(RLIMIT_AS), data: limit(RLIMIT_DATA))
            return AvailableMemory(limits) { path in
                (try? InputFile.read(path)).map { String(decoding: $0, as: UTF8.self) }
            }.bytes
        #else
            return nil
        #endif
    }

    /// So little is not worth asking the system for.
    private static let alwaysThere = Count(1 << 26)

    /// Refuses what the machine has no memory for, before any of it is allocated.
    ///
    /// - Parameters:
    ///   - needed: bytes beyond those that the process holds.
    ///   - purpose: what needs them, as in `training`.
    ///   - remedy: what would need less.
    package static func require(_ needed: Count, for purpose: String, remedy: String) throws(MemoryError) {
        guard needed > alwaysThere, let available = availableBytes, needed.value > available else { return }
        throw .insufficient(
            purpose: purpose, needed: needed.value, available: available, remedy: remedy)
    }
}
