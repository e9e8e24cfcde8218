public import FXParams
import NumericCore

/// Where the published retrieval begins (SonyResearch/diffvox): a chain that hardly changes the sound.
///
/// Parameters that the DiffVox chain does not have, or whose published value is out of a chain's bounds, begin in
/// the middle of their range, gains in dB at 0.
public enum PublishedStart {
  private static let values = [
    "peak1.gain=0 dB", "peak1.frequency=800 Hz", "peak1.q=0.707",
    "peak2.gain=0 dB", "peak2.frequency=4000 Hz", "peak2.q=0.707",
    "lowshelf.gain=0 dB", "lowshelf.frequency=115 Hz", "highshelf.gain=0 dB", "highshelf.frequency=6000 Hz",
    "lowpass.frequency=17500 Hz", "lowpass.q=0.707", "highpass.frequency=200 Hz", "highpass.q=0.707",
    "compressor.threshold=-18 dB", "compressor.ratio=2", "compressor.expander_threshold=-48 dB",
    "compressor.expander_ratio=0.5", "compressor.attack_coefficient=50 ms",
    "compressor.release_coefficient=50 ms", "compressor.averaging_coefficient=0.3", "compressor.makeup=0 dB",
    "direct.pan=0.5", "delay.time=400 ms", "delay.feedback=0.1", "delay.gain=0.1",
    "delay.lowpass.frequency=8000 Hz", "delay.lowpass.q=0.707", "delay.odd_pan=0.5", "delay.even_pan=0.5",
    "reverb.send=0.01", "reverb.peak1.gain=0 dB", "reverb.peak1.frequency=800 Hz", "reverb.peak1.q=0.707",
    "reverb.peak2.gain=0 dB", "reverb.peak2.frequency=4000 Hz", "reverb.peak2.q=0.707",
    "reverb.lowshelf.gain=0 dB", "reverb.lowshelf.frequency=115 Hz", "reverb.highshelf.gain=0 dB",
    "reverb.highshelf.frequency=8000 Hz",
  ]

  /// The logits of the start.
  ///
  /// - Parameters:
  ///   - chain: the effects.
  ///   - seed: of the reverbs' mixing and decay, which begin at random to break their symmetries.
  ///   - stream: of the same: pairs of one collection take different ones, so that no draw rules the collection.
  public static func logits(for chain: ChainDescription, seed: UInt64 = 0, stream: UInt64 = 0) -> [Double] {
    let space = chain.parameterSpace
    var logits = space.parameters.map { parameter in
      parameter.unit == .decibel ? parameter.bijector.inverse(0) ?? 0 : 0
    }
    func set(_ position: Int, to value: Double) {
      logits[position] = space.parameters[position].bijector.inverse(value) ?? logits[position]
    }
    for text in values {
      guard let assignment = try? ParameterAssignment(text, chain: chain) else { continue }
      set(assignment.position, to: assignment.value)
    }
    // The lookahead is one sample.
    if let lookahead = space.index(of: "compressor.lookahead") { set(lookahead, to: 1000 / chain.sampleRate) }
    var source = RandomSource(seed: seed, stream: stream)
    for (effect, place) in zip(chain.sends, chain.slots.sends) {
      guard let network = effect.network else { continue }
      let (slots, first) = (network.slots, place.lowerBound)
      let lines = Double(network.delaySamples.count)
      for position in slots.inputGains { set(first + position, to: 1 / lines) }
      for position in slots.outputGains { set(first + position, to: 0) }
      for position in slots.attenuations { set(first + position, to: 0.4 + 0.2 * source.nextUniform()) }
      for position in slots.generator { logits[first + position] = source.nextNormal() / lines.squareRoot() }
    }
    return logits
  }
}
