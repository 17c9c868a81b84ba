// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "swift-sparse-nn",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "SparseNN", targets: ["SparseNN"]),
    .executable(name: "sparse-bench", targets: ["SparseBench"]),
    .executable(name: "training-bench", targets: ["TrainingBench"]),
    .executable(name: "sparsenn", targets: ["SparseNNTool"]),
  ],
  traits: [
    .trait(name: "CHOLMOD", description: "The CHOLMOD product and kernel. Its MatrixOps module is GPL-2.0-or-later."),
    .trait(name: "GraphBLAS", description: "The GraphBLAS product and kernel (Apache-2.0, a large library)."),
    .trait(name: "OneDNN", description: "The strong dense kernel (Apache-2.0)."),
    .trait(name: "Images", description: "Folders of PNG and JPEG images, through libpng and libjpeg-turbo."),
    .default(enabledTraits: ["CHOLMOD", "GraphBLAS", "OneDNN", "Images"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0")
  ],
  targets: [
    // C: system libraries (a module map and a shim header each) and our own micro-kernels.
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas",
      providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
    .systemLibrary(
      name: "CCHOLMOD",
      providers: [.apt(["libsuitesparse-dev"]), .brew(["suite-sparse"])]),
    .systemLibrary(
      name: "CCXSparse",
      providers: [.apt(["libsuitesparse-dev"]), .brew(["suite-sparse"])]),
    .systemLibrary(
      name: "CGraphBLAS",
      providers: [.apt(["libgraphblas-dev"]), .brew(["suite-sparse"])]),
    .systemLibrary(
      name: "COneDNN",
      providers: [.apt(["libdnnl-dev"]), .brew(["onednn"])]),
    .systemLibrary(
      name: "CZlib",
      providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(
      name: "CPNG",
      providers: [.apt(["libpng-dev"]), .brew(["libpng"])]),
    .systemLibrary(
      name: "CTurboJPEG",
      providers: [.apt(["libturbojpeg0-dev"]), .brew(["jpeg-turbo"])]),
    .target(name: "CMicroKernels"),

    // Swift: imports point one way, and the lists below are the architecture.
    .target(name: "TensorCore"),
    .target(
      name: "SparseKernels",
      dependencies: [
        "TensorCore", "CMicroKernels", "COpenBLAS", "CCXSparse",
        .target(name: "CCHOLMOD", condition: .when(traits: ["CHOLMOD"])),
        .target(name: "CGraphBLAS", condition: .when(traits: ["GraphBLAS"])),
        .target(name: "COneDNN", condition: .when(traits: ["OneDNN"])),
      ]),
    .target(
      name: "ModelFormats",
      dependencies: [
        "TensorCore", "CZlib",
        .target(name: "CPNG", condition: .when(traits: ["Images"])),
        .target(name: "CTurboJPEG", condition: .when(traits: ["Images"])),
      ]),
    .target(name: "NeuralLayers", dependencies: ["TensorCore", "SparseKernels"]),
    .target(name: "Optimizers", dependencies: ["TensorCore"]),
    .target(name: "Pruning", dependencies: ["TensorCore"]),
    // Pages, plots and tables, which know nothing of what is reported.
    .target(name: "HTMLReport"),
    .target(
      name: "SparseTraining",
      dependencies: [
        "TensorCore", "SparseKernels", "ModelFormats", "NeuralLayers", "Optimizers", "Pruning", "HTMLReport",
      ]),
    .target(
      name: "SparseNN",
      dependencies: [
        "TensorCore", "SparseKernels", "ModelFormats", "NeuralLayers", "Optimizers", "Pruning", "SparseTraining",
      ]),
    // The command-line tool; a folder named as its product would be `SparseNN` where names ignore case.
    .executableTarget(
      name: "SparseNNTool",
      dependencies: [
        "TensorCore", "SparseKernels", "ModelFormats", "NeuralLayers", "Pruning", "SparseTraining", "HTMLReport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // The benchmarks, what they report with, and the problem lists that they share with the tests.
    .target(
      name: "BenchmarkShapes", dependencies: ["SparseKernels"], path: "Benchmarks/Shapes",
      resources: [.embedInCode("Problems")]),
    .target(
      name: "BenchmarkReport",
      dependencies: [
        "TensorCore", "SparseKernels", "ModelFormats", "HTMLReport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Benchmarks/BenchmarkReport"),
    .executableTarget(
      name: "SparseBench",
      dependencies: [
        "TensorCore", "SparseKernels", "ModelFormats", "HTMLReport", "BenchmarkReport", "BenchmarkShapes",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Benchmarks/SparseBench"),
    .executableTarget(
      name: "TrainingBench",
      dependencies: [
        "TensorCore", "SparseKernels", "ModelFormats", "NeuralLayers", "Optimizers", "Pruning", "HTMLReport",
        "BenchmarkReport", "BenchmarkShapes", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Benchmarks/TrainingBench"),

    // Tests mirror Sources.
    .target(
      name: "TestSupport",
      dependencies: [
        "TensorCore", "SparseKernels", "BenchmarkShapes", "CAllocationCounter", "CZlib",
        .target(name: "CTurboJPEG", condition: .when(traits: ["Images"])),
      ],
      path: "Tests/TestSupport"),
    .executableTarget(
      name: "InteropConverter",
      dependencies: ["TensorCore", "SparseKernels", "ModelFormats", "NeuralLayers", "Optimizers", "Pruning"],
      path: "Tests/Interop/Converter"),
    .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"),
    .target(name: "CEmulatedKernels", dependencies: ["CMicroKernels"], path: "Tests/CEmulatedKernels"),
    .executableTarget(
      name: "WriterFixture", dependencies: ["TensorCore", "ModelFormats"], path: "Tests/WriterFixture"),
    .testTarget(name: "TensorCoreTests", dependencies: ["TensorCore", "TestSupport"]),
    .testTarget(
      name: "CMicroKernelsTests", dependencies: ["CMicroKernels", "CEmulatedKernels", "TensorCore", "TestSupport"]),
    .testTarget(
      name: "SparseKernelsTests",
      dependencies: [
        "TensorCore", "SparseKernels", "CMicroKernels", "BenchmarkShapes", "TestSupport", "CAllocationCounter",
      ]),
    .testTarget(
      name: "ModelFormatsTests",
      dependencies: ["TensorCore", "ModelFormats", "TestSupport", "CAllocationCounter", "WriterFixture"]),
    .testTarget(
      name: "NeuralLayersTests", dependencies: ["NeuralLayers", "TensorCore", "SparseKernels", "TestSupport"]),
    .testTarget(name: "OptimizersTests", dependencies: ["Optimizers", "TensorCore", "CAllocationCounter"]),
    .testTarget(name: "PruningTests", dependencies: ["Pruning", "TensorCore"]),
    .testTarget(name: "HTMLReportTests", dependencies: ["HTMLReport"]),
    .testTarget(
      name: "SparseTrainingTests",
      dependencies: [
        "TensorCore", "SparseKernels", "ModelFormats", "NeuralLayers", "Optimizers", "Pruning", "HTMLReport",
        "SparseTraining", "TestSupport",
      ]),
    .testTarget(
      name: "SparseNNToolTests",
      dependencies: ["SparseNNTool", "SparseBench", "SparseTraining", "ModelFormats", "TensorCore", "TestSupport"]),
    .testTarget(name: "SparseNNTests", dependencies: ["SparseNN", "TestSupport"]),
    .testTarget(
      name: "SparseBenchTests",
      dependencies: [
        "SparseBench", "TensorCore", "SparseKernels", "ModelFormats", "BenchmarkShapes", "HTMLReport", "TestSupport",
      ]),
    .testTarget(
      name: "TrainingBenchTests",
      dependencies: [
        "TrainingBench", "BenchmarkReport", "HTMLReport", "TensorCore", "SparseKernels", "NeuralLayers", "TestSupport",
      ]),
  ],
  swiftLanguageModes: [.v6]
)
