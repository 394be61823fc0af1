import EventRecordings
import Testing

/// What another program's reader says of a file: the entries of `Tests/Golden/events/*.json`.
struct ReaderExpectation: Decodable {
    struct Place: Decodable {
        let x, y: UInt16
        let on: Bool
        let time: Int64

        var event: Event { Event(x: x, y: y, isOn: on, time: time) }
    }

    let count, on: Int
    let first, last: Place
    /// Σ (i mod 1009) times x, y and time since the first, i from 1.
    let sums: [Int]

    func compare(_ events: [Event], _ name: Comment? = nil) {
        #expect(events.count == count, name)
        #expect(events.count(where: \.isOn) == on, name)
        #expect(events.first == first.event, name)
        #expect(events.last == last.event, name)
        var sums = [0, 0, 0]
        for (index, event) in events.enumerated() {
            let weight = (index + 1) % 1009
            sums[0] += weight * Int(event.x)
            sums[1] += weight * Int(event.y)
            sums[2] += weight * Int(event.time - events[0].time)
        }
        #expect(sums == self.sums, name)
    }
}
