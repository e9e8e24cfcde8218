import FXParams
import FileOutput
import Foundation
import PresetStore
import TestSupport
import Testing

/// Equalisers with fewer filters than the chain has bands.
@Suite struct OptionalBandImportTests {
  private static let long = """
    Filter 1: ON LSC Fc 105 Hz Gain 5.5 dB Q 0.70
    Filter 2: ON PK Fc 125 Hz Gain -3.6 dB Q 0.37
    Filter 3: ON PK Fc 1934 Hz Gain 3.2 dB Q 1.10

    """

  private func read(
    _ files: [String: String], _ chain: ChainDescription?, _ options: EqualiserImport.Options = .init(),
    remark: (String) -> Void = { _ in }
  ) throws -> PresetCollection {
    let scratch = try Scratch()
    let paths = try files.sorted { $0.key < $1.key }.map { name, text in
      try OutputFile.write(Data(text.utf8), to: scratch.file(name), overwrite: false)
      return scratch.file(name)
    }
    return try EqualiserImport.read(paths, chain: chain, options: options, remark: remark)
  }

  @Test func fewerFiltersThanOptionalBandsLeaveThemAbsent() throws {
    let short = Self.long.split(separator: "\n").dropLast().joined(separator: "\n")
    var chain = shelfAndPeaks
    chain.series.append(.compressorExpander(.init()))
    chain.optionalEffects = ["peak2", "compressor"]
    var remarks: [String] = []
    let presets = try read(["a.txt": short, "b.txt": Self.long], chain) { remarks.append($0) }
    #expect(presets.patterns?.map(\.present) == [[false, false], [true, false]])
    #expect(remarks.last == "absent: 1 band in 1 file, and compressor in all")
    // A band that must be there still must, and a fill fills all.
    chain.optionalEffects = ["peak1", "compressor"]
    expectDataError(.missingBands, ["1 peak where the chain has 2", "optional"]) {
      _ = try read(["a.txt": short], chain)
    }
    #expect(try read(["a.txt": short], chain, .init(fillsNeutral: true)).patterns == nil)
  }

  @Test func aChainThatIsMadeMayHaveOptionalBands() throws {
    let short = Self.long.split(separator: "\n").dropLast().joined(separator: "\n")
    let files = ["a.txt": short, "b.txt": Self.long]
    expectDataError(.missingBands, ["1 peak where the chain has 2"]) { _ = try read(files, nil) }
    let presets = try read(files, nil, .init(makesBandsOptional: true))
    #expect(presets.chain.optionalNames == ["peak2"])
    #expect(presets.patterns?.map(\.present) == [[false], [true]])
    // Where all have as many, the chain is as without.
    #expect(try !read(["a.txt": short], nil, .init(makesBandsOptional: true)).chain.hasVariants)
    let peaks = (1...20).map { "Filter \($0): ON PK Fc \(100 * $0) Hz Gain 1 dB Q 1" }.joined(separator: "\n")
    expectDataError(.missingBands, ["19 bands", "16"]) {
      _ = try read(
        ["a.txt": peaks, "b.txt": "Filter: ON PK Fc 100 Hz Gain 1 dB Q 1\n"], nil, .init(makesBandsOptional: true))
    }
  }
}
