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
