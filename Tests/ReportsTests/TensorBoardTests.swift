import Files
import Foundation
import TestSupport
import Testing

@testable import Reports

/// Event files of TensorBoard.
struct TensorBoardTests {
    // RFC 3720, appendix B.4.
    @Test("CRC-32C of the examples of RFC 3720")
    func checksums() {
        #expect(TensorBoardEvents.checksum([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
        #expect(TensorBoardEvents.checksum([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
        #expect(TensorBoardEvents.checksum((0..<32).map { UInt8($0) }) == 0x46DD_794E)
    }

    @Test(
        "TensorBoard's own reader finds every value",
        .enabled(if: Python.has("tensorboard"), "python3 has no tensorboard"))
    func readBack() throws {
        let folder = try TemporaryFolder()
        var events = TensorBoardEvents(time: 1_700_000_000.5)
        for step in [1, 2, 300] {
            events.add(
                step: step, time: 1_700_000_001 + Double(step),
                [("accuracy/test", 0.25 * Double(step)), ("loss", 1 / Double(step))])
        }
        try AtomicFile.write(
            events.bytes, to: folder.path(TensorBoardEvents.fileName(time: 1_700_000_000.5)))
        let printed = try Python.run(
            """
            import sys
            from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
            found = EventAccumulator(sys.argv[1]).Reload()
            for tag in sorted(found.Tags()["scalars"]):
                for event in found.Scalars(tag):
                    print(tag, event.step, event.wall_time, round(event.value, 6))
            """, folder.path)
        #expect(
            String(decoding: printed, as: UTF8.self) == """
                accuracy/test 1 1700000002.0 0.25
                accuracy/test 2 1700000003.0 0.5
                accuracy/test 300 1700000301.0 75.0
                loss 1 1700000002.0 1.0
                loss 2 1700000003.0 0.5
                loss 300 1700000301.0 0.003333

                """)
    }
}
