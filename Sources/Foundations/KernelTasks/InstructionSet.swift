import FoundationEssentials

/// The instruction-set level that the hot loops run at, chosen once at start-up.
public enum InstructionSet: String, Sendable, CaseIterable, Comparable {
    case v2, v3, v4

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    /// The widest level that this CPU has.
    public static let best: InstructionSet = {
        #if arch(x86_64)
            let flags = cpuFlags()
            let wide: Set = ["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"]
            if flags.isSuperset(of: wide) { return .v4 }
            let middle: Set = ["avx2", "bmi1", "bmi2", "f16c", "fma", "movbe"]
            if flags.isSuperset(of: middle) { return .v3 }
        #endif
        return .v2
    }()

    /// The level in use: ``best``, or a narrower one that the environment variable `SQSNN_CPU` names.
    public static let current: InstructionSet = {
        let named = ProcessInfo.processInfo.environment["SQSNN_CPU"].flatMap(InstructionSet.init(rawValue:))
        return min(named ?? best, best)
    }()

    /// What is wrong with `SQSNN_CPU`, nil if nothing is: programs say so before they begin.
    public static var environmentProblem: String? {
        guard let text = ProcessInfo.processInfo.environment["SQSNN_CPU"] else { return nil }
        guard let named = InstructionSet(rawValue: text) else {
            return "SQSNN_CPU: found '\(text)', expected v2, v3 or v4; unset it for the best this CPU has"
        }
        return named <= best
            ? nil : "SQSNN_CPU: found \(text), but this CPU has at most \(best.rawValue); unset the variable"
    }

    private static func cpuFlags() -> Set<String> {
        guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix("flags") })
        else { return [] }
        return Set(line.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init))
    }
}
