extension SignalBuffer where Scalar == Float {
  /// Multiplies all samples by a factor.
  public func scale(by factor: Float) {
    for index in 0..<count { pointer[index] *= factor }
  }
}
