import FXChain
import FXParams
import Foundation

/// What an effect does, as a curve over frequency or level: the axes, and the ordinates for the values of a preset.
struct ChainCurve {
  let title: String
  let x: String
  let y: String
  /// Ranges and ticks, as gnuplot commands.
  let commands: [String]
  /// Lines that every preset is read against.
  let reference: [String]
  /// Positions along x.
  let abscissae: [Double]
  /// One for each abscissa, from the constrained values of the whole chain in flat order.
  let ordinates: ([Double]) -> [Double]

  /// Those of the effects that the chain has.
  static func all(of chain: ChainDescription) -> [ChainCurve] {
    [equaliser(chain), compressor(chain), decay(chain)].compactMap { $0 }
  }

  private static let level = "with lines dt 2 lw 1 lc rgb '\(Figure.Colour.reference)' notitle"

  // MARK: - Equaliser

  private static func equaliser(_ chain: ChainDescription) -> ChainCurve? {
    guard let response = EqualiserResponse(chain) else { return nil }
    let frequencies = logarithmicHz(chain)
    return ChainCurve(
      title: "Equaliser response", x: "frequency (Hz)", y: "level (dB)",
      commands: frequencyAxis(chain) + ["set yrange [-36:24]", "set ytics 12"], reference: ["0 \(level)"],
      abscissae: frequencies.map(log10)
    ) { response.levelsDB(values: $0, frequenciesHz: frequencies) }
  }

  // MARK: - Compressor

  private static func compressor(_ chain: ChainDescription) -> ChainCurve? {
    guard let curve = CompressorCurve(chain) else { return nil }
    let levels = (0...120).map { -70 + 70 * Double($0) / 120 }
    return ChainCurve(
      title: "Compressor curve", x: "input level (dB)", y: "output level (dB)",
      commands: ["set xrange [-70:0]", "set yrange [-80:10]", "set ytics 20"], reference: ["x \(level)"],
      abscissae: levels
    ) { curve.outputLevelsDB(values: $0, inputLevelsDB: levels) }
  }

  // MARK: - Reverb

  /// Decay time of the first feedback delay network. Its attenuation is linear between the decay points, which are
  /// evenly spaced from 0 Hz to half the sample rate.
  private static func decay(_ chain: ChainDescription) -> ChainCurve? {
    let networks = chain.sends.compactMap { effect -> FeedbackDelayNetwork? in
      if case .feedbackDelayNetwork(let network) = effect { network } else { nil }
    }
    guard let network = networks.first, network.decayPoints > 1 else { return nil }
    let (space, rate) = (chain.parameterSpace, chain.sampleRate)
    let names = (1...network.decayPoints).map { "\(network.name).gamma.\($0)" }
    let positions = names.compactMap(space.index(of:))
    guard positions.count == names.count, let quantity = chain.derivedQuantities[names[0]] else { return nil }
    let frequencies = logarithmicHz(chain)
    let last = Double(positions.count - 1)
    return ChainCurve(
      title: "Reverb decay", x: "frequency (Hz)", y: "decay to -60 dB, T60 (s)",
      commands: frequencyAxis(chain) + ["set yrange [0:*]"], reference: [], abscissae: frequencies.map(log10)
    ) { values in
      frequencies.map { hertz in
        let place = min(hertz / (rate / 2) * last, last)
        let lower = min(Int(place), positions.count - 2)
        let share = place - Double(lower)
        let gain = (1 - share) * values[positions[lower]] + share * values[positions[lower + 1]]
        return quantity.quantity(of: gain, sampleRate: rate)?.value ?? 0
      }
    }
  }

  // MARK: - Frequencies

  private static func highest(_ chain: ChainDescription) -> Double { min(20_000, 0.49 * chain.sampleRate) }

  private static func logarithmicHz(_ chain: ChainDescription) -> [Double] {
    (0...120).map { 20 * pow(highest(chain) / 20, Double($0) / 120) }
  }

  private static func frequencyAxis(_ chain: ChainDescription) -> [String] {
    [AxisText.logarithmicHz, "set xrange [\(log10(20.0)):\(log10(highest(chain)))]"]
  }
}
