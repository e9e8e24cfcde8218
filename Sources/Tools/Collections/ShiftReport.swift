import FXParams
import PriorKit
import Statistics
import Workflows

/// What `priorkit describe --against` says of the shift. The property names are the keys of its JSON.
struct ShiftReport: Encodable {
  struct Parameter: Encodable {
    let name: String
    let unit: String
    let median: Double
    let otherMedian: Double
    let kolmogorovSmirnov: Double
    let pValue: Double
    let adjustedPValue: Double
  }

  let parameters: [Parameter]
  let meanDistance: Double?
  let medianSquaredDistance: Double?
  let energyDistance: Double
  let energyPValue: Double

  init(_ shift: CollectionShift) {
    parameters = shift.parameters.map {
      Parameter(
        name: $0.name, unit: $0.unit.rawValue, median: $0.median, otherMedian: $0.otherMedian,
        kolmogorovSmirnov: $0.test.statistic, pValue: $0.test.pValue, adjustedPValue: $0.adjustedPValue)
    }
    meanDistance = shift.meanDistance
    medianSquaredDistance = shift.medianSquaredDistance
    energyDistance = shift.energy.statistic
    energyPValue = shift.energy.pValue
  }

  var text: String {
    var table = TextTable([
      ("shift of", .left), ("unit", .left), ("median", .right), ("other median", .right), ("KS", .right),
      ("p (Holm)", .right),
    ])
    for entry in parameters.sorted(by: { ($0.pValue, $0.name) < ($1.pValue, $1.name) }) {
      table.append([
        entry.name, entry.unit, NumberText.short(entry.median), NumberText.short(entry.otherMedian),
        NumberText.short(entry.kolmogorovSmirnov, digits: 3), NumberText.short(entry.adjustedPValue, digits: 3),
      ])
    }
    let shifted = parameters.count { $0.adjustedPValue < 0.05 }
    var text = table.text + "\(shifted) of \(parameters.count) parameters differ at 0.05 after Holm's correction.\n"
    if let meanDistance, let medianSquaredDistance {
      text +=
        "The other mean is \(NumberText.short(meanDistance)) robust standard deviations away; the median squared "
        + "distance of the other presets is \(NumberText.short(medianSquaredDistance)).\n"
    }
    return text
      + "Energy distance \(NumberText.short(energyDistance)), p = \(NumberText.short(energyPValue, digits: 3)) "
      + "by permutation.\n"
  }
}
