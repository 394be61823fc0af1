/// What the header of an AEDAT 4 file says of its streams, in XML: a node a stream, whose name is its number.
///
/// Of XML it has elements with attributes, `node` within each other and `attr` with a text, and no more is read here: the parser that
/// comes with Foundation ends the process at a byte that is no UTF-8.
struct AEDAT4Description {
    /// The streams of events, in their order.
    private(set) var eventStreams: [Int] = []
    /// Of the first of them.
    private(set) var sensor: EventSensor?

    init(_ text: ArraySlice<UInt8>) {
        for (stream, attributes) in Self.streams(String(decoding: text, as: UTF8.self))
            .sorted(by: { $0.key < $1.key }) where attributes["typeIdentifier"] == "EVTS"
        {
            eventStreams.append(stream)
            sensor =
                sensor
                ?? EventSensor(
                    ofHeader: attributes["sizeX"].flatMap(Int.init), attributes["sizeY"].flatMap(Int.init))
        }
    }

    /// The texts of each stream, its own and those of the nodes within it, by their keys.
    private static func streams(_ text: String) -> [Int: [String: String]] {
        var streams: [Int: [String: String]] = [:]
        // Names of the nodes that are open: outInfo, stream, …
        var names: [String] = []
        for part in text.split(separator: "<") {
            let pieces = part.split(separator: ">", maxSplits: 1, omittingEmptySubsequences: false)
            let tag = pieces[0]
            if tag.hasPrefix("node") {
                if !tag.hasSuffix("/") { names.append(attribute("name", of: tag) ?? "") }
            } else if tag.hasPrefix("/node") {
                _ = names.popLast()
            } else if tag.hasPrefix("attr"), pieces.count == 2, names.count > 1, names[0] == "outInfo",
                let stream = Int(names[1]), let key = attribute("key", of: tag)
            {
                streams[stream, default: [:]][key] = String(pieces[1])
            }
        }
        return streams
    }

    private static func attribute(_ name: String, of tag: Substring) -> String? {
        let pieces = tag.split(separator: "\"", omittingEmptySubsequences: false)
        for index in stride(from: 0, to: pieces.count - 1, by: 2) where pieces[index].hasSuffix(" \(name)=") {
            return String(pieces[index + 1])
        }
        return nil
    }
}
