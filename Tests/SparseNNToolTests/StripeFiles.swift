import Foundation
import TensorCore
import TestSupport

/// MNIST's four files with small images: class k has stripes of k + 1 pixels, with noise.
struct StripeFiles {
  let folder: TemporaryFolder
  static let size = 10

  init(trainingCount: Int = 96, testCount: Int = 40, size: Int = StripeFiles.size) throws {
    folder = try TemporaryFolder()
    for (part, count, seed) in [("train", trainingCount, 1), ("t10k", testCount, 2)] {
      var generator = SeededGenerator(seed: UInt64(seed))
      var pixels: [UInt8] = []
      for image in 0..<count {
        for y in 0..<size {
          for _ in 0..<size {
            pixels.append(UInt8((y / (image % 10 + 1) % 2 == 0 ? 180 : 40) + generator.nextIndex(below: 40)))
          }
        }
      }
      let images = idxBytes([UInt32(count), UInt32(size), UInt32(size)], pixels)
      let labels = idxBytes([UInt32(count)], (0..<count).map { UInt8($0 % 10) })
      _ = try folder.file("\(part)-images-idx3-ubyte", holding: images)
      _ = try folder.file("\(part)-labels-idx1-ubyte", holding: labels)
    }
  }

  var path: String { folder.path }
}

extension BuiltCommand {
  /// `sparsenn train` on small files, quietly.
  static func train(_ data: StripeFiles, output: String, _ arguments: String...) throws -> Outcome {
    let command = BuiltCommand(
      named: "sparsenn",
      ["train", "--data", data.path, "--output", output, "--quiet", "--batch", "16", "--epochs", "2"] + arguments)
    try command.start()
    return try command.finish()
  }

  static func sparsenn(_ arguments: [String]) throws -> Outcome {
    let command = BuiltCommand(named: "sparsenn", arguments)
    try command.start()
    return try command.finish()
  }
}
