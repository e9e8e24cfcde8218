import PresetStore

/// The frame of a report: one page with its style inside, readable without a network.
enum PageTemplate {
  /// - Parameters:
  ///   - body: markup, which is taken as it is; the other texts are escaped.
  ///   - provenance: what the foot of the page says of its making.
  static func page(title: String, subtitle: String, body: String, provenance: Provenance) -> String {
    let footer = "\(provenance.command) (PriorKit \(provenance.version), \(provenance.date))"
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(HTML.escaped(title))</title>
      <style>
      \(style)
      </style>
      </head>
      <body>
      <header>
      <h1>\(HTML.escaped(title))</h1>
      <p>\(HTML.escaped(subtitle))</p>
      </header>
      <main>
      \(body)</main>
      <footer>\(HTML.escaped(footer))</footer>
      </body>
      </html>

      """
  }

  private static let style = """
    body { margin: 0 auto; max-width: 1080px; padding: 2rem 1.5rem 3rem; color: #1f2933; background: #fff;
      font: 16px/1.5 system-ui, "Helvetica Neue", Helvetica, Arial, "DejaVu Sans", sans-serif; }
    h1 { font-size: 1.7rem; font-weight: 600; margin: 0; }
    header p { color: #5b6772; margin: 0.2rem 0 0; }
    h2 { font-size: 1.15rem; font-weight: 600; margin: 2.4rem 0 0.3rem; padding-top: 0.9rem;
      border-top: 1px solid #dfe4e8; }
    section > p { max-width: 46rem; margin: 0.2rem 0 0.8rem; color: #3c4650; }
    ul { margin: 0.4rem 0; padding-left: 1.2rem; max-width: 52rem; }
    li { margin: 0.25rem 0; }
    section > p.verdict { font-weight: 600; padding-left: 0.7rem; border-left: 4px solid; color: #1f2933; }
    .good { border-color: #009e73 !important; }
    .bad { border-color: #d55e00 !important; }
    figure { margin: 0.5rem 0; }
    figure svg { width: 100%; height: auto; display: block; }
    figure.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(310px, 1fr)); gap: 0.5rem; }
    svg text { font-family: system-ui, "Helvetica Neue", Helvetica, Arial, "DejaVu Sans", sans-serif; }
    table { border-collapse: collapse; font-size: 0.87rem; font-variant-numeric: tabular-nums; margin: 0.5rem 0; }
    th, td { padding: 0.2rem 0.8rem 0.2rem 0; text-align: right; white-space: nowrap; }
    th { font-weight: 600; color: #5b6772; border-bottom: 1px solid #c4ccd3; }
    td { border-bottom: 1px solid #eef1f3; }
    th:first-child, td:first-child { text-align: left; }
    h3 { font-size: 0.95rem; font-weight: 600; margin: 1rem 0 0.2rem; color: #3c4650; }
    .player { display: grid; grid-template-columns: 9rem minmax(16rem, 32rem) 1fr; gap: 0.2rem 1rem;
      align-items: center; margin: 0.4rem 0; }
    .player audio { width: 100%; height: 2.4rem; }
    .player span { color: #5b6772; font-size: 0.87rem; }
    .settings { columns: 20rem auto; column-gap: 2rem; }
    .settings h3 { break-after: avoid; }
    .settings table { break-inside: avoid; }
    @media (max-width: 40rem) { .player { grid-template-columns: 1fr; } }
    .legend span { margin-right: 1.2rem; white-space: nowrap; font-size: 0.87rem; }
    .legend i { display: inline-block; width: 1.1em; height: 0.75em; margin-right: 0.4em; }
    table.words td:last-child, table.words th:last-child { text-align: left; }
    summary { cursor: pointer; color: #0072b2; margin: 0.4rem 0; font-size: 0.9rem; }
    footer { margin-top: 3rem; padding-top: 0.8rem; border-top: 1px solid #dfe4e8; color: #5b6772;
      font-size: 0.8rem; overflow-wrap: anywhere; }
    @media print { body { max-width: none; } section { break-inside: avoid; } }
    """
}
