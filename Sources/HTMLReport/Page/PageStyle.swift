/// The rules for the page around the plots.
package enum PageStyle {
  package static let rules = """
    * { box-sizing: border-box; }
    html { color-scheme: light dark; -webkit-text-size-adjust: 100%; }
    body { margin: 0; background: var(--surface); color: var(--ink);
      font: 16px/1.55 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; overflow-wrap: anywhere; }
    main { max-width: 1216px; margin: 0 auto; padding: 24px 16px 48px; }
    h1 { font-size: 28px; line-height: 1.2; margin: 8px 0 4px; }
    h2 { font-size: 22px; line-height: 1.25; margin: 48px 0 8px; padding-top: 12px; border-top: 1px solid var(--grid); }
    h3 { font-size: 17px; line-height: 1.3; margin: 32px 0 4px; }
    p, ul { max-width: 76ch; margin: 8px 0 12px; }
    ul { padding-left: 20px; }
    li { margin: 4px 0; }
    a { color: var(--accent); }
    nav { margin: 8px 0 20px; display: flex; flex-wrap: wrap; gap: 4px 20px; }
    .lead { font-size: 18px; }
    .quiet, footer { color: var(--quiet); }
    .caution { border-left: 4px solid var(--s1); padding: 2px 0 2px 12px; }
    .scroll { overflow-x: auto; max-width: 100%; }
    .scroll:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
    table { border-collapse: collapse; font-size: 14px; line-height: 1.4; margin: 16px 0;
      font-variant-numeric: tabular-nums; overflow-wrap: normal; }
    caption { text-align: left; font-weight: 600; padding: 4px 0; overflow-wrap: anywhere; }
    .detail { font-weight: 400; color: var(--quiet); font-size: 12px; }
    th, td { padding: 2px 0 2px 20px; text-align: right; white-space: nowrap; font-weight: 400; vertical-align: top; }
    .group, .facts th { padding-left: 0; }
    .word, .group { text-align: left; }
    thead th { color: var(--quiet); border-bottom: 1px solid var(--rule); }
    tbody + tbody tr:first-child th, tbody + tbody tr:first-child td { border-top: 1px solid var(--grid); }
    .facts th { color: var(--quiet); }
    .facts td { white-space: normal; }
    .facts.words td { text-align: left; overflow-wrap: anywhere; }
    .columns { display: flex; flex-wrap: wrap; gap: 0 56px; align-items: flex-start; }
    .columns table { flex: 0 1 auto; max-width: 620px; }
    .figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(340px, 100%), 1fr)); gap: 16px;
      margin: 12px 0; }
    figure { margin: 0; min-width: 0; }
    figure svg { display: block; border: 1px solid var(--grid); border-radius: 6px; width: 100%; height: auto; }
    .small svg { min-width: 340px; max-width: 460px; }
    .large { grid-column: 1 / -1; }
    .large svg { min-width: 760px; max-width: 800px; }
    @media (max-width: 480px) {
      h1 { font-size: 24px; }
      .lead { font-size: 17px; }
      .facts th { white-space: normal; max-width: 40vw; }
    }
    @media print {
      @page { margin: 14mm; }
      html { color-scheme: light; }
      body { font-size: 10pt; }
      main { max-width: none; padding: 0; }
      nav { display: none; }
      h2, h3, section p { break-after: avoid; }
      table, figure, tr, li, p { break-inside: avoid; }
      h2 { margin-top: 20px; }
      .columns { display: block; }
      table { font-size: 8pt; margin: 8px 0; }
      th, td { padding-left: 10px; }
      .scroll { overflow: visible; }
      .figures { grid-template-columns: 1fr 1fr; }
      .small svg, .large svg { min-width: 0; }
      .lead { font-size: 11pt; }
    }
    """
}
