import Compute

extension InstructionSet {
    /// The levels that the CPU under test can run.
    static var available: [InstructionSet] { allCases.filter { $0 <= best } }
}
