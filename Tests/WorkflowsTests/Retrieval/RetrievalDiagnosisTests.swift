import FXParams
import Foundation
import Inference
import NumericCore
import PresetStore
import PriorKit
import Retrieval
import TestSupport
import Testing
import Workflows

/// Standard errors of retrieved presets.
@Suite struct RetrievalDiagnosisTests {
  @Test func errorsAreThoseOfAPosterior() throws {
    let covariance = Matrix(rows: [[4, 0, 0], [0, 1, 0.5], [0, 0.5, 1]])
    let nothing = try RetrievalDiagnosis(
      LossCurvature(matrix: Matrix(rows: 3, columns: 3)), covariance: covariance, lossUnit: 0.1)
    #expect(largestDifference(nothing.standardErrors, [2, 1, 1]) < 1e-12)
    #expect(nothing.determined.allSatisfy { $0 < 1e-12 })
    let curvature = LossCurvature(matrix: .diagonal([0.3, 0.2, 0]))
    let some = try RetrievalDiagnosis(curvature, covariance: covariance, lossUnit: 0.1)
    #expect(abs(some.standardErrors[0] - (1 / (1.0 / 4 + 3)).squareRoot()) < 1e-12)
    // The third is known by its correlation with the second alone: 1 - 0.25 / (1 + 1/2).
    #expect(abs(some.standardErrors[2] - (1 - 0.25 / 1.5).squareRoot()) < 1e-12)
    #expect(abs(some.determined[2] - 0.25 / 1.5) < 1e-12)
    #expect(abs(some.information.matrices[0][0, 0] - 3) < 1e-12)
    #expect(some.information.standardErrors.row(0) == some.standardErrors)
  }

  /// The sound of a bell determines it, and the folder keeps what was found.
  @Test func folderKeepsErrors() throws {
    let folder = try Scratch()
    let paths = try RetrievalRecordings.store(in: folder)
    let pair = try RetrievalPair(dry: paths.dry, wet: paths.wet, sampleRate: 44_100)
    var retrieval = PresetRetrieval(pair, chain: RetrievalRecordings.chain)
    retrieval.stepLimit = 40
    let found = try retrieval.run()
    let monitor = RecordingMonitor(cancellingAfter: 3)
    #expect(throws: InterruptedError.self) { _ = try retrieval.diagnosis(of: found.logits, monitor: monitor) }
    let diagnosis = try retrieval.diagnosis(of: found.logits)
    retrieval.threads = 3
    #expect(try retrieval.diagnosis(of: found.logits).standardErrors == diagnosis.standardErrors)
    let names = retrieval.chain.parameterSpace.names
    func determined(_ name: String) throws -> Double {
      diagnosis.determined[try #require(names.firstIndex(of: name))]
    }
    for name in ["delay.time", "direct.pan", "compressor.makeup"] {
      #expect(try determined(name) > 0.5, "\(name): \(diagnosis.determined)")
    }
    // Nothing in two seconds of a loud voice opens the expander.
    #expect(try determined("compressor.expander_threshold") < 0.2)

    // Beside a prior of its own: errors are at most its deviations, and the information is the same.
    let count = names.count
    retrieval.prior = try Prior(
      chain: retrieval.chain, mean: [Double](repeating: 0, count: count),
      covariance: .diagonal([Double](repeating: 0.04, count: count)))
    let narrow = try retrieval.diagnosis(of: found.logits)
    #expect(zip(narrow.standardErrors, diagnosis.standardErrors).allSatisfy { $0 <= min(0.2 + 1e-9, $1 + 1e-9) })
    #expect(narrow.information.matrices == diagnosis.information.matrices)
    #expect(narrow.information.widths == diagnosis.information.widths)

    let provenance = try Provenance(arguments: ["test"], seed: 0)
    let place = try RetrievalFolder(folder.file("all/one"))
    let first = try place.write(found, of: pair, name: "one", provenance: provenance)
    #expect(first.determined == nil)
    let report = try place.add(diagnosis, to: first, provenance: provenance)
    #expect(report.standardErrors == diagnosis.standardErrors)
    #expect(try RetrievalReport(folder: place.path)?.determined == report.determined)
    #expect(try place.preset(of: retrieval.chain) == found.logits)
    let collected = try RetrievalCollection(folders: [place.path], selection: .all).presets
    #expect(collected.information == diagnosis.information)
    #expect(collected.retrieval?.losses == [found.loss] && collected.retrieval?.statuses == ["kept"])
    #expect(throws: WorkflowError.self) { _ = try place.preset(of: .diffVox) }
    // One without errors: the collection has none.
    _ = try RetrievalFolder(folder.file("all/two")).write(found, of: pair, name: "two", provenance: provenance)
    try RetrievalFolder.write(failure: "too quiet", to: folder.file("all/three"))
    let collection = try RetrievalCollection(folders: [folder.file("all")], selection: .all)
    #expect(collection.withoutErrors == ["two"])
    let both = try collection.presets
    #expect(both.information == nil)
    #expect(both.retrieval?.refused == [.init(name: "three", reason: "terminated: too quiet")])
  }
}
