import FXParams
import NumericCore

/// The parameters of the network as its setting, and the way back.
extension NetworkResponse {
  func prepare(_ values: UnsafePointer<Double>) {
    let (inputs, outputs) = (slots.inputGains.lowerBound, slots.outputGains.lowerBound)
    for index in 0..<(2 * lines) {
      setting.inputGains[index] = Scalar(values[inputs + index])
      setting.outputGains[index] = Scalar(values[outputs + index])
    }
    for index in 0..<effect.decayPoints {
      setting.attenuations[index] = Scalar(values[slots.attenuations.lowerBound + index])
    }
    var position = slots.generator.lowerBound
    for row in 0..<lines {
      for column in (row + 1)..<max(lines, row + 1) {
        generator[row * lines + column] = values[position]
        generator[column * lines + row] = -values[position]
        position += 1
      }
    }
    exponential.evaluate(generator.pointer, into: mixing.pointer)
    for index in 0..<(lines * lines) { setting.mixing[index] = Scalar(mixing[index]) }
    for index in slots.tone.indices {
      designs[index] = BandDesign(
        effect.tone[index].response, slots.tone[index], values: values, sampleRate: sampleRate)
      coefficients[index] = designs[index].coefficients
    }
  }

  /// Adds the tasks' sums to the cotangents of the values, always in the same order.
  func finishPullback(into values: UnsafeMutablePointer<Double>) {
    total.clear()
    for task in 0..<taskCount { total.add(sums[task]) }
    let (inputs, outputs) = (slots.inputGains.lowerBound, slots.outputGains.lowerBound)
    for index in 0..<(2 * lines) {
      values[inputs + index] += total.inputGains[index]
      values[outputs + index] += total.outputGains[index]
    }
    for index in 0..<effect.decayPoints {
      values[slots.attenuations.lowerBound + index] += total.attenuations[index]
    }
    exponential.pullback(generator.pointer, cotangent: total.mixing.pointer, into: mixing.pointer)
    var position = slots.generator.lowerBound
    for row in 0..<lines {
      for column in (row + 1)..<max(lines, row + 1) {
        values[position] += mixing[row * lines + column] - mixing[column * lines + row]
        position += 1
      }
    }
    for index in toneCotangents.indices { toneCotangents[index] = BiquadCoefficients(b0: 0) }
    for tone in tones { tone.addCotangents(to: &toneCotangents) }
    for index in slots.tone.indices {
      designs[index].pullback(toneCotangents[index], slots.tone[index], into: values)
    }
  }
}
