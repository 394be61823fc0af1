extension ReportPage {
    /// Light and dark as the reader's system is, narrow and wide, on paper.
    static let style = """
        :root { --ink: #1d1d1f; --paper: #ffffff; --faint: #e3e3e6; --quiet: #5c5c62; --link: #0056a3; --shade: 0, 114, 178; }
        @media (prefers-color-scheme: dark) {
        :root { --ink: #ececee; --paper: #17181a; --faint: #3a3b3f; --quiet: #a9a9b0; --link: #7cc0f5; --shade: 86, 180, 233; }
        .plot canvas, .legend { filter: brightness(1.4); }
        }
        * { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 60rem; padding: 1rem; color: var(--ink); background: var(--paper);
          font: 1rem/1.5 system-ui, sans-serif; }
        a { color: var(--link); }
        .skip { position: absolute; left: -99rem; }
        .skip:focus { left: 1rem; top: 0; background: var(--paper); padding: 0.5rem; }
        h1 { font-size: 1.6rem; line-height: 1.25; margin: 0.5rem 0; overflow-wrap: anywhere; }
        h2 { font-size: 1.2rem; margin: 2rem 0 0.5rem; border-bottom: 1px solid var(--faint); overflow-wrap: anywhere; }
        nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; list-style: none; margin: 0; padding: 0; }
        p, li { overflow-wrap: anywhere; }
        .scroll { overflow-x: auto; margin: 0.75rem 0; }
        table { border-collapse: collapse; font-size: 0.9rem; }
        caption { text-align: left; color: var(--quiet); padding-bottom: 0.25rem; }
        th, td { padding: 0.2rem 0.6rem; border-bottom: 1px solid var(--faint); text-align: left; vertical-align: top; font-weight: normal; }
        thead th { font-weight: 600; vertical-align: bottom; }
        .facts td { overflow-wrap: anywhere; }
        td.number, td.share { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        td.share { background: rgba(var(--shade), calc(var(--share) * 0.006)); background:
          color-mix(in srgb, rgb(var(--shade)) calc(var(--share) * 0.6), var(--paper)); }
        figure { margin: 0.75rem 0; }
        figcaption, .legend { color: var(--quiet); font-size: 0.9rem; }
        figure img { max-width: 100%; height: auto; background: #ffffff; border-radius: 4px; }
        .pictures { display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; }
        .pixels img { image-rendering: pixelated; width: 7rem; height: auto; }
        .pixels figcaption { max-width: 7rem; }
        .plot { width: 100%; height: 18rem; }
        .legend { min-height: 1.5em; }
        .dygraph-axis-label { color: var(--ink); }
        .dygraph-label { color: var(--quiet); font-size: 0.85rem; }
        pre { overflow-x: auto; padding: 0.75rem; border: 1px solid var(--faint); border-radius: 4px; font-size: 0.85rem; }
        details { margin: 0.5rem 0; }
        summary { cursor: pointer; }
        :focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
        @media print {
        :root { --ink: #000000; --paper: #ffffff; --faint: #bbbbbb; --quiet: #333333; }
        nav, .skip, .legend { display: none; }
        body { max-width: none; }
        figure, tr { break-inside: avoid; }
        .scroll { overflow: visible; }
        }
        """

    /// Draws what the page has the numbers of.
    static let drawing = """
        "use strict";
        for (const figure of document.querySelectorAll("figure.chart")) {
          const data = JSON.parse(figure.querySelector("script").textContent);
          const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
          // Told apart without colour, too.
          const dashes = [null, [8, 3], [2, 3], [8, 3, 2, 3]];
          const series = Object.fromEntries(data.names.map((name, index) => [name, { strokePattern: dashes[index % 4] }]));
          const chart = new Dygraph(figure.querySelector(".plot"), data.rows, {
            labels: [data.xLabel, ...data.names],
            colors: data.colours.map((name) => (name === "#000000" ? colour("--ink") : name)), xlabel: data.xLabel, ylabel: data.yLabel,
            labelsDiv: figure.querySelector(".legend"), legend: "always", connectSeparatedPoints: true, drawPoints: true,
            pointSize: 2, strokeWidth: 2, gridLineColor: colour("--faint"), axisLineColor: colour("--quiet"),
            series, includeZero: false, animatedZooms: false, digitsAfterDecimal: 4,
          });
          const scheme = matchMedia("(prefers-color-scheme: dark)");
          scheme.addEventListener("change", () =>
            chart.updateOptions({ gridLineColor: colour("--faint"), axisLineColor: colour("--quiet") }));
        }
        """
}
