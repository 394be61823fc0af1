import Diagnostics

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
        case .invalidValue(let argument, let found, let expected):
            "\(argument): found '\(found)', expected \(expected)"
        }
    }
}

/// The candidate that a misspelt word most likely means, if one is close enough.
func nearestWord(to word: String, among candidates: [String]) -> String? {
    let tolerance = max(1, word.count / 3)
    let ranked = candidates.map { (word: $0, distance: editDistance(word, $0)) }
    let prefixed = candidates.filter { !word.isEmpty && $0.hasPrefix(word) }
    if let best = ranked.min(by: { $0.distance < $1.distance }), best.distance <= tolerance {
        return best.word
    }
    return prefixed.count == 1 ? prefixed.first : nil
}

/// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other
/// (optimal string alignment).
func editDistance(_ first: String, _ second: String) -> Int {
    let source = Array(first.unicodeScalars)
    let target = Array(second.unicodeScalars)
    var beforeLast: [Int] = []
    var last = Array(0...target.count)
    for row in source.indices {
        var current = [row + 1]
        for column in target.indices {
            var distance = min(
                last[column] + (source[row] == target[column] ? 0 : 1), last[column + 1] + 1,
                current[column] + 1)
            if row > 0, column > 0, source[row] == target[column - 1], source[row - 1] == target[column] {
                distance = min(distance, beforeLast[column - 1] + 1)
            }
            current.append(distance)
        }
        (beforeLast, last) = (last, current)
    }
    return last[target.count]
}
