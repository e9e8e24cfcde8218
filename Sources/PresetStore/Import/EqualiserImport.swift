public import FXParams
import Foundation

/// Import of equalisers from text configurations, as AutoEq and Equalizer APO have them (`EqualiserFilter`): one
/// preset a file.
///
/// Filters take the bands of their response in the order of the file. What the chain fixes must be the same in the
/// file. Preamps, filters that are OFF and commands that say nothing of a band are left out, and told.
public enum EqualiserImport {
  /// How files are read.
  public struct Options: Sendable, Hashable {
    /// Whether bands and effects that a file says nothing of get their neutral values; otherwise optional ones are
    /// absent.
    public var fillsNeutral: Bool
    /// Whether a chain that is made for the files has the bands optional that some files lack.
    public var makesBandsOptional: Bool
    /// What is done about values on bounds and about rounding.
    public var treatment: ValueTreatment

    /// Without a fill or optional bands, and with values as they are, unless said otherwise.
    public init(
      fillsNeutral: Bool = false, makesBandsOptional: Bool = false, treatment: ValueTreatment = ValueTreatment()
    ) {
      (self.fillsNeutral, self.makesBandsOptional, self.treatment) = (fillsNeutral, makesBandsOptional, treatment)
    }
  }

  /// In Hz, of a chain that is made for the files.
  public static let usualSampleRate = 44_100.0

  /// Reads files.
  ///
  /// - Parameters:
  ///   - paths: at least one.
  ///   - chain: that of the presets; nil to make one with as many bands as the files have and ranges for them.
  ///   - options: how the files are read.
  ///   - remark: told, in a line each, what is left out and what was changed.
  /// - Throws: ``DataError`` naming the file and the line or the parameter at fault.
  public static func read(
    _ paths: [String], chain: ChainDescription?, options: Options = Options(),
    remark: (String) -> Void = { _ in }
  ) throws -> PresetCollection {
    let rate = chain?.sampleRate ?? usualSampleRate
    let texts = try paths.map { try EqualiserText(path: $0, sampleRate: rate) }
    let chain =
      try chain
      ?? ChainDescription(equalisers: texts, sampleRate: rate, makesOptional: options.makesBandsOptional)
    let layout = EqualiserLayout(chain, fillsNeutral: options.fillsNeutral)
    let space = chain.parameterSpace
    var numbers = PresetNumbers(
      chain: chain, columns: space.names.map { .init(name: $0, unit: nil) }, scale: .physical,
      path: paths.count == 1 ? paths[0] : "\(paths.count) files")
    for text in texts {
      let (row, pattern) = (try layout.row(of: text), layout.pattern(of: text))
      guard chain.admits(pattern) else {
        throw DataError(
          .missingBands, text.path,
          "\(text.path) has no filter of the chain: leave it out, or have bands filled with neutral values.")
      }
      numbers.append(row, pattern: pattern, place: text.path)
    }
    for line in remarks(texts) { remark(line) }
    if let words = layout.fillWords(texts) { remark(words) }
    let labels = texts.map(\.label)
    let repeats = Set(labels).count < labels.count
    if repeats { remark("labels repeat: presets of one label are a group") }
    return try numbers.collection(options.treatment, labels: labels, groups: repeats ? labels : nil, remark: remark)
  }

  /// What is left out, counted over all files, each with its first instance.
  private static func remarks(_ texts: [EqualiserText]) -> [String] {
    var remarks: [String] = []
    func files(_ count: Int) -> String { "\(count) file\(count == 1 ? "" : "s")" }
    let preamps = texts.compactMap { text in text.preamp.map { (text.path, $0) } }
    if let (path, preamp) = preamps.first {
      remarks.append("preamp left out in \(files(preamps.count)): \(preamp) in \(path)")
    }
    let off = texts.reduce(0) { $0 + $1.offCount }
    if let first = texts.first(where: { $0.offCount > 0 }) {
      remarks.append(
        "\(off) filter\(off == 1 ? "" : "s") that \(off == 1 ? "is" : "are") OFF left out: in \(first.path)")
    }
    let ignored = texts.flatMap { text in text.ignored.map { (text.path, $0.command, $0.line) } }
    for (command, places) in Dictionary(grouping: ignored, by: \.1).sorted(by: { $0.key < $1.key }) {
      let (path, _, line) = places[0]
      remarks.append(
        "\(command.prefix(40)) ignored on \(places.count) line\(places.count == 1 ? "" : "s"): line \(line) of "
          + path
      )
    }
    return remarks
  }
}
