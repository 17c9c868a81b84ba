/// The colours, light and dark, and the rules for what is inside a plot.
package enum PlotStyle {
  /// The series' colours are Okabe and Ito's for colour-blind readers, darker on white, lighter on black: their
  /// contrast to what they are drawn on is at least 3 to 1, that of words at least 4.5.
  package static let colours = """
    :root {
      --surface: #ffffff; --ink: #1b1f24; --quiet: #57606a; --grid: #e4e7eb; --rule: #8c959f; --accent: #0067a3;
      --s0: #6e7781; --s1: #d55e00; --s2: #a8478a; --s3: #0072b2; --s4: #00805e; --s5: #8a6a00; --s6: #c2255c;
    }
    @media screen and (prefers-color-scheme: dark) {
      :root {
        --surface: #15181d; --ink: #e8ebef; --quiet: #a3adb8; --grid: #2b3139; --rule: #6b7580; --accent: #6cb8ee;
        --s0: #aab4bf; --s1: #ff8c42; --s2: #e39ad2; --s3: #56b4e9; --s4: #35c99b; --s5: #ecd04b; --s6: #ff7f9f;
      }
    }
    """

  package static let rules =
    """
    svg.plot { background: var(--surface); font-family: system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; }
    svg.plot text { fill: var(--ink); font-size: 12px; }
    svg.plot .title { font-size: 14px; font-weight: 600; }
    svg.plot .axis, svg.plot .tick { fill: var(--quiet); }
    svg.plot .middle { text-anchor: middle; }
    svg.plot .end { text-anchor: end; }
    svg.plot .surface { fill: var(--surface); }
    svg.plot .grid { stroke: var(--grid); }
    svg.plot .rule { stroke: var(--rule); }
    svg.plot .reference { stroke: var(--ink); stroke-dasharray: 5 4; }
    svg.plot .note { paint-order: stroke; stroke: var(--surface); stroke-width: 4px; stroke-linejoin: round; }
    svg.plot .line { fill: none; stroke: currentColor; stroke-width: 2px; stroke-linejoin: round; }
    svg.plot .leader { stroke: currentColor; stroke-dasharray: 1 3; }
    svg.plot .mark { fill: currentColor; stroke: var(--surface); }
    svg.plot .csr, svg.plot .plain { color: var(--ink); }

    """ + (0..<SeriesStyle.colourCount).map { "svg.plot .s\($0) { color: var(--s\($0)); }" }.joined(separator: "\n")
}
