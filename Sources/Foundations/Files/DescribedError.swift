/// Whose fault an error is, which decides the exit code of the command line.
public enum ErrorCategory: Sendable {
    /// The call itself is wrong: exit code 2.
    case usage
    /// A file or value given by the user is wrong: exit code 3.
    case badInput
    /// Anything else that stopped the work: exit code 1.
    case failure
}

/// An error that a user can act on: its `description` is one line that names the place (file, field),
/// what was found, what was expected, and the remedy.
///
/// Each module has one small enum that conforms to it.
public protocol DescribedError: Error, CustomStringConvertible, Sendable {
    var category: ErrorCategory { get }
}
