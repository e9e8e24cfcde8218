// swift-tools-version: 6.2
import PackageDescription

// The experiments behind the tables in docs/: programs that use the modules as any other package would.
let modules: [Target.Dependency] = ["Inference", "Evaluation", "AudioFiles"].map {
  .product(name: $0, package: "PriorKit")
}
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "Experiments",
  dependencies: [
    .package(name: "PriorKit", path: ".."),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
  ],
  targets: [
    .target(name: "TransferSetting", dependencies: modules),
    .executableTarget(name: "OptimiserComparison", dependencies: ["TransferSetting"] + modules + [argumentParser]),
    .executableTarget(name: "OrbitEstimates", dependencies: modules + [argumentParser]),
    .executableTarget(name: "PosteriorCoverage", dependencies: ["TransferSetting"] + modules + [argumentParser]),
    .executableTarget(name: "StopComparison", dependencies: ["TransferSetting"] + modules + [argumentParser]),
    .executableTarget(name: "SymmetryGains", dependencies: modules + [argumentParser]),
    .executableTarget(name: "VaryingShapes", dependencies: modules + [argumentParser]),
    .executableTarget(name: "SymmetryTransfers", dependencies: ["TransferSetting"] + modules + [argumentParser]),
  ]
)
