// swift-tools-version: 6.2
import PackageDescription

// Programs that use the modules as any other package would; the library does not depend on them.

func product(_ name: String) -> Target.Dependency { .product(name: name, package: "PriorKit") }

let package = Package(
  name: "Examples",
  dependencies: [.package(name: "PriorKit", path: "..")],
  targets: [
    .executableTarget(
      name: "SampleAndRender",
      dependencies: ["AudioFiles", "FXChain", "FXParams", "NumericCore", "PresetStore", "PriorKit"].map(product)),
    .executableTarget(name: "FitDensity", dependencies: [product("Inference")]),
    .executableTarget(
      name: "CustomFamily",
      dependencies: ["Distributions", "Inference", "NumericCore", "PresetStore", "PriorKit", "Workflows"].map(
        product)),
    .executableTarget(
      name: "TransferVocal", dependencies: ["PresetStore", "PriorKit", "Workflows"].map(product)),
  ]
)
