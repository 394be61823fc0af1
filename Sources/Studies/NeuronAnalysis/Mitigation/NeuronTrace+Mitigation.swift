import ErrorMitigation
import Neurons

extension NeuronTrace {
    /// Mitigates the noise of every case.
    ///
    /// - Parameter path: where the trace came from, for messages.
    /// - Throws: `NeuronError.trace` naming the case and the field at fault.
    public func mitigated(_ mitigation: NeuronMitigation, path: String) throws -> [MitigationReport] {
        let quantum = try quantumCases(path: path)
        return try forEachCase(path: path) { _, index in
            do {
                return try mitigation.report(for: quantum[index], number: index)
            } catch let error as ExtrapolationError {
                throw NeuronError.input(place: "", problem: error.description)
            } catch let error as ReadoutMitigationError {
                throw NeuronError.input(place: "noise", problem: error.description)
            }
        }
    }
}
