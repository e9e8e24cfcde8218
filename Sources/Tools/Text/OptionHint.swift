import FileOutput
import Inference
import PresetStore
import PriorKit
import Workflows

/// The options that carry out the remedy of a library's error. Libraries say what to do in words; only the command
/// line knows how it is asked for.
enum OptionHint {
  /// What stands in brackets after the error's sentence; nil if no option helps.
  static func text(for error: any Error) -> String? {
    switch error {
    case let error as OutputError:
      if case .exists = error { "--force" } else { nil }
    case let error as DrawLogError:
      if case .unwritable = error { "--resume" } else { "--force" }
    case let error as SamplingError:
      switch error {
      case .noStart: nil
      case .noGradient: "--sampler ess"
      case .unrepeatable: "--force"
      }
    case is ApproximationError, is LaplaceError: "--sampler ess"
    case let error as ConditionalError:
      if case .noFeatures = error { "priorkit features, priorkit simulate" } else { nil }
    case let error as InterruptedError:
      switch error.remedy {
      case .resume: "--resume"
      case .checkpoint: "--checkpoint of features, simulate, compare and train"
      case .none: nil
      }
    case let error as PriorError:
      if case .noInformation = error { "retrieve --standard-errors" } else { nil }
    case PatternError.severalShapes: "priorkit condition --with, --without or --order"
    case let error as WorkflowError: text(for: error.code)
    case let error as DataError:
      switch error.code {
      case .valueOnBound: "import --at-bounds clamp or widen; export --logits writes logits"
      case .missingBands: "import eq --fill neutral or --optional-bands"
      case .missingColumns: "priorkit template, import csv --fill neutral"
      case .varyingShape: "priorkit select for presets, condition --with or --without for priors"
      case .decimalComma: "--decimal comma"
      default: nil
      }
    default: nil
    }
  }

  private static func text(for code: WorkflowError.Code) -> String? {
    switch code {
    case .noGradient: "transfer --optimiser cma-es, posterior --sampler ess"
    case .missingRecordings: "--skip-missing"
    case .missingCondition, .needlessCondition: "--given-audio, --given-dry, --features"
    case .noRenderings: "evaluate --save-audio"
    case .missingRole: "--anchor, --reference, --screening"
    case .tooFewListeners: "--screening none"
    case .noState: "without --resume"
    case .tooLarge: "--count, --shard, --segments, --segment-seconds, --threads"
    case .noCommonTracks: "--methods, --metrics, --all-tracks"
    case .notJSON: "without --json"
    case .unsuitableRecording, .wrongContents, .unusableState, .unwritableOutput, .notFinite: nil
    }
  }

  /// A sentence with the hint before its full stop.
  static func added(to sentence: String, for error: any Error) -> String {
    guard let hint = text(for: error), sentence.hasSuffix(".") else { return sentence }
    return "\(sentence.dropLast()) (\(hint))."
  }
}
