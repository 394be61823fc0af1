/// What this software calls itself in `--version`, run folders and reports.
public enum Software {
    public static let name = "swift-sqsnn"
    /// Semantic version of the package.
    public static let version = "0.1.0"
}
