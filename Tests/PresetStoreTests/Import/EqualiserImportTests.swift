import FXParams
import FileOutput
import Foundation
import NumericCore
import PresetStore
import TestSupport
import Testing

@Suite("Equalisers of AutoEq and Equalizer APO")
struct EqualiserImportTests {
  private static let text = """
    Preamp: -6.6 dB
    Filter 1: ON LSC Fc 105 Hz Gain 5.5 dB Q 0.70
    Filter 2: ON PK Fc 125 Hz Gain -3.6 dB Q 0.37
    Filter 3: ON PK Fc 1934 Hz Gain 3.2 dB Q 1.10

    """

  private func read(
    _ files: [String: String], _ chain: ChainDescription? = shelfAndPeaks,
    _ options: EqualiserImport.Options = .init(),
    remark: (String) -> Void = { _ in }
  ) throws -> PresetCollection {
    let scratch = try Scratch()
    let paths = try files.sorted { $0.key < $1.key }.map { name, text in
      let path = scratch.file(name)
      try OutputFile.write(Data(text.utf8), to: path, overwrite: false)
      return path
    }
    return try EqualiserImport.read(paths, chain: chain, options: options) { line in
      remark(
        paths.reduce(line) { $0.replacingOccurrences(of: $1, with: URL(fileURLWithPath: $1).lastPathComponent) })
    }
  }

  private func values(_ presets: PresetCollection, _ row: Int = 0) -> [Double] {
    presets.chain.parameterSpace.values(ofLogits: presets.theta.row(row))
  }

  private func expectClose(
    _ found: [Double], _ expected: [Double], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(found.count == expected.count, sourceLocation: sourceLocation)
    for (a, b) in zip(found, expected) {
      #expect(abs(a - b) <= 1e-9 * max(1, abs(b)), "\(a) \(b)", sourceLocation: sourceLocation)
    }
  }

  /// The settings of one filter in a chain that is made for it: gain, frequency, Q.
  private func filter(_ line: String) throws -> [Double] {
    let presets = try read(["a.txt": "Filter: ON \(line)\n"], nil)
    let chain = presets.chain
    let named = Dictionary(uniqueKeysWithValues: zip(chain.parameterSpace.names, values(presets)))
      .merging(chain.fixedParameters.map { ($0.name, $0.value) }) { first, _ in first }
    return ["gain", "frequency", "q"].compactMap { field in named.first { $0.key.hasSuffix("." + field) }?.value }
  }

  @Test func filtersTakeTheBandsOfTheirKind() throws {
    var remarks: [String] = []
    let presets = try read(["Sony MDR ParametricEQ.txt": Self.text]) { remarks.append($0) }
    #expect(presets.labels == ["Sony MDR"] && presets.groups == nil)
    expectClose(values(presets), [5.5, -3.6, 125, 0.37, 3.2, 1934, 1.1])
    #expect(remarks == ["preamp left out in 1 file: -6.6 dB in Sony MDR ParametricEQ.txt"])
  }

  @Test func whatSaysNothingOfABandIsToldAndLeftOut() throws {
    let text =
      "\u{FEFF}# by hand\r\nDevice: Speakers\r\nChannel: L R\r\nChannel: R\r\nStage one\r\n"
      + Self.text.replacingOccurrences(of: "\n", with: "\r\n") + "Filter 4: OFF PK Fc 50 Hz Gain 1 dB Q 1\r\n"
      + "Filter 5: ON None\r\n"
    var remarks: [String] = []
    let presets = try read(["eq.txt": text]) { remarks.append($0) }
    expectClose(values(presets), [5.5, -3.6, 125, 0.37, 3.2, 1934, 1.1])
    #expect(
      remarks == [
        "preamp left out in 1 file: -6.6 dB in eq.txt", "2 filters that are OFF left out: in eq.txt",
        "Channel ignored on 2 lines: line 3 of eq.txt", "Device ignored on 1 line: line 2 of eq.txt",
        "Stage ignored on 1 line: line 5 of eq.txt",
      ])
  }

  // MARK: - Forms of filters

  @Test func formsOfNumbers() throws {
    expectClose(try filter("PK Fc 1,5 Hz Gain -3,6 dB Q 0,37"), [-3.6, 1.5, 0.37])
    expectClose(try filter("PEQ Fc 105.0Hz Gain -3.6dB Q 2"), [-3.6, 105, 2])
    // Thousands as Room EQ Wizard writes them.
    expectClose(try filter("PK Fc 1.250 Hz Gain 2 dB Q 2"), [2, 1250, 2])
    expectClose(try filter("pk fc 80 hz gain 2 db q 2"), [2, 80, 2])
    expectClose(try filter("LP Fc 8000 Hz"), [8000, 0.5.squareRoot()])
    expectClose(try filter("HPQ Fc 80 Hz Q 1.2"), [80, 1.2])
  }

  /// A bandwidth between the frequencies of half the gain in dB, warped as the cookbook has it.
  @Test func bandwidthsBecomeQ() throws {
    let omega = 2 * Double.pi * 1000 / 44_100
    let q = 1 / (2 * sinh(log(2) / 2 * 1.9 * omega / sin(omega)))
    expectClose(try filter("PK Fc 1000 Hz Gain -3 dB BW Oct 1.9"), [-3, 1000, q])
  }

  /// The slope S of the cookbook; LS has its corner where LSC has its centre.
  @Test func slopesAndCornersBecomeCentreAndQ() throws {
    let amplitude = pow(10, 6.0 / 40)
    func q(_ slope: Double) -> Double {
      1 / ((amplitude + 1 / amplitude) * (1 / slope - 1) + 2).squareRoot()
    }
    expectClose(try filter("LSC 9 dB Fc 200 Hz Gain 6 dB"), [6, 200, q(0.75)])
    expectClose(try filter("LS Fc 200 Hz Gain 6 dB"), [6, 200, q(0.9)])
    expectClose(try filter("LS 9 dB Fc 200 Hz Gain 6 dB"), [6, 200 * pow(10, 6 / 80 / 0.75), q(0.75)])
    expectClose(try filter("HS 12 dB Fc 5000 Hz Gain 6 dB"), [6, 5000 / pow(10, 6.0 / 80), q(1)])
    // A Q is a slope in another form.
    expectClose(
      try filter("LS Fc 200 Hz Gain 6 dB Q \(q(0.75))"), [6, 200 * pow(10, 6 / 80 / 0.75), q(0.75)])
  }

  @Test(arguments: [
    ("Filter 2: ON NO Fc 50 Hz Q 30", ["Filter 2 on line 1", "type NO", "turn it OFF"]),
    ("Filter: ON PK Gain 3 dB Q 1", ["no frequency", "Fc 105 Hz"]),
    ("Filter: ON PK Fc 0 Hz Gain 3 dB Q 1", ["no frequency"]),
    ("Filter: ON PK Fc 50 Hz Q 1", ["no gain"]), ("Filter: ON PK Fc 50 Hz Gain 3 dB", ["no width", "BW Oct"]),
    ("Filter: ON PK Fc 50 Hz Gain 3 dB Q -1", ["width that no filter has"]),
    ("Filter: PK Fc 50 Hz Gain 3 dB Q 1", ["neither ON nor OFF"]), ("Filter:", ["neither ON nor OFF"]),
    ("GraphicEQ: 20 0; 50 1", ["no filter that is ON"]), ("", ["no filter that is ON"]),
    ("Filter: ON", ["type (none)"]),
    ("Filter: ON PK Fc 30000 Hz Gain 3 dB Q 1", ["Line 1 of ", "30000.0 Hz", "half the sample rate"]),
    ("Filter: ON PK Fc 1e999 Hz Gain 3 dB Q 1", ["no frequency"]),
  ])
  func badLinesAreExplained(text: String, words: [String]) {
    let error = #expect(throws: DataError.self) { try read(["bad.txt": text], nil) }
    for word in ["bad.txt"] + words {
      #expect(error?.description.contains(word) == true, "\(error?.description ?? "")")
    }
  }

  // MARK: - Other numbers of bands

  @Test func moreBandsThanTheChainAreRefused() {
    let text = Self.text + "Filter 4: ON PK Fc 50 Hz Gain 1 dB Q 1\nFilter 5: ON HSC Fc 9000 Hz Gain 1 dB Q 0.7\n"
    expectDataError(
      .wrongChain,
      ["3 peaks where the chain has 2 and 1 high shelf where it has none", "turn the other filters OFF"]
    ) { _ = try read(["a.txt": text]) }
  }

  @Test func fewerBandsNeedTheNeutralFill() throws {
    let text = Self.text.split(separator: "\n").dropLast().joined(separator: "\n")
    expectDataError(.missingBands, ["1 peak where the chain has 2", "filled with neutral values"]) {
      _ = try read(["a.txt": text])
    }
    var remarks: [String] = []
    let presets = try read(["a.txt": text], shelfAndPeaks, .init(fillsNeutral: true)) { remarks.append($0) }
    let found = values(presets)
    #expect(found[4] == 0 && found[5] == 5010 && abs(found[1] + 3.6) < 1e-9)
    #expect(remarks.last == "filled with neutral values: 1 band in 1 file")
  }

  @Test func effectsBesideBandsNeedIt() throws {
    var chain = shelfAndPeaks
    chain.series.append(.compressorExpander(.init()))
    chain.hasDirectPan = true
    expectDataError(.missingBands, "nothing of compressor and the pan of the direct sound") {
      _ = try read(["a.txt": Self.text], chain)
    }
    let presets = try read(["a.txt": Self.text], chain, .init(fillsNeutral: true))
    #expect(values(presets).last == 0.5)
  }

  @Test func whatTheChainFixesMustBeTheSame() {
    let text = Self.text.replacingOccurrences(of: "Fc 105 Hz", with: "Fc 110 Hz")
    expectDataError(.invalidValue, ["Line 2 of ", "low shelf with the frequency 110.0 Hz", "low at 105.0 Hz"]) {
      _ = try read(["a.txt": text])
    }
  }

  @Test func valuesOnBoundsAreTreated() throws {
    let text = Self.text.replacingOccurrences(of: "Q 1.10", with: "Q 6.00")
    expectDataError(.valueOnBound, "peak2.q = 6.0") { _ = try read(["a.txt": text]) }
    let options = EqualiserImport.Options(treatment: ValueTreatment(atBounds: .widen))
    #expect(try read(["a.txt": text], shelfAndPeaks, options).adjustments?.count == 1)
  }

  /// All gains 0, and two bands alike: presets as others.
  @Test func flatAndEqualBandsAreFine() throws {
    let flat = Self.text.replacing(/Gain [-0-9.]+ dB/, with: "Gain 0 dB")
      .replacing("Fc 1934 Hz Gain 0 dB Q 1.10", with: "Fc 125 Hz Gain 0 dB Q 0.37")
    expectClose(values(try read(["a.txt": flat])), [0, 0, 125, 0.37, 0, 125, 0.37])
  }

  // MARK: - A chain for the files

  @Test func aChainIsMadeForTheFiles() throws {
    let second = Self.text.replacingOccurrences(of: "1934", with: "4000") + "Filter 4: ON HP Fc 30 Hz\n"
    expectDataError(.missingBands, "no high passes where the chain has 1") {
      _ = try read(["a.txt": Self.text, "b.txt": second], nil)
    }
    let presets = try read(["a.txt": Self.text, "b.txt": second], nil, .init(fillsNeutral: true))
    let chain = presets.chain
    #expect(chain.fixedParameters.map(\.description) == ["low.frequency 105 Hz", "low.q 0.7"])
    #expect(
      chain.parameterSpace.names == [
        "peak1.gain", "peak1.frequency", "peak1.q", "peak2.gain", "peak2.frequency", "peak2.q", "low.gain",
        "highpass.frequency", "highpass.q",
      ])
    #expect(chain.parameterSpace.parameters[1].bijector == .sigmoid(lower: 62.5, upper: 8000))
    #expect(chain.symmetries.bandGroups.map(\.count) == [2])
    #expect(throws: Never.self) { try chain.validate() }
    expectClose(Array(values(presets, 1).prefix(7)), [-3.6, 125, 0.37, 3.2, 4000, 1.1, 5.5])
  }

  @Test func labelsThatRepeatAreGroups() throws {
    let scratch = try Scratch()
    let paths = try ["one", "two"].map { folder in
      let path = scratch.file(folder)
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      try OutputFile.write(Data(Self.text.utf8), to: path + "/Phone ParametricEQ.txt", overwrite: false)
      return path + "/Phone ParametricEQ.txt"
    }
    let presets = try EqualiserImport.read(paths, chain: nil)
    #expect(presets.labels == ["Phone", "Phone"] && presets.groups == presets.labels)
  }
}
