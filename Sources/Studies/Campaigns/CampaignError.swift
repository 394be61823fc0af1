import Files

/// What stopped a campaign, or is wrong with its folder.
public enum CampaignError: DescribedError, Equatable {
    case missing(String)
    /// A folder with results in the files of an earlier release.
    case formerFiles(String, name: String)
    case otherKind(String, found: String, expected: String)
    case otherSchema(String, found: Int)
    /// A folder that a process on another host works in.
    case otherHost(String, String)
    /// A database that is not a campaign's.
    case foreign(String)
    case damaged(String, problem: String)
    case malformed(String, cell: String, problem: String)
    /// - Parameter cells: those that failed, and why.
    case failed(String, [CampaignFailure])

    public var category: ErrorCategory {
        switch self {
        case .formerFiles, .otherKind: .usage
        case .missing, .otherSchema, .foreign, .damaged, .malformed: .badInput
        case .failed, .otherHost: .failure
        }
    }

    public var description: String {
        switch self {
        case .missing(let path):
            "\(path): not found; expected the folder of a campaign, made by 'sqsnn compare', 'sqsnn study' or 'sqsnn reproduce'"
        case .formerFiles(let path, let name):
            "\(path): found \(name), in which an earlier release kept results, expected \(CampaignDatabase.fileName); they "
                + "are not read: move them away to train again, or choose another --output"
        case .otherKind(let path, let found, let expected):
            "\(path): found a campaign of \(found), expected one of \(expected); choose another --output"
        case .otherSchema(let path, let found):
            "\(path): found schema \(found), expected \(CampaignDatabase.schema); use the release that made it, or choose "
                + "another --output"
        case .otherHost(let path, let host):
            "\(path): a process on \(host) is working in this folder, and campaigns are shared on one host only; wait for it, "
                + "or choose another --output"
        case .foreign(let path):
            "\(path): found another program's database, expected a campaign's; choose another folder"
        case .damaged(let path, let problem):
            "\(path): \(problem); the database is damaged: restore it from a copy, or move it away to train again"
        case .malformed(let path, let cell, let problem):
            "\(path): result of \(cell): \(problem); the database is damaged: restore it from a copy, or move it away to "
                + "train again"
        case .failed(let path, let failures):
            "\(path): \(failures.count) failed: "
                + failures.prefix(3).map { "\($0.cell) (\($0.reason))" }.joined(separator: "; ")
                + (failures.count > 3 ? "; …" : "")
                + "; the same command tries again, 'sqsnn campaign show' tells of all"
        }
    }
}

/// A cell that failed, and why.
public struct CampaignFailure: Sendable, Hashable, Codable {
    /// Its name.
    public var cell: String
    public var reason: String
}
