// swift-tools-version: 6.2
import PackageDescription

// A program that runs the C kernels, the wrappers of C libraries and the threads once, to be built with sanitizers:
// scripts/test-sanitizers. A package of its own, so that a build of it leaves that of the library alone.

let package = Package(
  name: "Sanitizers",
  dependencies: [.package(name: "PriorKit", path: "..")],
  targets: [
    .executableTarget(
      name: "checked",
      dependencies: [
        "AudioFiles", "Evaluation", "FXChain", "FXParams", "FileOutput", "HDF5Store", "Inference", "NumericCore",
        "Retrieval",
      ].map { .product(name: $0, package: "PriorKit") },
      swiftSettings: [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .treatAllWarnings(as: .error),
      ])
  ]
)
