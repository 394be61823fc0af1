import EventRecordings
import Files
import FoundationEssentials
import Glibc

/// A page that plays a recording in a browser, by itself: one HTML file, which asks no other place for anything.
public struct EventPage: Sendable {
    public let preview: EventPreview

    /// Events that a page holds at most, about 5 bytes each; of longer recordings it has the first ones, and says so.
    public static let largestCount = 400_000

    /// - Throws: as ``EventFrames/init(_:)``.
    public init(_ preview: EventPreview) throws(FigureError) {
        _ = try EventFrames(preview)
        self.preview = preview
    }

    /// What is not in the page, as a sentence; nil where all is.
    public var omission: String? {
        let count = preview.events.count
        guard count > Self.largestCount else { return nil }
        return "the page has the first \(Self.largestCount) of \(count) events, "
            + "\(numberText(Double(preview.time(events[events.endIndex - 1])) / 1000)) of "
            + "\(numberText(Double(preview.duration) / 1000)) ms"
    }

    private var events: ArraySlice<Event> { preview.events.prefix(Self.largestCount) }

    /// Of each event the time since the one before in µs, and twice the number of the pixel, one more where it is ON; seven bits a
    /// byte, the lowest first, with the highest bit set in all bytes of a number but the last (LEB128).
    var packed: [UInt8] {
        var bytes: [UInt8] = []
        func add(_ number: Int64) {
            var rest = UInt64(number)
            while rest >= 0x80 {
                bytes.append(UInt8(rest & 0x7F) | 0x80)
                rest >>= 7
            }
            bytes.append(UInt8(rest))
        }
        var last: Int64 = 0
        for event in events {
            let time = preview.time(event)
            add(time - last)
            add(Int64(Int(event.y) * preview.sensor.width + Int(event.x)) << 1 | (event.isOn ? 1 : 0))
            last = time
        }
        return bytes
    }

    public var html: String {
        let sensor = preview.sensor
        let onCount = events.reduce(0) { $0 + ($1.isOn ? 1 : 0) }
        let duration = preview.time(events[events.endIndex - 1])
        let values = [
            "TITLE": Markup.escaped(preview.title),
            "SUMMARY": "\(sensor.width) × \(sensor.height) pixels, \(events.count) events: \(onCount) ON, "
                + "\(events.count - onCount) OFF, in \(numberText(Double(duration) / 1000)) ms",
            "OMISSION": omission.map { "<p>Not everything: \(Markup.escaped($0)).</p>" } ?? "",
            "WIDTH": "\(sensor.width)", "HEIGHT": "\(sensor.height)", "COUNT": "\(events.count)",
            "DURATION": "\(duration)", "FRAME": "\(preview.frameSpan)",
            "EVENTS": Data(packed).base64EncodedString(),
        ]
        // One pass, so that nothing within a value is taken for a place.
        return Self.template.replacing(/\{([A-Z]+)\}/) { match in values[String(match.output.1)] ?? "" }
    }

    private static let template = #"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
        <title>{TITLE}</title>
        <style>
        :root { color-scheme: light dark; --page: #fff; --ink: #222; --ground: #f2f2f2; --on: #005a9c; --off: #e69f00; --both: #000; }
        @media (prefers-color-scheme: dark) {
          :root { --page: #181818; --ink: #e8e8e8; --ground: #262626; --on: #6cb8f0; --off: #c26a00; --both: #fff; }
        }
        body { margin: 0 auto; padding: 1rem; max-width: 44rem; background: var(--page); color: var(--ink); font: 1rem/1.5 sans-serif; }
        h1 { font-size: 1.1rem; overflow-wrap: anywhere; margin: 0; }
        p { margin: 0.3rem 0; }
        canvas { display: block; width: 100%; }
        #screen { image-rendering: pixelated; max-height: 65vh; object-fit: contain; margin: 0.5rem 0; }
        #rate { height: 3rem; }
        #time { display: block; width: 100%; margin: 0.25rem 0; }
        form > * { margin: 0.25rem 1rem 0.25rem 0; display: inline-block; }
        fieldset { border: 0; padding: 0; }
        legend { float: left; padding: 0 0.5rem 0 0; }
        button, select { font: inherit; min-height: 2.2rem; }
        button { min-width: 5rem; }
        :focus-visible { outline: 3px solid var(--on); outline-offset: 2px; }
        .key { display: inline-block; width: 0.8em; height: 0.8em; border: 1px solid var(--ink); }
        .key.on { background: var(--on); } .key.off { background: var(--off); } .key.both { background: var(--both); }
        output { font-variant-numeric: tabular-nums; }
        </style>
        </head>
        <body>
        <main>
        <h1>{TITLE}</h1>
        <p>{SUMMARY}</p>
        {OMISSION}
        <noscript><p>Without JavaScript the events are not drawn.</p></noscript>
        <canvas id="screen" width="{WIDTH}" height="{HEIGHT}" role="img" aria-label="Events of the last moments: {SUMMARY}"></canvas>
        <canvas id="rate" width="1200" height="60" role="img" aria-label="Events over time; the mark is the time that is shown"></canvas>
        <form id="controls">
        <input id="time" type="range" min="0" max="{DURATION}" value="0" step="1" aria-label="Time">
        <button id="play" type="button">Play</button>
        <output id="now" for="time" aria-live="off"></output>
        <label>Speed <select id="speed">
        <option value="0.01">1/100</option><option value="0.1">1/10</option><option value="0.25">1/4</option>
        <option value="1" selected>real time</option><option value="4">4 ×</option>
        </select></label>
        <label>Frame <select id="frame"></select></label>
        <fieldset><legend>Show</legend>
        <label><input type="radio" name="shown" value="both" checked> both</label>
        <label><input type="radio" name="shown" value="on"> ON <span class="key on"></span></label>
        <label><input type="radio" name="shown" value="off"> OFF <span class="key off"></span></label>
        </fieldset>
        </form>
        <p>A pixel with ON and OFF events in a frame: <span class="key both"></span>.
        Keys: space plays and pauses, left and right arrow go a frame back and on, Home to the beginning.</p>
        </main>
        <script>
        "use strict";
        (() => {
          const width = {WIDTH}, height = {HEIGHT}, count = {COUNT}, duration = {DURATION}, span = {FRAME};
          const bytes = Uint8Array.from(atob("{EVENTS}"), sign => sign.charCodeAt(0));
          // Numbers above 2^31 are multiplied: JavaScript shifts 32 bits.
          let position = 0;
          const number = () => {
            let value = 0, factor = 1, byte;
            do { byte = bytes[position++]; value += (byte & 127) * factor; factor *= 128; } while (byte > 127);
            return value;
          };
          const times = new Float64Array(count), places = new Uint32Array(count);
          for (let i = 0, time = 0; i < count; i++) { time += number(); times[i] = time; places[i] = number(); }
          const firstAt = time => {
            let low = 0, high = count;
            while (low < high) { const middle = (low + high) >> 1; if (times[middle] < time) low = middle + 1; else high = middle; }
            return low;
          };

          const element = id => document.getElementById(id);
          const screen = element("screen"), rate = element("rate"), slider = element("time"), play = element("play");
          const controls = element("controls"), context = screen.getContext("2d"), curve = rate.getContext("2d");
          const image = context.createImageData(width, height), marks = new Uint8Array(width * height);
          for (const times of [0.1, 0.25, 0.5, 1, 2, 5]) {
            const option = document.createElement("option");
            option.value = Math.max(1, Math.round(span * times));
            option.textContent = option.value / 1000 + " ms";
            option.selected = times === 1;
            element("frame").append(option);
          }
          const parts = new Array(240).fill(0);
          for (const time of times) parts[Math.min(239, Math.floor(time / (duration + 1) * 240))]++;
          const greatest = Math.max(...parts);

          let colours, now = Math.min(span, duration), playedAt = null;
          const readColours = () => {
            const style = getComputedStyle(document.documentElement);
            colours = {};
            for (const name of ["ground", "on", "off", "both", "ink"]) {
              const text = style.getPropertyValue("--" + name).trim();
              const digits = text.length === 4 ? [...text.slice(1)].map(digit => digit + digit).join("") : text.slice(1);
              colours[name] = { text, channels: [0, 2, 4].map(at => parseInt(digits.slice(at, at + 2), 16)) };
            }
          };

          // The events of a frame that ends now.
          const draw = () => {
            const shown = controls.elements.shown.value, frame = Number(element("frame").value);
            marks.fill(0);
            for (let i = firstAt(now - frame), end = firstAt(now + 1); i < end; i++) {
              const isOn = (places[i] & 1) === 1;
              if (shown === "both" || (shown === "on") === isOn) marks[places[i] >>> 1] |= isOn ? 1 : 2;
            }
            const channels = ["ground", "on", "off", "both"].map(name => colours[name].channels);
            for (let i = 0; i < marks.length; i++) {
              const colour = channels[marks[i]];
              for (let k = 0; k < 3; k++) image.data[4 * i + k] = colour[k];
              image.data[4 * i + 3] = 255;
            }
            context.putImageData(image, 0, 0);
            curve.clearRect(0, 0, rate.width, rate.height);
            curve.fillStyle = colours.ink.text;
            parts.forEach((events, i) => {
              const size = events / greatest * rate.height;
              curve.fillRect(i * 5, rate.height - size, 4, size);
            });
            curve.fillStyle = colours.off.text;
            curve.fillRect(Math.min(now / (duration || 1) * rate.width, rate.width - 4), 0, 4, rate.height);
            slider.value = now;
            slider.setAttribute("aria-valuetext", (now / 1000).toFixed(1) + " milliseconds");
            element("now").textContent = (now / 1000).toFixed(1) + " ms";
          };

          const step = clock => {
            if (playedAt === null) return;
            // In real time, or slower: the clock of the page counts, not its frames.
            now += (clock - playedAt) * 1000 * Number(element("speed").value);
            playedAt = clock;
            if (now > duration) now = 0;
            draw();
            requestAnimationFrame(step);
          };
          const setPlaying = isPlaying => {
            playedAt = isPlaying ? performance.now() : null;
            play.textContent = isPlaying ? "Pause" : "Play";
            if (isPlaying) requestAnimationFrame(step);
          };
          const go = time => { now = Math.max(0, Math.min(duration, time)); draw(); };

          play.addEventListener("click", () => setPlaying(playedAt === null));
          slider.addEventListener("input", () => go(Number(slider.value)));
          controls.addEventListener("change", draw);
          controls.addEventListener("submit", event => event.preventDefault());
          document.addEventListener("keydown", event => {
            const name = event.target.tagName, type = event.target.type;
            if (event.ctrlKey || event.altKey || event.metaKey || name === "SELECT" || type === "radio") return;
            const frame = Number(element("frame").value);
            if (event.key === " " && name !== "BUTTON") setPlaying(playedAt === null);
            else if (event.key === "ArrowLeft") go(now - frame);
            else if (event.key === "ArrowRight") go(now + frame);
            else if (event.key === "Home") go(0);
            else return;
            event.preventDefault();
          });
          matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { readColours(); draw(); });
          readColours();
          draw();
        })();
        </script>
        </body>
        </html>

        """#
}
