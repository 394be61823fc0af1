/// What stands before the elements of a `.npy` file (numpy's format, versions 1.0 to 3.0).
///
///     0x93 NUMPY, version (2 bytes), length of the text (2 bytes, from version 2 on 4, little-endian), the text:
///     {'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }
package struct NPYHeader: Sendable, Equatable {
    /// One number of an element.
    package struct Number: Sendable, Equatable {
        package enum Kind: Character, Sendable {
            case boolean = "b"
            case signed = "i"
            case unsigned = "u"
            case float = "f"
            /// Bytes that mean nothing: padding.
            case void = "V"

            /// As numpy calls it.
            var name: String {
                switch self {
                case .boolean: "bool"
                case .signed: "int"
                case .unsigned: "uint"
                case .float: "float"
                case .void: "void"
                }
            }
        }

        package let kind: Kind
        package let size: Int
        package let isBigEndian: Bool

        /// - Parameter text: as `<i8`.
        init?(_ text: String) {
            let letters = Array(text)
            guard letters.count >= 3, "<>|=".contains(letters[0]), let kind = Kind(rawValue: letters[1]),
                let size = Int(String(letters[2...])), size > 0, size <= 65_536
            else { return nil }
            let sizes: [Int] =
                switch kind {
                case .boolean: [1]
                case .signed, .unsigned: [1, 2, 4, 8]
                case .float: [4, 8]
                case .void: [size]
                }
            guard sizes.contains(size) else { return nil }
            (self.kind, self.size, isBigEndian) = (kind, size, letters[0] == ">")
        }
    }

    /// One part of an element, all of it where it has no name.
    package struct Field: Sendable, Equatable {
        package let name: String
        package let offset: Int
        package let number: Number
    }

    /// What an element is made of, as its text.
    package let type: String
    package let fields: [Field]
    /// Bytes of an element.
    package let elementSize: Int
    package let isColumnMajor: Bool
    package let dimensions: [Int]

    package static let signature: [UInt8] = [0x93] + Array("NUMPY".utf8)
    /// Bytes before the text.
    package static let prefixSize = 12
    /// Bytes of the text at most; numpy reads no longer ones either, unless it is told to.
    package static let textLimit = 10_000

    /// Where the text lies.
    ///
    /// - Parameter start: the first ``prefixSize`` bytes.
    /// - Returns: nil for bytes that begin no such file.
    package static func textRange(_ start: ArraySlice<UInt8>) -> Range<Int>? {
        let bytes = Array(start)
        guard bytes.count == prefixSize, bytes.starts(with: signature), (1...3).contains(bytes[6]) else {
            return nil
        }
        let short = Int(bytes[8]) | Int(bytes[9]) << 8
        if bytes[6] == 1 { return 10..<10 + short }
        return 12..<12 + (short | Int(bytes[10]) << 16 | Int(bytes[11]) << 24)
    }

    /// - Returns: nil for what no array has that holds numbers, or records of numbers.
    package init?(text: ArraySlice<UInt8>) {
        guard case .dictionary(let entries)? = PythonLiteral(text),
            let order = entries["fortran_order"]?.boolean,
            let shape = entries["shape"]?.list, let type = entries["descr"]
        else { return nil }
        var (fields, offset): ([Field], Int) = ([], 0)
        for part in type.list ?? [.list([.text(""), type])] {
            guard let pair = part.list, pair.count == 2, let name = pair[0].text,
                let number = pair[1].text.flatMap(Number.init)
            else { return nil }
            if number.kind != .void { fields.append(Field(name: name, offset: offset, number: number)) }
            offset += number.size
        }
        var dimensions: [Int] = []
        for size in shape {
            guard let size = size.integer, size >= 0 else { return nil }
            dimensions.append(size)
        }
        guard !fields.isEmpty, offset <= 4096 else { return nil }
        self.type = fields.map {
            ($0.name.isEmpty ? "" : "\($0.name): ") + "\($0.number.kind.name)\(8 * $0.number.size)"
        }
        .joined(separator: ", ")
        (self.fields, elementSize, isColumnMajor, self.dimensions) = (fields, offset, order, dimensions)
    }

    /// Elements; nil where they are more than there are bytes in a file.
    package var count: Int? {
        dimensions.reduce(1 as Int?) { product, size in
            product.flatMap { product in
                let (result, isBeyond) = product.multipliedReportingOverflow(by: size)
                return isBeyond ? nil : result
            }
        }.flatMap { $0.multipliedReportingOverflow(by: elementSize).overflow ? nil : $0 }
    }
}

extension NPYHeader.Field {
    /// The number of the element that begins at an index, as a whole one; nil where it is none, or not within Int64.
    package func integer(_ bytes: ArraySlice<UInt8>, _ element: Int) -> Int64? {
        let start = element + offset
        var bits: UInt64 = 0
        for place in 0..<number.size {
            let index = number.isBigEndian ? start + place : start + number.size - 1 - place
            bits = bits << 8 | UInt64(bytes[index])
        }
        let unused = UInt64(64 - 8 * number.size)
        switch number.kind {
        case .boolean: return bits == 0 ? 0 : 1
        case .unsigned: return Int64(exactly: bits)
        case .signed: return Int64(bitPattern: bits << unused) >> Int64(unused)
        case .float:
            let value = number.size == 4 ? Double(Float(bitPattern: UInt32(bits))) : Double(bitPattern: bits)
            return Int64(exactly: value)
        case .void: return nil
        }
    }
}
