// swift-tools-version: 6.2
import PackageDescription

// The experiments behind the tables in docs/: programs that use the modules as any other package would.
let package = Package(
  name: "Experiments",
  dependencies: [
    .package(name: "PriorKit", path: ".."),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
  ],
  targets: [
    .executableTarget(
      name: "TransferTable",
      dependencies: [
        .product(name: "Inference", package: "PriorKit"),
        .product(name: "Evaluation", package: "PriorKit"),
        .product(name: "AudioFiles", package: "PriorKit"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ])
  ]
)
