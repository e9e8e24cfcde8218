import CKernels
import FXParams
import Foundation
import NumericCore

/// The feedback-delay-network reverb as a transfer function: two inputs, two outputs (method section 2.5), with its
/// tone equaliser as factors of every bin.
///
/// What lies beyond the transform's length is folded back: at -80 dB or below with the published 12 s and longest decay
/// of 9 s, audibly where a description gives a response shorter than its decay. The gains gamma(w) have no phase, so the
/// response starts a little before zero (-90 dB), which is folded to the end.
final class NetworkResponse<Scalar: SignalScalar>: SendModel, @unchecked Sendable {
  let inputCount = 2
  let parameterCount: Int
  /// Tone, its cotangent, and the kernel's partial products.
  var scratchCount: Int { 3 + effect.tone.count }

  private let effect: FeedbackDelayNetwork
  private let sampleRate: Double
  private let lines: Int
  private let tables: NetworkTables<Scalar>
  private let setting: NetworkSetting<Scalar>
  private let exponential: MatrixExponential
  private let generator: SignalBuffer<Double>
  private let mixing: SignalBuffer<Double>
  private let sums: [NetworkSums]
  private let total: NetworkSums
  private let mixingCotangent: SignalBuffer<Double>
  private var designs: [BandDesign]
  private let bands: UnsafeMutablePointer<tone_band>
  private let single: UnsafeMutablePointer<f32_network>
  private let double: UnsafeMutablePointer<f64_network>

  /// Samples after which the response counts as over.
  static func length(_ effect: FeedbackDelayNetwork, sampleRate: Double) -> Int {
    max(2, Int((effect.responseSeconds * sampleRate).rounded()))
  }

  init(_ effect: FeedbackDelayNetwork, sampleRate: Double, grid fft: RealFFT<Scalar>, taskCount: Int) {
    self.effect = effect
    self.sampleRate = sampleRate
    let (lines, points, bandCount) = (effect.delaySamples.count, effect.decayPoints, effect.tone.count)
    self.lines = lines
    parameterCount = effect.parameters(sampleRate: sampleRate).count
    tables = NetworkTables(effect, binCount: fft.binCount)
    setting = NetworkSetting(lines: lines, points: points)
    exponential = MatrixExponential(order: lines)
    generator = SignalBuffer(count: lines * lines)
    mixing = SignalBuffer(count: lines * lines)
    mixingCotangent = SignalBuffer(count: lines * lines)
    sums = (0..<taskCount).map { _ in NetworkSums(points: points, bandCount: bandCount) }
    total = NetworkSums(points: points, bandCount: bandCount)
    designs = effect.tone.map { _ in BandDesign() }
    bands = .allocate(capacity: max(bandCount, 1))
    bands.initialize(repeating: tone_band(), count: max(bandCount, 1))
    single = .allocate(capacity: 1)
    single.initialize(to: f32_network(tables, setting, lines: lines))
    double = .allocate(capacity: 1)
    double.initialize(to: f64_network(tables, setting, lines: lines))
  }

  deinit {
    tables.deallocate()
    for sum in sums { sum.deallocate() }
    total.deallocate()
    bands.deallocate()
    single.deallocate()
    double.deallocate()
  }

  // MARK: - Value

  func prepare(_ values: UnsafePointer<Double>) {
    for index in 0..<(2 * lines) {
      setting.inputGains[index] = Scalar(values[index])
      setting.outputGains[index] = Scalar(values[2 * lines + index])
    }
    for index in 0..<effect.decayPoints {
      setting.attenuations[index] = Scalar(values[attenuationOffset + index])
    }
    var position = generatorOffset
    for row in 0..<lines {
      for column in (row + 1)..<max(lines, row + 1) {
        generator[row * lines + column] = values[position]
        generator[column * lines + row] = -values[position]
        position += 1
      }
    }
    exponential.evaluate(generator.pointer, into: mixing.pointer)
    for index in 0..<(lines * lines) { setting.mixing[index] = Scalar(mixing[index]) }
    for index in effect.tone.indices {
      designs[index] = BandDesign(effect.tone[index], values: values + position, sampleRate: sampleRate)
      bands[index] = tone_band(designs[index].coefficients)
      position += effect.tone[index].valueCount
    }
  }

  func respond(_ index: Int, _ chunk: SendChunk<Scalar>) {
    let first = index * chunkBins
    let tone = computeTone(first, chunk)
    if Scalar.self == Float.self {
      withPair(FXChain.single(chunk.input(0)), FXChain.single(chunk.input(1))) { inputs in
        withMutablePair(FXChain.single(chunk.output(0)), FXChain.single(chunk.output(1))) { outputs in
          f32_network_response(single, first, FXChain.single(tone), inputs, outputs)
        }
      }
    } else {
      withPair(FXChain.double(chunk.input(0)), FXChain.double(chunk.input(1))) { inputs in
        withMutablePair(FXChain.double(chunk.output(0)), FXChain.double(chunk.output(1))) { outputs in
          f64_network_response(double, first, FXChain.double(tone), inputs, outputs)
        }
      }
    }
  }

  private func computeTone(_ first: Int, _ chunk: SendChunk<Scalar>) -> UnsafeMutablePointer<Scalar> {
    let (tone, versine, sine) = (chunk.scratch(0), tables.versine.pointer + first, tables.sine.pointer + first)
    if Scalar.self == Float.self {
      f32_tone_response(
        bands, effect.tone.count, FXChain.single(versine), FXChain.single(sine), FXChain.single(tone))
    } else {
      f64_tone_response(
        bands, effect.tone.count, FXChain.double(versine), FXChain.double(sine), FXChain.double(tone))
    }
    return tone
  }

  // MARK: - Pullback

  func beginPullback(task: Int) { sums[task].clear() }

  func pull(_ index: Int, _ chunk: SendChunk<Scalar>, task: Int) {
    let first = index * chunkBins
    let tone = computeTone(first, chunk)
    let (toneCotangent, partial) = (chunk.scratch(1), chunk.scratch(2))
    let (versine, sine) = (tables.versine.pointer + first, tables.sine.pointer + first)
    let sum = sums[task]
    if Scalar.self == Float.self {
      withPair(FXChain.single(chunk.input(0)), FXChain.single(chunk.input(1))) { inputs in
        withPair(FXChain.single(chunk.outputCotangent(0)), FXChain.single(chunk.outputCotangent(1))) { outputs in
          withMutablePair(FXChain.single(chunk.inputCotangent(0)), FXChain.single(chunk.inputCotangent(1))) {
            f32_network_pullback(
              single, first, FXChain.single(tone), inputs, outputs, FXChain.single(toneCotangent), $0, sum.network)
          }
        }
      }
      f32_tone_pullback(
        bands, effect.tone.count, FXChain.single(versine), FXChain.single(sine), FXChain.single(toneCotangent),
        FXChain.single(partial), sum.tone)
    } else {
      withPair(FXChain.double(chunk.input(0)), FXChain.double(chunk.input(1))) { inputs in
        withPair(FXChain.double(chunk.outputCotangent(0)), FXChain.double(chunk.outputCotangent(1))) { outputs in
          withMutablePair(FXChain.double(chunk.inputCotangent(0)), FXChain.double(chunk.inputCotangent(1))) {
            f64_network_pullback(
              double, first, FXChain.double(tone), inputs, outputs, FXChain.double(toneCotangent), $0, sum.network)
          }
        }
      }
      f64_tone_pullback(
        bands, effect.tone.count, FXChain.double(versine), FXChain.double(sine), FXChain.double(toneCotangent),
        FXChain.double(partial), sum.tone)
    }
  }

  func finishPullback(into values: UnsafeMutablePointer<Double>) {
    mixingCotangent.clear()
    for sum in sums {
      for index in 0..<(lines * lines) { mixingCotangent[index] += sum.mixing(index) }
      for index in 0..<(2 * lines) {
        values[index] += sum.inputGain(index)
        values[2 * lines + index] += sum.outputGain(index)
      }
      for index in 0..<effect.decayPoints { values[attenuationOffset + index] += sum.attenuations[index] }
    }
    exponential.pullback(generator.pointer, cotangent: mixingCotangent.pointer, into: mixing.pointer)
    var position = generatorOffset
    for row in 0..<lines {
      for column in (row + 1)..<max(lines, row + 1) {
        values[position] += mixing[row * lines + column] - mixing[column * lines + row]
        position += 1
      }
    }
    for index in effect.tone.indices {
      for sum in sums {
        designs[index].pullback(
          BiquadCoefficients(cotangent: sum.tone[index]), band: effect.tone[index], into: values + position)
      }
      position += effect.tone[index].valueCount
    }
  }

  // MARK: - Parameters: b, c, gamma, W, tone

  private var attenuationOffset: Int { 4 * lines }
  private var generatorOffset: Int { attenuationOffset + effect.decayPoints }
}
