import Files

/// A call of the tool that cannot be understood. The command line prints it with a pointer to the help
/// text of the command, and exits with 2.
public enum UsageError: DescribedError, Hashable {
    case unknownCommand(found: String, nearest: String?, expected: [String])
    case unknownOption(found: String, nearest: String?)
    case missingValue(option: String, placeholder: String)
    case unexpectedValue(flag: String, found: String)
    case repeatedOption(String)
    case missingArgument(String)
    case unexpectedArgument(String)
    /// Arguments that do not go together, in a sentence.
    case contradiction(String)
    /// `argument` as the user writes it (`--steps`, `FILE`); `expected` completes "expected …".
    case invalidValue(argument: String, found: String, expected: String)

    public var category: ErrorCategory { .usage }

    public var description: String {
        switch self {
        case .unknownCommand(let found, let nearest, let expected):
            "unknown command '\(found)'; "
                + (nearest.map { "did you mean '\($0)'?" }
                    ?? "expected one of \(expected.joined(separator: ", "))")
        case .unknownOption(let found, let nearest):
            "unknown option '\(found)'" + (nearest.map { "; did you mean '\($0)'?" } ?? "")
        case .missingValue(let option, let placeholder):
            "option '\(option)' needs a value: '\(option) \(placeholder)'"
        case .unexpectedValue(let flag, let found):
            "option '\(flag)' takes no value, found '\(found)'"
        case .repeatedOption(let option):
            "option '\(option)' is given more than once"
        case .missingArgument(let name):
            "missing argument \(name)"
        case .unexpectedArgument(let found):
            "unexpected argument '\(found)'"
        case .contradiction(let text): text
        case .invalidValue(let argument, let found, let expected):
            "\(argument): found '\(found)', expected \(expected)"
        }
    }
}
