/// How the steps of a run are used: first some that nobody looks at, then those that train the read-out, then those
/// that test it.
public struct ReservoirSchedule: Hashable, Sendable, Codable {
    /// Steps until the start in the ground state is forgotten.
    public let washout: Int
    public let trainingSteps: Int
    public let testSteps: Int

    public static let washouts = 0...1_000_000
    public static let stepCounts = 10...1_000_000

    /// - Throws: ``ReservoirError/outOfRange(name:found:expected:)``.
    public init(washout: Int = 200, trainingSteps: Int = 2000, testSteps: Int = 2000) throws {
        for (name, value, range) in [
            ("washout", washout, Self.washouts), ("training steps", trainingSteps, Self.stepCounts),
            ("test steps", testSteps, Self.stepCounts),
        ] where !range.contains(value) {
            throw ReservoirError.outOfRange(
                name: name, found: "\(value)", expected: "\(range.lowerBound) to \(range.upperBound)")
        }
        self.washout = washout
        self.trainingSteps = trainingSteps
        self.testSteps = testSteps
    }

    public var stepCount: Int { washout + trainingSteps + testSteps }
    var training: Range<Int> { washout..<washout + trainingSteps }
    var test: Range<Int> { washout + trainingSteps..<stepCount }
}
