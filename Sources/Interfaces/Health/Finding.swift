import Files

/// What a check found out.
public struct Finding: Sendable, Hashable, Encodable {
    public enum Status: String, Sendable, Encodable {
        /// As it should be.
        case ok
        /// Work is possible, but something is limited or odd.
        case warning
        /// Something needed is absent or broken.
        case missing
    }

    /// What was checked, in a word or two.
    public let check: String
    public let status: Status
    public let found: String
    /// What to do about it; `nil` when nothing needs to be done.
    public let remedy: String?

    init(_ check: String, _ status: Status, _ found: String, remedy: String? = nil) {
        self.check = check
        self.status = status
        self.found = found
        self.remedy = remedy
    }
}

/// The findings of `sqsnn doctor`.
public struct Diagnosis: Sendable, Hashable, Encodable {
    public let findings: [Finding]
    /// Whether nothing needed is absent.
    public let usable: Bool

    init(_ findings: [Finding]) {
        self.findings = findings
        usable = !findings.contains { $0.status == .missing }
    }

    /// The findings as lines for people: status, check, what was found, and the remedy below it.
    public var lines: [String] {
        let column = findings.map(\.check.count).max() ?? 0
        return findings.flatMap { finding in
            let check = finding.check + String(repeating: " ", count: column - finding.check.count)
            let status = finding.status.rawValue
            let line = "\(status)\(String(repeating: " ", count: 9 - status.count))\(check)  \(finding.found)"
            let indentation = String(repeating: " ", count: 11 + column)
            return [line] + (finding.remedy.map { ["\(indentation)→ \($0)"] } ?? [])
        }
    }
}

/// Thrown at the end of a diagnosis that found something needed absent, for the exit code.
public struct NotUsable: DescribedError {
    let diagnosis: Diagnosis
    public init(_ diagnosis: Diagnosis) { self.diagnosis = diagnosis }

    public var category: ErrorCategory { .failure }
    public var description: String {
        let missing = diagnosis.findings.filter { $0.status == .missing }.map(\.check)
        return "not usable as it is: \(missing.joined(separator: ", ")); do what the lines with an arrow say"
    }
}
