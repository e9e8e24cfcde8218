import CKernels
import NumericCore

// What the kernels in C take, made of what this module has.

func withPair<T>(
  _ first: UnsafeMutablePointer<T>, _ second: UnsafeMutablePointer<T>,
  _ body: (UnsafePointer<UnsafePointer<T>?>) -> Void
) {
  withUnsafeTemporaryAllocation(of: UnsafePointer<T>?.self, capacity: 2) { table in
    table.initializeElement(at: 0, to: UnsafePointer(first))
    table.initializeElement(at: 1, to: UnsafePointer(second))
    body(UnsafePointer(table.baseAddress!))
  }
}

func withMutablePair<T>(
  _ first: UnsafeMutablePointer<T>, _ second: UnsafeMutablePointer<T>,
  _ body: (UnsafePointer<UnsafeMutablePointer<T>?>) -> Void
) {
  withUnsafeTemporaryAllocation(of: UnsafeMutablePointer<T>?.self, capacity: 2) { table in
    table.initializeElement(at: 0, to: first)
    table.initializeElement(at: 1, to: second)
    body(UnsafePointer(table.baseAddress!))
  }
}

extension f32_network {
  init<S>(_ t: NetworkTables<S>, _ s: NetworkSetting<S>, lines: Int) {
    self.init(
      lines: Int32(lines), twiddles: single(t.twiddles.pointer), interval: t.interval,
      fraction: single(t.fraction.pointer), exponents: single(t.exponents.pointer),
      mixing: single(s.mixing.pointer), input_gains: single(s.inputGains.pointer),
      output_gains: single(s.outputGains.pointer), attenuations: single(s.attenuations.pointer))
  }
}

extension f64_network {
  init<S>(_ t: NetworkTables<S>, _ s: NetworkSetting<S>, lines: Int) {
    self.init(
      lines: Int32(lines), twiddles: double(t.twiddles.pointer), interval: t.interval,
      fraction: double(t.fraction.pointer), exponents: double(t.exponents.pointer),
      mixing: double(s.mixing.pointer), input_gains: double(s.inputGains.pointer),
      output_gains: double(s.outputGains.pointer), attenuations: double(s.attenuations.pointer))
  }
}

extension tone_band {
  init(_ c: BiquadCoefficients) {
    self.init(
      numerator: (c.b0 + c.b1 + c.b2, c.b0 + c.b2, c.b0 - c.b2),
      denominator: (1 + c.a1 + c.a2, 1 + c.a2, 1 - c.a2))
  }
}

extension BiquadCoefficients {
  /// The cotangent of the coefficients, given those of the kernel's sum, outer and skew.
  init(cotangent c: tone_band) {
    let (n, d) = (c.numerator, c.denominator)
    self.init(b0: n.0 + n.1 + n.2, b1: n.0, b2: n.0 + n.1 - n.2, a1: d.0, a2: d.0 + d.1 - d.2)
  }
}
