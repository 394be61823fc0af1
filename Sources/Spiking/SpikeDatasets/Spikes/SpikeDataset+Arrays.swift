import Files

extension SpikeDataset {
    /// Writes the set as NumPy arrays: `PART-spikes.npy`, a row (sample, step, input) of 32-bit numbers a spike, in this order, and
    /// `PART-labels.npy`, a byte a sample.
    ///
    /// - Returns: the paths.
    /// - Throws: `FileError`.
    public func writeArrays(to folder: String, part: String) throws(FileError) -> [String] {
        var rows: [UInt8] = []
        for sample in 0..<count {
            for step in 0..<stepCount {
                for input in inputs(sample: sample, step: step) {
                    for number in [UInt32(sample), UInt32(step), UInt32(input)] {
                        rows.append(littleEndian: number)
                    }
                }
            }
        }
        let spikes = NPYHeader.bytes(type: "'<u4'", [rows.count / 12, 3]) + rows
        let classes = NPYHeader.bytes(type: "'|u1'", [count]) + labels
        let files = [("\(folder)/\(part)-spikes.npy", spikes), ("\(folder)/\(part)-labels.npy", classes)]
        for (path, bytes) in files { try AtomicFile.write(bytes, to: path) }
        return files.map(\.0)
    }
}
