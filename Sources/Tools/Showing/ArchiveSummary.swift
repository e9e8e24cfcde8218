import HDF5Store
import PresetStore
import Workflows

/// What `priorkit show` says about files that are no presets, priors or posteriors: traces, states, checkpoints,
/// the objective, reports of equivariance, shards. The property names are the keys of its JSON.
struct ArchiveSummary: Encodable {
  struct Dataset: Encodable {
    let name: String
    let shape: [Int]
  }

  let kind: String
  /// Of a trace: losses at the start, the least one with its step from 1, and the last one.
  let steps: Int?
  let firstLoss: Double?
  let leastLoss: Double?
  let leastStep: Int?
  let lastLoss: Double?
  let datasets: [Dataset]
  let provenance: Provenance?

  /// Whether a file is none of those with a summary of their own.
  static func isOther(_ reader: HDF5Reader) -> Bool {
    guard let kind = try? reader.textIfPresent(attribute: "priorkit_kind") else {
      // Files of other programs are refused in words by who reads them.
      return Byproduct(reader) != nil
    }
    return kind == "shard"
  }

  private static func name(of reader: HDF5Reader) -> String {
    switch Byproduct(reader) {
    case .state(let work): "state of a run (\(work))"
    case .shard(let work): "shard (\(work))"
    case .symmetries: "report of equivariance"
    case .trace: "trace of an optimisation"
    case .objective: "objective at a preset"
    case nil: "shard"
    }
  }

  init(_ reader: HDF5Reader, path: String) throws {
    kind = Self.name(of: reader)
    let losses = reader.contains("/loss") ? try reader.doubles("/loss").values : []
    let least = losses.indices.min { losses[$0] < losses[$1] }
    steps = losses.isEmpty ? nil : losses.count
    (firstLoss, lastLoss) = (losses.first, losses.last)
    (leastLoss, leastStep) = (least.map { losses[$0] }, least.map { $0 + 1 })
    datasets = try Self.datasets(of: reader, in: "/")
    provenance = try? Provenance(ofFile: path)
  }

  private static func datasets(of reader: HDF5Reader, in group: String) throws -> [Dataset] {
    try reader.children(of: group).flatMap { child -> [Dataset] in
      let path = (group == "/" ? "" : group) + "/" + child
      guard try reader.kind(of: path) == .dataset else { return try datasets(of: reader, in: path) }
      return [Dataset(name: path, shape: try reader.shape(of: path))]
    }
  }

  var text: String {
    var table = TextTable([("dataset", .left), ("shape", .left)])
    for dataset in datasets {
      table.append([
        PrintableText.escaped(dataset.name),
        dataset.shape.isEmpty ? "one number" : dataset.shape.map(String.init).joined(separator: " x "),
      ])
    }
    var lines = ["The \(kind)"]
    if let steps, let firstLoss, let leastLoss, let leastStep, let lastLoss {
      let numbers = [firstLoss, leastLoss, lastLoss].map { NumberText.short($0) }
      let ends = "loss \(numbers[0]) at the start, least \(numbers[1]) at step \(leastStep)"
      lines.append("\(steps) steps: \(ends), last \(numbers[2])")
    }
    return lines.joined(separator: "\n") + "\n\n" + table.text
      + (provenance.map { "\n" + ProvenanceText.text($0) } ?? "")
  }
}
