package import FXParams
package import HDF5Store

// Dimension scales and units, by which netCDF programs (xarray with h5netcdf) name what they read. Readers of
// PriorKit need neither.

extension HDF5Writer {
  /// An attribute holds no more than 64 KiB, of which a text takes 16 bytes.
  private static let mostUnits = 4000

  /// Names the dimensions of what a preset file holds, once all of it is written: rows by `/labels`, or by their
  /// numbers in `/preset` where there are no labels, and columns by the names of parameters and of features.
  ///
  /// - Parameters:
  ///   - count: the number of presets.
  ///   - space: that of their chain.
  ///   - anchors: the number of presets that their features are relative to.
  package func nameDimensions(ofPresets count: Int, space: ParameterSpace, anchors: Int = 0) throws {
    try nameParameters(space)
    let preset = try contains("/labels") ? "labels" : "preset"
    if preset == "preset" { try write(Array(0..<count), shape: [count], to: "/preset") }
    if anchors > 0 { try write(Array(0..<anchors), shape: [anchors], to: "/anchor") }
    if try contains("/information") { try write(space.names, to: "/column_names") }
    for scale in [preset, "anchor", "column_names", "feature_names", "refused_names", "optional_effects"] {
      if try contains("/" + scale) { try makeScale("/" + scale, name: scale) }
    }
    for column in [
      "groups", "weights", "retrieval_loss", "retrieval_fluctuation", "retrieval_correlation", "retrieval_status",
      "rows", "order",
    ] { try nameDimensions(of: column, by: [preset]) }
    try nameDimensions(of: "theta", by: [preset, "names"], units: "logit")
    try nameDimensions(of: "present", by: [preset, "optional_effects"])
    try nameDimensions(of: "standard_errors", by: [preset, "names"], units: "logit")
    try nameDimensions(of: "information", by: [preset, "names", "column_names"])
    try nameDimensions(of: "widths", by: ["names"], units: "logit")
    try nameDimensions(of: "features", by: [preset, "feature_names"])
    try nameDimensions(of: FeatureRecord.anchorsName, by: ["anchor", "names"], units: "logit")
    try nameDimensions(of: "refused_reasons", by: ["refused_names"])
    try set("unconstrained parameters (logits)", attribute: "long_name", of: "/theta")
  }

  /// Names the dimension of the parameters, and says in which units they are once they are mapped from logits.
  package func nameParameters(_ space: ParameterSpace) throws {
    try makeScale("/names", name: "names")
    try nameDimensions(of: "units", by: ["names"])
    guard space.count <= Self.mostUnits else { return }
    try set(space.parameters.map(\.unit.rawValue), attribute: "parameter_units", of: "/names")
  }

  /// Names the dimensions of a dataset by scales at the root, if it was written.
  package func nameDimensions(of dataset: String, by scales: [String], units: String? = nil) throws {
    guard try contains("/" + dataset) else { return }
    try attach(scales: scales.map { "/" + $0 }, to: "/" + dataset)
    if let units { try set(units, attribute: "units", of: "/" + dataset) }
  }
}
