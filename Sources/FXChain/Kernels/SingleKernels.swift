import CKernels

/// The kernels of single precision.
let singleKernels = Kernels<Float>(
  hidesTimeAliasing: true,
  arithmetic: .init(scale: f32_scale, addScaled: f32_add_scaled, dot: f32_dot),
  spectra: .init(
    multiply: f32_multiply, multiplyAdd: f32_multiply_add, multiplyConjugate: f32_multiply_conjugate,
    multiplyConjugateAdd: f32_multiply_conjugate_add),
  filters: .init(
    cascade: f32_cascade, cascadePullback: f32_cascade_pullback, dynamics: f32_dynamics,
    dynamicsPullback: f32_dynamics_pullback),
  sends: .init(
    splitChunk: f32_split, mergeChunk: f32_merge, response: f32_send_response, pullback: f32_send_pullback,
    echoes: f32_echoes,
    echoesPullback: f32_echoes_pullback),
  network: .init(
    response: { arrays, response, range in
      var network = fdn_f32_network(arrays)
      fdn_f32_response(&network, response, range.lowerBound, range.upperBound)
    },
    pullback: { arrays, cotangent, scale, gradient, range in
      var network = fdn_f32_network(arrays)
      fdn_f32_pullback(&network, cotangent, scale, gradient, range.lowerBound, range.upperBound)
    }))

extension fdn_f32_network {
  fileprivate init(_ arrays: NetworkArrays<Float>) {
    self.init(
      lines: Int32(arrays.lines), points: Int32(arrays.points), twiddles: arrays.twiddles,
      interval: arrays.interval,
      fraction: arrays.fraction, exponents: arrays.exponents, mixing: arrays.mixing, input_gains: arrays.inputGains,
      output_gains: arrays.outputGains, attenuations: arrays.attenuations)
  }
}
