import TestSupport

/// A folder as that of N-MNIST, with a recording of each class in each part: 200 events in 100 ms.
struct RecordedDigits {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        for part in ["Train", "Test"] {
            for label in 0..<10 {
                try folder.write(Self.recording(label), as: "n-mnist/\(part)/\(label)/1.bin")
            }
        }
    }

    static func recording(_ label: Int) -> [UInt8] {
        (0..<200).flatMap { (number: Int) -> [UInt8] in
            let time = number * 500
            let (x, y) = (UInt8((number * 7 + label) % 34), UInt8((number * 5 + label * 3) % 34))
            let polarity: UInt8 = number % 2 == 0 ? 128 : 0
            return [x, y, polarity | UInt8(time >> 16), UInt8(time >> 8 & 255), UInt8(time & 255)]
        }
    }

    /// Calls the tool in the folder, where it finds the recordings and keeps nothing.
    func call(_ arguments: [String]) throws -> CommandResult {
        try runCommand(
            arguments, environment: ["SQSNN_DATA": folder.path, "SQSNN_CACHE": "off"], folder: folder.path)
    }
}
