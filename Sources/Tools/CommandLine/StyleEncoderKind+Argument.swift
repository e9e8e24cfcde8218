public import ArgumentParser
public import StyleFeatures

extension StyleEncoderKind: ExpressibleByArgument {}

extension StyleEncoderKind {
  /// The help of `--encoder`, which names the encoders that there are.
  static var help: ArgumentHelp { "The style encoder: \(StyleEncoders.standard.names.joined(separator: " or "))." }
}
