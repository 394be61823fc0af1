/// What `/proc/cpuinfo` says about the processor.
struct Processor: Sendable {
    let model: String
    let features: Set<String>

    /// Features that the hot loops can use, in the order of the report.
    private static let relevant = [
        "sse4_2", "popcnt", "avx", "avx2", "fma", "bmi2", "avx512f", "avx512bw", "asimd",
    ]

    init(cpuInformation: String) {
        func value(_ keys: [String]) -> String? {
            for line in cpuInformation.split(separator: "\n") {
                let parts = line.split(separator: ":", maxSplits: 1)
                guard parts.count == 2 else { continue }
                let key = parts[0].filter { !$0.isWhitespace }
                if keys.contains(key) { return parts[1].split(separator: " ").joined(separator: " ") }
            }
            return nil
        }
        model = value(["modelname", "Model", "Hardware", "CPUpart"]) ?? "unknown"
        features = Set((value(["flags", "Features"]) ?? "").split(separator: " ").map(String.init))
    }

    var finding: Finding {
        let named = Self.relevant.filter(features.contains).joined(separator: " ")
        return Finding("processor", .ok, named.isEmpty ? model : "\(model) (\(named))")
    }
}

/// What `/proc/meminfo` says about the memory.
struct Memory: Sendable {
    /// In kibibytes; `nil` when the system does not tell.
    let total: Int?
    let available: Int?

    /// Training 784-1000-10 on 60,000 images needs under 700 MB.
    private static let sufficient = 700_000

    init(memoryInformation: String) {
        func kibibytes(_ key: String) -> Int? {
            let line = memoryInformation.split(separator: "\n").first { $0.hasPrefix(key + ":") }
            return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        }
        total = kibibytes("MemTotal")
        available = kibibytes("MemAvailable")
    }

    var finding: Finding {
        guard let total, let available else { return Finding("memory", .ok, "size not known") }
        func gigabytes(_ kibibytes: Int) -> String {
            let tenths = kibibytes * 1024 / 100_000_000
            return "\(tenths / 10).\(tenths % 10) GB"
        }
        let found = "\(gigabytes(available)) free of \(gigabytes(total))"
        return available >= Self.sufficient
            ? Finding("memory", .ok, found)
            : Finding(
                "memory", .warning, found, remedy: "free 700 MB, or train with --limit and a smaller --hidden"
            )
    }
}
