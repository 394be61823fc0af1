#if HDF5
    import CHDF5Child

    extension HDF5File {
        /// What the file holds, at most so many names, in the order of the names.
        ///
        /// - Throws: ``HDF5Error/damaged(path:name:_:)``.
        package func entries(limit: Int = 100) throws(HDF5Error) -> [HDF5Entry] {
            let request = HDF5Child.Request(operation: HDF5_LIST, count: limit)
            let reply = try ask(request, name: "", largest: 1 << 24)
            return try entries(of: reply, name: "")
        }

        /// What a name leads to.
        ///
        /// - Parameter name: path from the root group, `train/data` for one.
        /// - Throws: ``HDF5Error/damaged(path:name:_:)``, for a name that is not there as well.
        package func entry(_ name: String) throws(HDF5Error) -> HDF5Entry {
            let request = HDF5Child.Request(operation: HDF5_DESCRIBE, name: name)
            let reply = try ask(request, name: name, largest: 1 << 24)
            guard let entry = try entries(of: reply, name: name).first else {
                throw damaged(name, .unreadable(reason: "it is not described"))
            }
            return entry
        }

        /// An array, whose size the file can hold.
        ///
        /// - Throws: ``HDF5Error/damaged(path:name:_:)``.
        package func array(_ name: String) throws(HDF5Error) -> HDF5Array {
            switch try entry(name) {
            case .array(let array):
                try requirePossible(array)
                return array
            case .elsewhere: throw damaged(name, .elsewhere)
            case .group: throw damaged(name, .unreadable(reason: "found a group, expected an array"))
            case .unreadable: throw damaged(name, .unreadable(reason: "what it is makes no sense"))
            }
        }

        /// An array of this shape.
        ///
        /// - Throws: ``HDF5Error/damaged(path:name:_:)``.
        package func array(_ name: String, dimensions: [Int]) throws(HDF5Error) -> HDF5Array {
            let array = try array(name)
            guard array.dimensions == dimensions else {
                throw damaged(name, .wrongShape(found: array.dimensions, expected: dimensions))
            }
            return array
        }

        /// Whole numbers of some rows, last dimension fastest; all rows where none are named.
        ///
        /// - Parameter field: of arrays of records.
        /// - Throws: ``HDF5Error/damaged(path:name:_:)``.
        package func integers(
            _ array: HDF5Array, field: Int = 0, rows: Range<Int>? = nil
        ) throws(HDF5Error) -> [Int64] {
            let element = array.fields[field].element
            guard element.isWhole, !array.varies else {
                throw damaged(
                    array.name, .wrongType(found: "\(element)", expected: "integers of at most 64 bits"))
            }
            let isWide = element == .integer(bytes: 8, isSigned: false)
            return try numbers(isWide ? HDF5_UNSIGNED : HDF5_SIGNED, array, field, rows) {
                isWide ? Int64(exactly: $0) : Int64(bitPattern: $0)
            }
        }

        /// Floating-point numbers of some rows, last dimension fastest; all rows where none are named.
        ///
        /// - Parameter field: of arrays of records.
        /// - Throws: ``HDF5Error/damaged(path:name:_:)``.
        package func reals(
            _ array: HDF5Array, field: Int = 0, rows: Range<Int>? = nil
        ) throws(HDF5Error) -> [Double] {
            let element = array.fields[field].element
            guard element.isFloatingPoint, !array.varies else {
                throw damaged(
                    array.name,
                    .wrongType(found: "\(element)", expected: "floating-point numbers of at most 64 bits"))
            }
            return try numbers(HDF5_REAL, array, field, rows) { Double(bitPattern: $0) }
        }

        /// The whole numbers of one row of an array whose rows vary in length.
        ///
        /// - Throws: ``HDF5Error/damaged(path:name:_:)``.
        package func integerSequence(_ array: HDF5Array, row: Int) throws(HDF5Error) -> [Int64] {
            try requireSequences(array, "integers", array.fields[0].element.isWhole)
            return try sequence(HDF5_SIGNED, array, row).map { Int64(bitPattern: $0) }
        }

        /// The floating-point numbers of one row of an array whose rows vary in length.
        ///
        /// - Throws: ``HDF5Error/damaged(path:name:_:)``.
        package func realSequence(_ array: HDF5Array, row: Int) throws(HDF5Error) -> [Double] {
            try requireSequences(array, "floating-point numbers", array.fields[0].element.isFloatingPoint)
            return try sequence(HDF5_REAL, array, row).map { Double(bitPattern: $0) }
        }

        /// The whole numbers of an attribute; nil where there is none, or it holds something else.
        ///
        /// - Throws: ``HDF5Error/damaged(path:name:_:)``.
        package func attribute(_ attribute: String, of name: String) throws(HDF5Error) -> [Int64]? {
            let request = HDF5Child.Request(operation: HDF5_ATTRIBUTE, name: name, type: attribute)
            let reply = try ask(request, name: name, largest: 1 << 16)
            return reply.isEmpty ? nil : Self.words(reply).map { Int64(bitPattern: $0) }
        }

        /// Ends the process as a broken file would, for tests: by a signal; 0 for a loop, -1 for memory without end.
        package func breakLibrary(_ how: Int) throws(HDF5Error) {
            _ = try ask(HDF5Child.Request(operation: HDF5_BREAK, first: how), name: "", largest: 0)
        }

        // MARK: - Asking

        private func ask(
            _ request: HDF5Child.Request, name: String, largest: Int
        ) throws(HDF5Error) -> [UInt8] {
            let reply: HDF5Child.Reply
            do throws(ArrayFault) { reply = try child.ask(request, largest: largest) } catch {
                throw damaged(name, error)
            }
            switch reply.status {
            case HDF5_ABSENT:
                throw damaged(name, .absent(found: try entries(of: reply.bytes, name: name).map(\.name)))
            case HDF5_PACKED: throw damaged(name, .missingFilter(HDF5Child.message(reply)))
            case HDF5_ELSEWHERE: throw damaged(name, .elsewhere)
            default: return reply.bytes
            }
        }

        /// Bytes of a request's numbers, and of one row at most.
        private static var pieceSize: Int { 1 << 23 }
        private static var rowLimit: Int { 1 << 28 }

        private func numbers<Number>(
            _ kind: hdf5_numbers, _ array: HDF5Array, _ field: Int, _ rows: Range<Int>?,
            _ number: (UInt64) -> Number?
        ) throws(HDF5Error) -> [Number] {
            try requirePossible(array)
            let rows = rows ?? 0..<array.rowCount
            guard let rowSize = array.rowSize, rowSize <= Self.rowLimit / 8 else {
                throw damaged(
                    array.name, .impossibleSize(dimensions: array.dimensions, largest: Self.rowLimit))
            }
            let step = max(1, Self.pieceSize / 8 / max(1, rowSize))
            var numbers: [Number] = []
            numbers.reserveCapacity(min(rows.count * rowSize, Self.pieceSize))
            for first in stride(from: rows.lowerBound, to: rows.upperBound, by: step) {
                let count = min(step, rows.upperBound - first)
                let request = HDF5Child.Request(
                    operation: HDF5_READ, kind: kind.rawValue, first: first, count: count, name: array.name,
                    type: array.fields[field].name)
                let size = 8 * count * rowSize
                let bytes = try ask(request, name: array.name, largest: size)
                guard bytes.count == size else {
                    throw damaged(array.name, .unreadable(reason: "\(bytes.count) of \(size) bytes came"))
                }
                for word in Self.words(bytes) {
                    guard let number = number(word) else {
                        throw damaged(
                            array.name,
                            .outOfRange(
                                value: "\(word)", position: rows.lowerBound * rowSize + numbers.count,
                                expected: "at most \(Int64.max)"))
                    }
                    numbers.append(number)
                }
            }
            return numbers
        }

        private func sequence(
            _ kind: hdf5_numbers, _ array: HDF5Array, _ row: Int
        ) throws(HDF5Error) -> ArraySlice<UInt64> {
            let request = HDF5Child.Request(
                operation: HDF5_READ, kind: kind.rawValue, first: row, count: 1, name: array.name)
            let words = Self.words(try ask(request, name: array.name, largest: Self.rowLimit))
            guard let length = words.first, length == words.count - 1 else {
                throw damaged(array.name, .unreadable(reason: "row \(row) has not the length that it claims"))
            }
            return words.dropFirst()
        }

        private func requireSequences(
            _ array: HDF5Array, _ kind: String, _ isRight: Bool
        ) throws(HDF5Error) {
            guard array.varies, array.dimensions.count == 1, isRight else {
                throw damaged(
                    array.name,
                    .wrongType(found: "\(array)", expected: "a list of sequences of \(kind)"))
            }
        }

        /// The numbers, if the file can hold as many.
        private func requirePossible(_ array: HDF5Array) throws(HDF5Error) {
            let largest = largestSize(isChunked: array.isChunked)
            let sizes = array.fields.map { field in
                switch field.element {
                case .integer(let bytes, _), .floatingPoint(let bytes): bytes
                default: 1
                }
            }
            var size = array.varies ? 16 : max(1, sizes.reduce(0, +))
            for dimension in array.dimensions {
                let (product, overflow) = size.multipliedReportingOverflow(by: dimension)
                guard !overflow, product <= largest else {
                    throw damaged(
                        array.name, .impossibleSize(dimensions: array.dimensions, largest: largest))
                }
                size = product
            }
        }

        private static func words(_ bytes: [UInt8]) -> [UInt64] {
            bytes.withUnsafeBytes { bytes in
                (0..<bytes.count / 8).map { bytes.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self) }
            }
        }

        // MARK: - Entries

        private func entries(of bytes: [UInt8], name: String) throws(HDF5Error) -> [HDF5Entry] {
            var rest = bytes[...]
            var entries: [HDF5Entry] = []
            while !rest.isEmpty {
                guard let entry = Self.entry(&rest) else {
                    throw damaged(name, .unreadable(reason: "what it holds makes no sense"))
                }
                entries.append(entry)
            }
            return entries
        }

        private static func entry(_ bytes: inout ArraySlice<UInt8>) -> HDF5Entry? {
            guard let entry = take(hdf5_entry.self, from: &bytes),
                let name = text(Int(entry.name_length), from: &bytes)
            else { return nil }
            switch hdf5_entry_kind(entry.kind) {
            case HDF5_GROUP: return .group(name)
            case HDF5_ARRAY, HDF5_LINK: break
            default: return .unreadable(name)
            }
            var fields: [HDF5Array.Field] = []
            for _ in 0..<entry.field_count {
                guard let field = take(hdf5_field.self, from: &bytes),
                    let label = text(Int(field.name_length), from: &bytes)
                else { return nil }
                fields.append(HDF5Array.Field(name: label, element: HDF5Element(field)))
            }
            guard hdf5_entry_kind(entry.kind) == HDF5_ARRAY, !fields.isEmpty else { return .elsewhere(name) }
            let sizes = withUnsafeBytes(of: entry.dimensions) { Array($0.bindMemory(to: UInt64.self)) }
            return .array(
                HDF5Array(
                    name: name, dimensions: sizes.prefix(Int(entry.rank)).map { Int(clamping: $0) },
                    fields: fields, isRecord: entry.is_record != 0, varies: entry.varies != 0,
                    isChunked: entry.is_chunked != 0))
        }

        private static func take<Value: BitwiseCopyable>(
            _ type: Value.Type, from bytes: inout ArraySlice<UInt8>
        ) -> Value? {
            let size = MemoryLayout<Value>.size
            guard bytes.count >= size else { return nil }
            defer { bytes = bytes.dropFirst(size) }
            return bytes.withUnsafeBytes { $0.loadUnaligned(as: type) }
        }

        private static func text(_ count: Int, from bytes: inout ArraySlice<UInt8>) -> String? {
            guard bytes.count >= count else { return nil }
            defer { bytes = bytes.dropFirst(count) }
            return String(decoding: bytes.prefix(count), as: UTF8.self)
        }
    }

    extension HDF5Element {
        init(_ field: hdf5_field) {
            let size = Int(field.size)
            switch hdf5_class(field.type_class) {
            case HDF5_SIGNED_INTEGER: self = .integer(bytes: size, isSigned: true)
            case HDF5_UNSIGNED_INTEGER: self = .integer(bytes: size, isSigned: false)
            case HDF5_FLOAT: self = .floatingPoint(bytes: size)
            case HDF5_TRUTH: self = .truth
            case HDF5_TEXT: self = .text
            default: self = .other
            }
        }
    }
#else
    extension HDF5File {
        package func entries(limit: Int = 100) throws(HDF5Error) -> [HDF5Entry] { throw without }
        package func entry(_ name: String) throws(HDF5Error) -> HDF5Entry { throw without }
        package func array(_ name: String) throws(HDF5Error) -> HDF5Array { throw without }
        package func array(_ name: String, dimensions: [Int]) throws(HDF5Error) -> HDF5Array { throw without }
        package func integers(
            _ array: HDF5Array, field: Int = 0, rows: Range<Int>? = nil
        ) throws(HDF5Error) -> [Int64] { throw without }
        package func reals(
            _ array: HDF5Array, field: Int = 0, rows: Range<Int>? = nil
        ) throws(HDF5Error) -> [Double] { throw without }
        package func integerSequence(_ array: HDF5Array, row: Int) throws(HDF5Error) -> [Int64] {
            throw without
        }
        package func realSequence(_ array: HDF5Array, row: Int) throws(HDF5Error) -> [Double] {
            throw without
        }
        package func attribute(_ attribute: String, of name: String) throws(HDF5Error) -> [Int64]? {
            throw without
        }

        /// No such value can be made.
        private var without: HDF5Error { .builtWithout(path: path) }
    }
#endif
