import FXParams
import NumericCore

/// The parameters of the network in their order: b, c, gamma, W, tone.
extension NetworkResponse {
  private var attenuationOffset: Int { 4 * lines }
  private var generatorOffset: Int { attenuationOffset + effect.decayPoints }
  private var toneOffset: Int { generatorOffset + lines * (lines - 1) / 2 }

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
    for (index, band) in effect.tone.enumerated() {
      designs[index] = BandDesign(band, values: values + position, sampleRate: sampleRate)
      coefficients[index] = designs[index].coefficients
      position += band.valueCount
    }
  }

  /// Adds the tasks' sums to the cotangents of the values, always in the same order.
  func finishPullback(into values: UnsafeMutablePointer<Double>) {
    total.clear()
    for task in 0..<taskCount { total.add(sums[task]) }
    for index in 0..<(2 * lines) {
      values[index] += total.inputGains[index]
      values[2 * lines + index] += total.outputGains[index]
    }
    for index in 0..<effect.decayPoints { values[attenuationOffset + index] += total.attenuations[index] }
    exponential.pullback(generator.pointer, cotangent: total.mixing.pointer, into: mixing.pointer)
    var position = generatorOffset
    for row in 0..<lines {
      for column in (row + 1)..<max(lines, row + 1) {
        values[position] += mixing[row * lines + column] - mixing[column * lines + row]
        position += 1
      }
    }
    for index in toneCotangents.indices { toneCotangents[index] = BiquadCoefficients(b0: 0) }
    for tone in tones { tone.addCotangents(to: &toneCotangents) }
    for (index, band) in effect.tone.enumerated() {
      designs[index].pullback(toneCotangents[index], band: band, into: values + position)
      position += band.valueCount
    }
  }
}
