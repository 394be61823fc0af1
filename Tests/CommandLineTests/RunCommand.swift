import Foundation

/// The data sets that the tool knows by name, in its order.
let knownDatasets = [
    "fashion-mnist", "mnist", "kmnist", "kmnist-8k2k", "usps", "usps-1v7-full", "usps-1v7", "n-mnist",
    "n-mnist-direction", "n-mnist-saccades", "mnist-dvs", "mnist-dvs-scale8", "mnist-dvs-scale16",
    "mnist-dvs-simulated", "dvs128-gesture", "shd", "ssc",
    "spoken-digits", "spoken-digits-without-george", "spoken-digits-without-jackson",
    "spoken-digits-without-lucas",
    "spoken-digits-without-nicolas", "spoken-digits-without-theo", "spoken-digits-without-yweweler",
    "japanese-vowels", "mnist-rows",
]

/// What the tool says of another name, but for the nearest one.
func unknownDataset(_ name: String) -> String {
    "no data set is called '\(name)'; known are \(knownDatasets.joined(separator: ", "))"
}

/// What a call of the built tool gave.
struct CommandResult: Equatable {
    let status: Int32
    let output: String
    let error: String
}

/// Runs the `sqsnn` that was built beside the tests, as a user would.
///
/// - Parameters:
///   - environment: variables added to those of the tests.
///   - folder: the folder to run in; that of the tests when `nil`.
func runCommand(_ arguments: String..., environment: [String: String] = [:], folder: String? = nil) throws
    -> CommandResult
{
    try runCommand(arguments, environment: environment, folder: folder)
}

func runCommand(_ arguments: [String], environment: [String: String] = [:], folder: String? = nil) throws
    -> CommandResult
{
    try runCommand(arguments, environment: environment, folder: folder) { _, _ in }
}

/// Runs the tool, and sends it a signal as soon as its output holds a text.
func stopCommand(_ arguments: [String], signal: Int32, afterOutput text: String, folder: String) throws
    -> CommandResult
{
    try runCommand(arguments, environment: [:], folder: folder) { process, output in
        while process.isRunning {
            if String(decoding: try Data(contentsOf: output), as: UTF8.self).contains(text) {
                kill(process.processIdentifier, signal)
                return
            }
            Thread.sleep(forTimeInterval: 0.001)
        }
    }
}

/// Runs the tool, and sends it a signal as soon as a file is in its folder.
func stopCommand(_ arguments: [String], signal: Int32, afterFile name: String, folder: String) throws
    -> CommandResult
{
    try runCommand(arguments, environment: [:], folder: folder) { process, _ in
        while process.isRunning {
            if FileManager.default.fileExists(atPath: "\(folder)/\(name)") {
                kill(process.processIdentifier, signal)
                return
            }
            Thread.sleep(forTimeInterval: 0.001)
        }
    }
}

/// - Parameter meanwhile: called with the running tool and the file that its standard output goes to.
private func runCommand(
    _ arguments: [String], environment: [String: String], folder: String?,
    meanwhile: (Process, URL) throws -> Void
) throws -> CommandResult {
    try runProgram(
        executable(), arguments, environment: environment, folder: folder, meanwhile: meanwhile)
}

/// Runs any program.
func runProgram(
    _ program: URL, _ arguments: [String], environment: [String: String] = [:], folder: String? = nil,
    meanwhile: (Process, URL) throws -> Void = { _, _ in }
) throws -> CommandResult {
    let temporary = FileManager.default.temporaryDirectory.appending(path: "sqsnn-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: temporary, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: temporary) }
    let streams = try ["output", "error"].map { name in
        let url = temporary.appending(path: name)
        try Data().write(to: url)
        return (url: url, file: try FileHandle(forWritingTo: url))
    }
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    if let folder { process.currentDirectoryURL = URL(filePath: folder) }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = streams[0].file
    process.standardError = streams[1].file
    try process.run()
    try meanwhile(process, streams[0].url)
    process.waitUntilExit()
    let texts = try streams.map { String(decoding: try Data(contentsOf: $0.url), as: UTF8.self) }
    // A shell's convention for a process that a signal ended.
    let base: Int32 = process.terminationReason == .exit ? 0 : 128
    return CommandResult(status: base + process.terminationStatus, output: texts[0], error: texts[1])
}

/// Decodes what a command printed; names with underscores become those of Swift.
func decodeJSON<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(type, from: Data(text.utf8))
}

/// The tool beside the program that runs the tests: `.build/<configuration>/sqsnn`.
func executable() throws -> URL {
    let candidates =
        CommandLine.arguments.map { URL(filePath: $0).deletingLastPathComponent() }
        + [URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()]
    for folder in candidates {
        let url = folder.appending(path: "sqsnn")
        if FileManager.default.isExecutableFile(atPath: url.path) { return url }
    }
    throw NoExecutable(searched: candidates.map(\.path))
}

struct NoExecutable: Error {
    let searched: [String]
}
