import EventRecordings
import TestSupport
import Testing

@testable import Benchmarks

struct EventTableTests {
    @Test("recordings of all formats hold the same events, and every row counts them")
    func rows() async throws {
        let folder = try TemporaryFolder()
        let table = try await EventTable.measure(EventWork.available, eventCount: 25_000, folder: folder.path)
        #expect(table.rows.map(\.work) == EventWork.available)
        let expected = MovingSquare.recording(eventCount: 25_000).events
        for row in table.rows {
            #expect(row.measurement.workPerRepetition == 25_000, "\(row.work)")
            guard let name = row.work.fileName else { continue }
            #expect(try EventRecording(reading: folder.path(name)).events == expected, "\(row.work)")
        }
    }
}
