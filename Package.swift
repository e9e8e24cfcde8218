// swift-tools-version: 6.2
import PackageDescription

// The picture of the house: every target lists what it may import, and imports point downwards only.
// docs/architecture.md draws it; scripts/check-imports holds the sources to it.

// MARK: - System libraries (Debian names; `make setup` installs them)

let systemLibraries: [Target] = [
  .systemLibrary(
    name: "CHDF5", path: "Sources/CSystem/CHDF5", pkgConfig: "hdf5-serial", providers: [.apt(["libhdf5-dev"])]),
  .systemLibrary(
    name: "COpenBLAS", path: "Sources/CSystem/COpenBLAS", pkgConfig: "openblas",
    providers: [.apt(["libopenblas-dev", "liblapacke-dev"])]),
  .systemLibrary(
    name: "CFFTW", path: "Sources/CSystem/CFFTW", pkgConfig: "fftw3f", providers: [.apt(["libfftw3-dev"])]),
  .systemLibrary(
    name: "CNettle", path: "Sources/CSystem/CNettle", pkgConfig: "nettle", providers: [.apt(["nettle-dev"])]),
  .systemLibrary(
    name: "CSndfile", path: "Sources/CSystem/CSndfile", pkgConfig: "sndfile",
    providers: [.apt(["libsndfile1-dev"])]),
  .systemLibrary(
    name: "CEbur128", path: "Sources/CSystem/CEbur128", pkgConfig: "libebur128",
    providers: [.apt(["libebur128-dev"])]),
  .systemLibrary(
    name: "CSoxr", path: "Sources/CSystem/CSoxr", pkgConfig: "soxr", providers: [.apt(["libsoxr-dev"])]),
  .systemLibrary(
    name: "CLibzip", path: "Sources/CSystem/CLibzip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),
  // It has no file for pkg-config.
  .systemLibrary(name: "CDNNL", path: "Sources/CSystem/CDNNL", providers: [.apt(["libdnnl-dev"])]),
]

// MARK: - Kernels that need wider vectors than the baseline, in C, chosen at load time

let kernels: [Target] = [
  .target(
    name: "CKernels",
    exclude: [
      "cascade.inc", "cascade_pass.inc", "dynamics.inc", "echoes.inc", "fdn_kernel.inc", "sends.inc", "spectra.inc",
    ]),
  .target(name: "CNumericKernels", exclude: ["complex_lanes.inc", "stereo_loss.inc"]),
  // The only caller of oneDNN.
  .target(
    name: "CNeuralKernels", dependencies: ["CDNNL"], linkerSettings: [.linkedLibrary("dnnl"), .linkedLibrary("dl")]),
]

// MARK: - Packages

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

// MARK: - Library modules, bottom to top

let modules: [Target] = [
  .target(name: "FileOutput", dependencies: ["CNettle"]),
  .target(name: "HDF5Store", dependencies: ["FileOutput", "CHDF5"]),
  .target(name: "NumericCore", dependencies: ["COpenBLAS", "CFFTW", "CNumericKernels"]),
  .target(name: "AudioFiles", dependencies: ["FileOutput", "CSndfile", "CEbur128", "CSoxr"]),
  .target(name: "FXParams", dependencies: [yams]),
  .target(name: "FXChain", dependencies: ["FXParams", "NumericCore", "CKernels"]),
  .target(name: "StyleFeatures", dependencies: ["Statistics", "NumericCore"]),
  .target(name: "NeuralCore", dependencies: ["NumericCore", "FileOutput", "CNeuralKernels"]),
  .target(name: "LearnedEncoders", dependencies: ["StyleFeatures", "NeuralCore", "NumericCore", "FileOutput"]),
  .target(name: "PresetRegression", dependencies: ["StyleFeatures", "NeuralCore", "NumericCore", "FileOutput"]),
  .target(name: "Statistics", dependencies: ["NumericCore"]),
  .target(name: "Distributions", dependencies: ["FXParams", "NumericCore"]),
  .target(
    name: "PresetStore", dependencies: ["FXParams", "NumericCore", "HDF5Store", "FileOutput", "CLibzip"]),
  .target(
    name: "PriorKit",
    dependencies: [
      "PresetStore", "Distributions", "Statistics", "FXParams", "NumericCore", "HDF5Store", "FileOutput",
    ]),
  .target(
    name: "Inference",
    dependencies: [
      "PriorKit", "PresetStore", "Distributions", "Statistics", "FXChain", "StyleFeatures", "FXParams",
      "NumericCore", "HDF5Store", "FileOutput",
    ]),
  .target(name: "Evaluation", dependencies: ["Statistics", "NumericCore"]),
  .target(
    name: "Retrieval",
    dependencies: ["Inference", "Evaluation", "PriorKit", "Distributions", "FXChain", "FXParams", "NumericCore"]),
  .target(
    name: "Workflows",
    dependencies: [
      "Retrieval", "Inference", "Evaluation", "PriorKit", "PresetStore", "Distributions", "Statistics", "FXChain",
      "StyleFeatures", "LearnedEncoders", "PresetRegression", "NeuralCore", "FXParams", "AudioFiles", "NumericCore",
      "HDF5Store", "FileOutput", yams,
    ]),
]

// MARK: - The command line

let tools: [Target] = [
  .executableTarget(
    name: "Tools",
    dependencies: [
      "Workflows", "Retrieval", "Inference", "Evaluation", "PriorKit", "PresetStore", "Distributions", "Statistics",
      "FXChain",
      "StyleFeatures", "LearnedEncoders", "PresetRegression", "NeuralCore", "FXParams", "AudioFiles", "NumericCore",
      "HDF5Store", "FileOutput", argumentParser,
    ])
]

// MARK: - Tests: one target a module, laws and reference access shared

let testSupport: Target = .target(
  name: "TestSupport",
  dependencies: [
    "HDF5Store", "NumericCore", "FXParams", "Distributions", "PresetStore", "PriorKit", "Inference",
    "LearnedEncoders",
  ],
  path: "Tests/TestSupport")

let kernelNames = kernels.map(\.name)
let systemNames = Set((systemLibraries + kernels).map(\.name))

/// A test target sees its module and the Swift targets that the module itself sees.
let tests: [Target] =
  modules.map { module in
    let visible = module.dependencies.filter { dependency in
      guard case .byNameItem(let name, _) = dependency else { return true }
      return !systemNames.contains(name) && name != "HDF5Store"
    }
    let own: [Target.Dependency] = module.name == "HDF5Store" ? [] : [.target(name: module.name)]
    // Values by other programs, with the scripts that made them; the tests read them where they are.
    let references =
      ["PriorKit", "Inference", "HDF5Store", "PresetRegression"].contains(module.name) ? ["Reference"] : []
    return .testTarget(
      name: module.name + "Tests", dependencies: visible + own + ["TestSupport", "HDF5Store"], exclude: references)
  } + [
    .testTarget(
      name: "ToolsTests",
      dependencies: [
        "Tools", "Workflows", "TestSupport", "LearnedEncoders", "HDF5Store", "NumericCore", "PriorKit",
        "PresetStore", "Distributions",
        "Statistics", "Inference", "FXParams", "AudioFiles", yams,
      ])
  ]

let package = Package(
  name: "PriorKit",
  products: modules.map { .library(name: $0.name, targets: [$0.name]) }
    + [.executable(name: "priorkit", targets: ["Tools"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: systemLibraries + kernels + modules + tools + [testSupport] + tests
)

for target in package.targets where target.type != .system && !kernelNames.contains(target.name) {
  target.swiftSettings = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
  ]
}
