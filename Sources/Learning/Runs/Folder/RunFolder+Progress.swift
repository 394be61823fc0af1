import Files
import Learning

extension RunFolder {
    /// Metrics of the epochs that are done, of a run that may be training: without the checkpoint, and without the data.
    ///
    /// - Throws: `FileError`; ``RunError/malformed(_:place:problem:)`` for a line that is none.
    public func epochsSoFar() throws -> [EpochMetrics] {
        let lines = try InputFile.read(metricsPath, limit: 1 << 30).split(separator: UInt8(ascii: "\n"))
        return try lines.enumerated().map { index, line in
            do throws(JSONDocument.Problem) {
                return try JSONDocument.decode(EpochMetrics.self, from: Array(line), .oldNames)
            } catch {
                throw RunError.malformed(
                    metricsPath, place: "line \(index + 1) \(error.place)", problem: error.problem)
            }
        }
    }
}
