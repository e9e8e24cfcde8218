public import ArgumentParser
import LearnedEncoders
public import NeuralCore
import StyleFeatures

/// The style encoder of a command.
struct EncoderOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "The style encoder: \(StyleEncoders.standard.names.joined(separator: ", ")), one with weights: "
        + "\(Cnn14Configuration.known.map { $0.name + "=FILE" }.joined(separator: ", ")), "
        + "a program: process:\"COMMAND\", or, to describe recordings for conditional priors, summary.",
      valueName: "encoder"))
  var encoder = EncoderArgument(specification: .standard(.mfcc))

  @Option(
    name: .long,
    help: "The numbers that a network computes with: bfloat16 is faster where the processor has it, and less exact."
  )
  var encoderPrecision: NeuralPrecision = .float32

  @Option(within: 1...86_400, help: "Seconds that an answer of a program may take.")
  var encoderTimeout = ProcessEncoderModel.patienceSeconds

  func validate() throws {
    guard encoderPrecision == .float32 || encoder.specification.takesPrecision else {
      throw ValidationError("--encoder-precision is for an encoder with weights, not for \(encoder).")
    }
  }

  /// Every file that the encoder is made of.
  var paths: [String] { encoder.paths }

  /// The encoder, its weights read.
  ///
  /// - Throws: what reading the weights throws.
  func kind(console: Console) throws -> StyleEncoderKind {
    if case .standard(let kind) = encoder.specification { return kind }
    return try console.during("loading the encoder") {
      try encoder.specification.load(precision: encoderPrecision, patienceSeconds: encoderTimeout)
    }
  }
}

/// `mfcc`, `afx-rep=weights.safetensors`, `process:python3 my_encoder.py`.
struct EncoderArgument: ExpressibleByArgument, CustomStringConvertible {
  let specification: EncoderSpecification

  init(specification: EncoderSpecification) { self.specification = specification }

  init?(argument: String) {
    guard let specification = EncoderSpecification(argument) else { return nil }
    self.specification = specification
  }

  var paths: [String] { specification.paths }
  var description: String { specification.description }
  var defaultValueDescription: String { description }

}

extension NeuralPrecision: ExpressibleByArgument {}
