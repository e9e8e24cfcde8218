// swift-tools-version: 6.2
import PackageDescription

// Programs that use the modules as any other package would; the library does not depend on them.
let package = Package(
  name: "Examples",
  dependencies: [.package(name: "PriorKit", path: "..")],
  targets: [
    .executableTarget(name: "FitDensity", dependencies: [.product(name: "Inference", package: "PriorKit")])
  ]
)
