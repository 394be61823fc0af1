import Files
import FoundationEssentials

/// A program of the system that turns a description, on standard input, into a picture, on standard output.
package struct DrawingProgram: Sendable {
    package let name: String
    package let remedy: String
    private static let timeLimit = Duration.seconds(60)

    /// What the installed program says of its version; nil when there is none.
    ///
    /// - Parameter searchPath: where it is looked for.
    package func version(
        option: String, searchPath: String = ProcessInfo.processInfo.environment["PATH"] ?? ""
    ) -> String? {
        guard let program = SystemProgram(named: name, searchPath: searchPath),
            let result = try? program.run([option], timeLimit: .seconds(10)), result.status == 0
        else { return nil }
        // dot answers on standard error.
        return (result.output + result.messages).trimmed
    }

    /// - Throws: ``FigureError``, or `FileError` where the program does not start.
    func picture(_ arguments: [String], input: String) throws -> [UInt8] {
        let result = try installed().run(arguments, input: input, timeLimit: Self.timeLimit)
        guard let status = result.status else {
            throw FigureError.programFailed(name: name, reason: "no end after \(Self.timeLimit)")
        }
        guard status == 0, !result.bytes.isEmpty else {
            let lines = result.messages.split(whereSeparator: \.isNewline)
            throw FigureError.programFailed(name: name, reason: lines.last.map(String.init) ?? "no picture")
        }
        return result.bytes
    }

    /// - Throws: ``FigureError/programMissing(name:remedy:)``.
    package func requireInstalled() throws(FigureError) { _ = try installed() }

    private func installed() throws(FigureError) -> SystemProgram {
        guard let program = SystemProgram(named: name) else {
            throw .programMissing(name: name, remedy: remedy)
        }
        return program
    }
}
