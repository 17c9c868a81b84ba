// swift-tools-version: 6.1
import PackageDescription

// Not part of the package above, so that its users never build this. README.md says how to.
let parsers = ["Safetensors", "NPY", "MatrixMarket", "SMTX", "IDX", "Image", "BenchDNN"]

let package = Package(
  name: "fuzzing",
  platforms: [.macOS(.v15)],
  dependencies: [
    // Without CHOLMOD and GraphBLAS, which read no files.
    .package(name: "swift-sparse-nn", path: "../..", traits: ["Images"])
  ],
  targets: [
    .target(name: "FuzzSupport", dependencies: [.product(name: "SparseNN", package: "swift-sparse-nn")])
  ]
    + parsers.map { parser in
      .executableTarget(
        name: "Fuzz\(parser)",
        dependencies: ["FuzzSupport", .product(name: "SparseNN", package: "swift-sparse-nn")])
    },
  swiftLanguageModes: [.v6]
)
