import Foundation

/// The reader that the environment's `SQSNN_READER` names.
private let reader: FuzzedReader = {
    let name = ProcessInfo.processInfo.environment["SQSNN_READER"] ?? ""
    guard let reader = FuzzedReader(rawValue: name) else {
        let names = FuzzedReader.allCases.map(\.rawValue).joined(separator: ", ")
        FileHandle.standardError.write(Data("SQSNN_READER: found '\(name)', expected one of \(names)\n".utf8))
        exit(2)
    }
    return reader
}()

/// What libFuzzer calls with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    // An input that is refused is as good as one that is read; only a crash is not.
    try? reader.read(bytes)
    return 0
}

/// libFuzzer's own loop.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// The package manager links programs with `main` defined as this name, in place of libFuzzer's own `main`.
@_cdecl("fuzz_readers_main")
public func fuzzReadersMain(
    _ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> CInt {
    var (count, arguments) = (count, arguments)
    return runDriver(&count, &arguments, testOneInput)
}
