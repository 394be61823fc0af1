import Files

/// The bytes of a file of spikes.
///
///     SQSNN-SPIKES 1\n, SHA-256 of what follows in 64 digits, a line end; then of each part
///     samples, spikes                 8 bytes each
///     digest of its files             64 digits
///     labels                          1 byte a sample
///     events, and those in no step    8 bytes each, a sample
///     spikes of each sample and step  4 bytes
///     their inputs                    2 bytes each
///
/// All little-endian.
enum SpikeCacheFile {
    private static let signature = Array("SQSNN-SPIKES 1\n".utf8)
    /// More is not kept.
    static let sizeLimit = 1 << 34

    static func bytes(_ parts: SpikeCache.Parts) -> [UInt8] {
        var contents: [UInt8] = []
        for part in [parts.train, parts.test] {
            contents.append(numbers: [UInt64(part.labels.count), UInt64(part.spikes.inputs.count)])
            contents += part.digest.utf8
            contents += part.labels
            contents.append(
                numbers: part.spikes.events.flatMap { [UInt64($0.count), UInt64($0.outsideCount)] })
            contents.append(
                numbers: zip(part.spikes.starts.dropFirst(), part.spikes.starts).map { UInt32($0 - $1) })
            contents.append(numbers: part.spikes.inputs)
        }
        return signature + SHA256Digest.hex(of: contents).utf8 + [UInt8(ascii: "\n")] + contents
    }

    /// - Returns: nil for what this did not write.
    static func parts(
        _ bytes: [UInt8], stepCount: Int, inputCount: Int, classCount: Int
    ) -> SpikeCache.Parts? {
        let start = signature.count + 65
        guard bytes.count > start, bytes.starts(with: signature) else { return nil }
        var hasher = SHA256Hasher()
        bytes.withUnsafeBytes { hasher.update(UnsafeRawBufferPointer(rebasing: $0[start...])) }
        guard bytes[signature.count..<start - 1].elementsEqual(hasher.finalize().utf8) else { return nil }
        var rest = bytes[start...]
        func part() -> SpikeCache.Part? {
            guard let counts = rest.takeNumbers(UInt64.self, 2), let samples = Int(exactly: counts[0]),
                let spikes = Int(exactly: counts[1]), samples <= rest.count, spikes <= rest.count,
                let digest = rest.take(64), let labels = rest.take(samples),
                labels.allSatisfy({ Int($0) < classCount }),
                let events = rest.takeNumbers(UInt64.self, 2 * samples),
                let rows = rest.takeNumbers(UInt32.self, samples * stepCount),
                let inputs = rest.takeNumbers(UInt16.self, spikes),
                inputs.allSatisfy({ Int($0) < inputCount }), rows.reduce(0, { $0 + Int($1) }) == spikes
            else { return nil }
            return SpikeCache.Part(
                digest: String(decoding: digest, as: UTF8.self), labels: Array(labels),
                spikes: SpikeList(
                    rows: rows, inputs: inputs,
                    events: stride(from: 0, to: events.count, by: 2).map {
                        (Int(truncatingIfNeeded: events[$0]), Int(truncatingIfNeeded: events[$0 + 1]))
                    }))
        }
        guard let train = part(), let test = part(), rest.isEmpty else { return nil }
        return SpikeCache.Parts(train: train, test: test)
    }
}

#if _endian(big)
    #error("Numbers are written as the machine's memory, which must be little-endian.")
#endif

extension [UInt8] {
    fileprivate mutating func append<Number: FixedWidthInteger & BitwiseCopyable>(numbers: [Number]) {
        numbers.withUnsafeBytes { append(contentsOf: $0) }
    }
}

extension ArraySlice<UInt8> {
    /// Takes the first bytes; nil where there are fewer.
    fileprivate mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard count <= self.count else { return nil }
        defer { self = dropFirst(count) }
        return prefix(count)
    }

    fileprivate mutating func takeNumbers<Number: FixedWidthInteger & BitwiseCopyable>(
        _: Number.Type, _ count: Int
    ) -> [Number]? {
        let size = MemoryLayout<Number>.size
        guard let bytes = take(count * size) else { return nil }
        return bytes.withUnsafeBytes { bytes in
            (0..<count).map { bytes.loadUnaligned(fromByteOffset: $0 * size, as: Number.self) }
        }
    }
}
