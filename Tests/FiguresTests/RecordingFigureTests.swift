import EventRecordings
import Files
import Foundation
import TestSupport
import Testing

@testable import Figures

/// A picture of a recording, read by Python's own zlib and nothing of ours: PNG chunks and their check sums, inflated, not filtered.
private let decoder = """
    import json, struct, sys, zlib
    data = open(sys.argv[1], "rb").read()
    assert data[:8] == b"\\x89PNG\\r\\n\\x1a\\n"
    at, frames, compressed, delays, numbers = 8, [], b"", [], []
    def end():
        global compressed
        if compressed:
            raw = zlib.decompress(compressed)
            assert len(raw) == (width + 1) * height
            rows = [raw[r * (width + 1):(r + 1) * (width + 1)] for r in range(height)]
            assert all(row[0] == 0 for row in rows)
            frames.append([list(row[1:]) for row in rows])
            compressed = b""
    while at < len(data):
        size, = struct.unpack(">I", data[at:at + 4])
        kind, body = data[at + 4:at + 8], data[at + 8:at + 8 + size]
        assert struct.unpack(">I", data[at + 8 + size:at + 12 + size])[0] == zlib.crc32(kind + body)
        at += 12 + size
        if kind == b"IHDR":
            width, height, *rest = struct.unpack(">IIBBBBB", body)
            assert rest == [8, 3, 0, 0, 0]
        elif kind == b"fcTL":
            end()
            number, w, h, x, y, num, den, dispose, blend = struct.unpack(">IIIIIHHBB", body)
            assert (w, h, x, y, dispose, blend) == (width, height, 0, 0, 0, 0)
            delays.append(num / den)
            numbers.append(number)
        elif kind == b"acTL":
            assert struct.unpack(">II", body)[1] == 0
            announced = struct.unpack(">II", body)[0]
        elif kind == b"IDAT":
            compressed += body
        elif kind == b"fdAT":
            numbers.append(struct.unpack(">I", body[:4])[0])
            compressed += body[4:]
    end()
    assert kind == b"IEND" and numbers == list(range(len(numbers)))
    assert not delays or announced == len(delays) == len(frames)
    print(json.dumps({"frames": frames, "delays": delays}))
    """

private struct Decoded: Decodable {
    let frames: [[[UInt8]]]
    let delays: [Double]
}

@Suite("Pictures of recordings")
struct RecordingFigureTests {
    private let folder: TemporaryFolder
    private let preview: EventPreview

    init() throws {
        folder = try TemporaryFolder()
        // Any numbers will do, as long as there are pixels of all four kinds.
        let events = (0..<400).map { (number: Int) -> Event in
            let (x, y) = (UInt16(number * 31 % 12), UInt16(number * 17 % 9))
            return Event(x: x, y: y, isOn: number % 7 < 4, time: 5_000_000 + Int64(number) * 250)
        }
        preview = try EventPreview(
            title: "<b>\"it's\" & 'that'</b>\u{202E}</script>{EVENTS}",
            EventRecording(
                events: events, sensor: EventSensor(width: 12, height: 9)), frameSpan: 20_000)
    }

    private func decode(_ picture: [UInt8]) throws -> Decoded {
        let program = try #require(SystemProgram(named: "python3"))
        let result = try program.run(
            [folder.write(decoder, as: "decode.py"), folder.write(picture, as: "picture.png")],
            timeLimit: .seconds(60))
        #expect(result.status == 0, "\(result.messages)")
        return try JSONDecoder().decode(Decoded.self, from: Data(result.output.utf8))
    }

    @Test("an animation has the events of the recording, frame by frame, each for its time")
    func animation() throws {
        let frames = try EventFrames(preview)
        let decoded = try decode(frames.animation(slowness: 4))
        #expect(decoded.delays == [0.08, 0.08, 0.08, 0.08, 0.08])
        #expect(frames.scale == 25)
        var kinds: Set<UInt8> = []
        for (frame, rows) in decoded.frames.enumerated() {
            // From the events alone: 1 for ON, 2 for OFF, 3 for both.
            var expected = [[UInt8]](repeating: [UInt8](repeating: 0, count: 12), count: 9)
            for event in preview.events where (event.time - 5_000_000) / 20_000 == frame {
                expected[Int(event.y)][Int(event.x)] |= event.isOn ? 1 : 2
            }
            kinds.formUnion(expected.joined())
            for (row, pixels) in rows.enumerated() {
                #expect(pixels == (0..<300).map { expected[row / 25][$0 / 25] })
            }
        }
        #expect(decoded.frames.count == 5 && kinds == [0, 1, 2, 3])
    }

    @Test("a sheet has the frames in rows, with gaps between")
    func sheet() throws {
        let decoded = try decode(EventFrames(preview).sheet())
        let rows = try #require(decoded.frames.first)
        #expect(decoded.delays.isEmpty && decoded.frames.count == 1)
        #expect(rows[0].count == 2 * 300 + 4 && rows.count == 3 * 225 + 2 * 4)
        #expect(rows[0][300..<304] == [4, 4, 4, 4] && rows[225][0] == 4)
        #expect(rows[450 + 8][302...].allSatisfy { $0 == 4 }, "the sixth place is empty")
        let marks = preview.marks(of: 3).map(\.rawValue)
        #expect(marks.indices.allSatisfy { rows[229 + $0 / 12 * 25][304 + $0 % 12 * 25] == marks[$0] })
    }

    @Test("a page has all events, and no text of others as markup")
    func page() throws {
        let page = try EventPage(preview)
        var (numbers, number, shift) = ([Int64](), Int64(0), Int64(0))
        for byte in page.packed {
            number |= Int64(byte & 127) << shift
            shift = byte > 127 ? shift + 7 : 0
            if byte < 128 {
                numbers.append(number)
                number = 0
            }
        }
        var time: Int64 = 5_000_000
        let events = stride(from: 0, to: numbers.count, by: 2).map { index in
            time += numbers[index]
            let place = numbers[index + 1] >> 1
            return Event(
                x: UInt16(place % 12), y: UInt16(place / 12), isOn: numbers[index + 1] & 1 == 1, time: time)
        }
        #expect(events == preview.events)
        let html = page.html
        #expect(html.contains(Data(page.packed).base64EncodedString()))
        #expect(
            html.contains(
                "<title>&lt;b&gt;&quot;it&#39;s&quot; &amp; &#39;that&#39;&lt;/b&gt;\\u{202E}&lt;/script&gt;{EVENTS}</title>"
            ))
        #expect(html.components(separatedBy: "</script>").count == 2)
        #expect(
            html.firstRange(of: /(src|href)=|https?:|\burl\(|@import/) == nil, "it asks nothing of anyone")
        for part in [
            "lang=\"en\"", "viewport", "prefers-color-scheme: dark", "aria-label=\"Events", "<noscript>",
            "default-src 'none'",
        ] {
            #expect(html.contains(part), "\(part)")
        }
        #expect(page.omission == nil)
    }

    @Test("a page of a long recording has its first events, and says so")
    func longPage() throws {
        let events = (0..<EventPage.largestCount + 5).map {
            Event(x: 0, y: 0, isOn: true, time: Int64($0) * 10)
        }
        let page = try EventPage(
            EventPreview(
                title: "long", EventRecording(events: events, sensor: EventSensor(width: 1, height: 1)),
                frameSpan: 1000))
        #expect(page.omission == "the page has the first 400000 of 400005 events, 3999.99 of 4000.04 ms")
        #expect(page.html.contains("<p>Not everything: the page has the first 400000 of 400005 events"))
        #expect(page.html.utf8.count < 2_000_000)
    }

    @Test("what is too large for pictures is refused before any is drawn")
    func refused() throws {
        func preview(_ sensor: EventSensor, _ times: [Int64]) throws -> EventPreview {
            try EventPreview(
                title: "t",
                EventRecording(events: times.map { Event(x: 0, y: 0, isOn: true, time: $0) }, sensor: sensor),
                frameSpan: 1)
        }
        let small = EventSensor(width: 2, height: 2)
        #expect(throws: FigureError.noEvents("t")) { try EventFrames(preview(small, [])) }
        let large = EventSensor(width: 65_536, height: 65_536)
        #expect(throws: EventError.tooManyPixels(path: "t", large)) { try preview(large, [0]) }
        let long = try EventFrames(preview(small, [0, 1000]))
        #expect(throws: FigureError.self) { try long.animation(slowness: 1) }
        #expect(throws: FigureError.self) {
            try EventPictures.write(long.preview, slowness: 1, folder: folder.path)
        }
        #expect(folder.names.isEmpty)
    }

    @Test("the rate as CSV sums to the events, in parts of equal length")
    func rate() {
        let lines = EventFigure(preview).csv.split(separator: "\n")
        #expect(lines.count == 101 && lines[0] == "start_ms,on_events,off_events" && lines[1].hasPrefix("0,"))
        let counts = lines.dropFirst().map { $0.split(separator: ",").compactMap { Double($0) } }
        #expect(counts.reduce(0) { $0 + $1[1] } == Double(preview.onCount))
        #expect(counts.reduce(0) { $0 + $1[1] + $1[2] } == 400)
        // 99.75 ms and the microsecond that the last event takes, in a hundred parts.
        #expect(abs(counts[50][0] - 49.8755) < 1e-3)
    }

    @Test("all pictures are written", .enabled(if: hasGnuplot))
    func all() throws {
        let paths = try EventPictures.write(preview, slowness: 1, folder: folder.path)
        #expect(paths.map { String($0.dropFirst(folder.path.count + 1)) }.sorted() == folder.names)
        #expect(
            folder.names == [
                "animation.png", "events.png", "events.svg", "frames.png", "player.html", "rate.csv",
            ])
        try EventPictures.write(preview, slowness: 1, .page, to: folder.path("own.html"))
        #expect(folder.names.contains("own.html"))
    }

    /// Added to the page: looks at its pixels, and uses it as a person does.
    private static let user = """
        <script>
        const text = id => document.getElementById(id).textContent;
        const key = name => document.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true }));
        const colours = () => {
          const data = document.getElementById("screen").getContext("2d").getImageData(0, 0, 12, 9).data, counts = {};
          for (let i = 0; i < data.length; i += 4) {
            const name = [...data.slice(i, i + 3)].join();
            counts[name] = (counts[name] || 0) + 1;
          }
          return counts;
        };
        const seen = [text("now"), colours()];
        key("ArrowRight");
        seen.push(text("now"));
        document.querySelector("[value=off]").click();
        seen.push(colours());
        key("ArrowLeft"); key("ArrowLeft");
        seen.push(text("now"));
        key(" ");
        seen.push(text("play"));
        key(" ");
        seen.push(text("play"));
        const slider = document.getElementById("time");
        slider.value = 50000;
        slider.dispatchEvent(new Event("input"));
        seen.push(text("now"), slider.getAttribute("aria-valuetext"));
        document.body.textContent = "SEEN" + JSON.stringify(seen) + "END";
        </script>
        </body>
        """

    @Test("a browser plays the page without an error", .enabled(if: SystemProgram(named: "chromium") != nil))
    func browser() throws {
        let html = try EventPage(preview).html.replacing("</body>", with: Self.user)
        let chromium = try #require(SystemProgram(named: "chromium"))
        let result = try chromium.run(
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir=\(folder.path("browser"))",
                "--enable-logging=stderr", "--virtual-time-budget=2000", "--dump-dom",
                folder.write(html, as: "page.html"),
            ], timeLimit: .seconds(120))
        #expect(result.status == 0)
        // Reading pixels, as the test does and the page does not, is slow by Chromium's advice.
        let complaints = result.messages.split(separator: "\n").filter {
            $0.contains("CONSOLE") && !$0.contains("willReadFrequently")
        }
        #expect(complaints.isEmpty, "\(complaints)")
        // By the events alone, from 0 to 20 ms and, OFF only, from 20 to 40 ms, ends included.
        func count(_ times: ClosedRange<Int64>, _ mark: Set<Bool>, among shown: Set<Bool>) -> Int {
            var pixels: [Int: Set<Bool>] = [:]
            for event in preview.events
            where times.contains(event.time - 5_000_000) && shown.contains(event.isOn) {
                pixels[Int(event.y) * 12 + Int(event.x), default: []].insert(event.isOn)
            }
            return mark.isEmpty ? 108 - pixels.count : pixels.values.count { $0 == mark }
        }
        let both: Set<Bool> = [true, false]
        let first = [
            ("242,242,242", count(0...20_000, [], among: both)),
            ("0,90,156", count(0...20_000, [true], among: both)),
            ("230,159,0", count(0...20_000, [false], among: both)),
            ("0,0,0", count(0...20_000, both, among: both)),
        ]
        let seen = try #require(result.output.firstMatch(of: /SEEN(.*)END/)).output.1
        for (colour, count) in first where count > 0 {
            #expect(seen.contains("\"\(colour)\":\(count)"), "\(seen)")
        }
        #expect(seen.hasPrefix("[\"20.0 ms\",{"))
        let off = count(20_000...40_000, [false], among: [false])
        #expect(
            seen.contains("\"40.0 ms\",{\"242,242,242\":\(108 - off),\"230,159,0\":\(off)}")
                || seen.contains("\"40.0 ms\",{\"230,159,0\":\(off),\"242,242,242\":\(108 - off)}"), "\(seen)"
        )
        #expect(seen.hasSuffix(#","0.0 ms","Pause","Play","50.0 ms","50.0 milliseconds"]"#), "\(seen)")
    }
}
