import Foundation
import TestSupport
import Testing

/// The tests of `python/`, with the engine that was built beside these.
@Suite(
    "The Python package",
    .enabled(if: Python.has("pytest") && Python.has("cffi"), "python3 has no pytest and cffi"))
struct PythonPackageTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// Files of tests; those of a folder of `python/` as it has them.
    private static let files = ["tests", "notebooks"].flatMap { folder in
        let path = root.appending(path: "python/\(folder)").path
        return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
            .filter { $0.hasPrefix("test_") && $0.hasSuffix(".py") }.map { "\(folder)/\($0)" }
    }

    @Test("its tests pass", arguments: files)
    func passes(_ file: String) throws { try pass(file) }

    private static let earlierNIR = root.appending(path: ".build/nir-earlier").path

    @Test(
        "NIR works with the version before, too",
        .enabled(
            if: FileManager.default.fileExists(atPath: earlierNIR),
            "Scripts/test puts that into \(earlierNIR)"))
    func passesEarlier() throws { try pass("tests/test_nir.py", packages: [Self.earlierNIR]) }

    private func pass(_ file: String, packages: [String] = []) throws {
        let tool = try executable()
        let result = try runProgram(
            URL(filePath: "/usr/bin/env"),
            ["python3", "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider", file],
            environment: [
                "SQSNN_TOOL": tool.path,
                "SQSNN_LIBRARY": tool.deletingLastPathComponent().appending(path: "libsqsnn-c.so").path,
                "SQSNN_HEADER": Self.root.appending(path: "Sources/Interfaces/CSQSNN/include/sqsnn.h").path,
                "PYTHONPATH": (packages + [Self.root.appending(path: "python").path]).joined(separator: ":"),
                "PYTHONDONTWRITEBYTECODE": "1",
            ], folder: Self.root.appending(path: "python").path)
        #expect(result.status == 0, "\((result.output + result.error).suffix(4000))")
    }
}
