import EventRecordings
import Files

/// The pictures of a recording as files.
public enum EventPictures {
    /// One kind of them, by the ending of a file's name.
    public enum Kind: String, Sendable, CaseIterable {
        /// ``EventFigure``.
        case figure = ".svg"
        /// ``EventFrames/animation(slowness:)``.
        case animation = ".png"
        /// ``EventPage``.
        case page = ".html"

        /// The kind that the name of a file says; nil for another one.
        public init?(ofFile path: String) {
            guard let kind = Self.allCases.first(where: { path.hasSuffix($0.rawValue) }) else { return nil }
            self = kind
        }
    }

    /// Writes all pictures into a folder that is there.
    ///
    /// - Parameter slowness: as of ``EventFrames/animation(slowness:)``.
    /// - Returns: the files written.
    /// - Throws: ``FigureError``, `FileError`.
    public static func write(_ preview: EventPreview, slowness: Double, folder: String) throws -> [String] {
        let (frames, figure) = (try EventFrames(preview), EventFigure(preview))
        // The longest first, which says what cannot be before anything is written.
        let files: [(String, [UInt8])] = [
            ("animation.png", try frames.animation(slowness: slowness)), ("frames.png", frames.sheet()),
            ("player.html", Array(try EventPage(preview).html.utf8)), ("rate.csv", Array(figure.csv.utf8)),
        ]
        for (name, bytes) in files { try AtomicFile.write(bytes, to: "\(folder)/\(name)") }
        let drawn = FigureFormat.usual.map { "\(figure.name).\($0.rawValue)" }
        for name in drawn { try figure.write(to: "\(folder)/\(name)") }
        return (files.map(\.0) + drawn).map { "\(folder)/\($0)" }
    }

    /// Writes one picture.
    ///
    /// - Throws: ``FigureError``, `FileError`.
    public static func write(_ preview: EventPreview, slowness: Double, _ kind: Kind, to path: String) throws
    {
        switch kind {
        case .figure:
            if preview.events.isEmpty { throw FigureError.noEvents(preview.title) }
            try EventFigure(preview).write(to: path)
        case .animation: try AtomicFile.write(EventFrames(preview).animation(slowness: slowness), to: path)
        case .page: try AtomicFile.write(Array(EventPage(preview).html.utf8), to: path)
        }
    }
}
