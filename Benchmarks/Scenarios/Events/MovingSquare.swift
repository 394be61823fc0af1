import Compute
import EventRecordings

/// The events of a square before a camera of 128 × 128 pixels: seeded, so that every run and every reader has the same.
enum MovingSquare {
    /// A recording whose times fit into the 23 bits of ATIS: about 1.6 events a microsecond at four million.
    static func recording(eventCount: Int) -> EventRecording {
        var random = RandomStream(seed: 1, purpose: .augmentation).generator(sample: 0, step: 0)
        let duration = 2_500_000
        let events = (0..<eventCount).map { index in
            // One draw an event: two times five bits for the place in the square, one for the polarity.
            let bits = random.next()
            let time = index * duration / eventCount
            let corner = time * 96 / duration
            return Event(
                x: UInt16(corner + Int(bits & 31)), y: UInt16(corner + Int(bits >> 8 & 31)),
                isOn: bits >> 16 & 1 == 1, time: Int64(time))
        }
        return EventRecording(events: events, sensor: EventSensor(width: 128, height: 128))
    }
}
