import CKernels

/// The kernels of double precision.
let doubleKernels = Kernels<Double>(
  hidesTimeAliasing: false,
  arithmetic: .init(scale: f64_scale, addScaled: f64_add_scaled, dot: f64_dot),
  spectra: .init(
    multiply: f64_multiply, multiplyAdd: f64_multiply_add, multiplyConjugate: f64_multiply_conjugate,
    multiplyConjugateAdd: f64_multiply_conjugate_add),
  filters: .init(
    cascade: f64_cascade, cascadePullback: f64_cascade_pullback, dynamics: f64_dynamics,
    dynamicsPullback: f64_dynamics_pullback),
  sends: .init(
    splitChunk: f64_split, mergeChunk: f64_merge, response: f64_send_response, pullback: f64_send_pullback,
    echoes: f64_echoes,
    echoesPullback: f64_echoes_pullback),
  network: .init(
    response: { arrays, response, range in
      var network = fdn_f64_network(arrays)
      fdn_f64_response(&network, response, range.lowerBound, range.upperBound)
    },
    pullback: { arrays, cotangent, scale, gradient, range in
      var network = fdn_f64_network(arrays)
      fdn_f64_pullback(&network, cotangent, scale, gradient, range.lowerBound, range.upperBound)
    }))

extension fdn_f64_network {
  fileprivate init(_ arrays: NetworkArrays<Double>) {
    self.init(
      lines: Int32(arrays.lines), points: Int32(arrays.points), twiddles: arrays.twiddles,
      interval: arrays.interval,
      fraction: arrays.fraction, exponents: arrays.exponents, mixing: arrays.mixing, input_gains: arrays.inputGains,
      output_gains: arrays.outputGains, attenuations: arrays.attenuations)
  }
}
