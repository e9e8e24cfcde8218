// swift-tools-version: 6.2
import PackageDescription

// Timings of the library, in a package of their own so that nobody who uses the library builds them.
// Run: swift run --package-path Benchmarks -c release bench

let package = Package(
  name: "PriorKitBenchmarks",
  dependencies: [.package(name: "PriorKit", path: "..")],
  targets: [
    .target(name: "CAllocationCount"),
    // Products in Float, which the library has no use for.
    .systemLibrary(name: "CBenchBLAS", path: "Sources/CBenchBLAS", pkgConfig: "openblas"),
    .executableTarget(
      name: "bench",
      dependencies: [
        "CAllocationCount",
        "CBenchBLAS",
        .product(name: "AudioFiles", package: "PriorKit"),
        .product(name: "Distributions", package: "PriorKit"),
        .product(name: "Evaluation", package: "PriorKit"),
        .product(name: "FXChain", package: "PriorKit"),
        .product(name: "FXParams", package: "PriorKit"),
        .product(name: "HDF5Store", package: "PriorKit"),
        .product(name: "Inference", package: "PriorKit"),
        .product(name: "LearnedEncoders", package: "PriorKit"),
        .product(name: "NeuralCore", package: "PriorKit"),
        .product(name: "NumericCore", package: "PriorKit"),
        .product(name: "PresetRegression", package: "PriorKit"),
        .product(name: "PresetStore", package: "PriorKit"),
        .product(name: "PriorKit", package: "PriorKit"),
        .product(name: "Retrieval", package: "PriorKit"),
        .product(name: "StyleFeatures", package: "PriorKit"),
      ],
      swiftSettings: [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .treatAllWarnings(as: .error),
      ]),
  ]
)
