import Files

/// The columns, rows, times and polarities of events, each in an array: of records all four in the same one.
struct EventColumns {
    struct Column {
        let field: NPYHeader.Field
        /// Bytes from one element to the next.
        let size: Int
        var elements: ArraySlice<UInt8>

        func integer(_ place: Int) -> Int64? {
            field.integer(elements, elements.startIndex + place * size)
        }
    }

    /// Four, in the order of ``EventFields/names``.
    private let columns: [Column]
    /// As many numbers fit into the first cache.
    private static let blockSize = 512

    init(_ columns: [Column]) { self.columns = columns }

    /// Appends events.
    ///
    /// - Parameter sensor: that they must lie on; nil for any.
    /// - Returns: the first one that makes no sense, and why; events before it were appended.
    func append(
        _ places: Range<Int>, _ sensor: EventSensor?, to events: inout [Event]
    ) -> (place: Int, fault: EventFault)? {
        events.reserveCapacity(events.count + places.count)
        var numbers = columns.map { _ in [Int64](repeating: 0, count: min(Self.blockSize, places.count)) }
        for start in stride(from: places.lowerBound, to: places.upperBound, by: Self.blockSize) {
            let block = start..<min(start + Self.blockSize, places.upperBound)
            var count = block.count
            for (index, column) in columns.enumerated() {
                count = min(
                    count,
                    column.field.readIntegers(
                        column.elements, size: column.size, block, into: &numbers[index]))
            }
            let (x, y, times, polarities) = (numbers[0], numbers[1], numbers[2], numbers[3])
            for index in 0..<count {
                guard let x = UInt16(exactly: x[index]), let y = UInt16(exactly: y[index]) else {
                    return fault(start + index)
                }
                let event = Event(x: x, y: y, isOn: polarities[index] > 0, time: times[index])
                if let sensor, !sensor.contains(event) { return (start + index, .offSensor(event, sensor)) }
                events.append(event)
            }
            if count < block.count { return fault(start + count) }
        }
        return nil
    }

    /// What is wrong with an event, by the words for it.
    private func fault(_ place: Int) -> (Int, EventFault)? {
        let numbers = columns.map { $0.integer(place) }
        do throws(EventFault) {
            _ = try EventFields.event(numbers[0], numbers[1], numbers[2], numbers[3])
            return nil
        } catch {
            return (place, error)
        }
    }
}
