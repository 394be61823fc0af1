import Runs

extension DataKey: ExpressibleByStringLiteral {
    /// Of images, by the name of the data set.
    public init(stringLiteral name: String) { self.init(name) }
}
