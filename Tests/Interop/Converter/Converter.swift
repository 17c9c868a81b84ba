import Foundation
import ModelFormats
import TensorCore

/// Reads files and writes them again, for `interop.py`, which made them with other libraries and reads what comes out.
///
/// Each line of the standard input is an operation, the file to read and the file to write, separated by tabs.
@main
struct Converter {
  static func main() throws {
    while let line = readLine() {
      let fields = line.split(separator: "\t").map(String.init)
      guard fields.count == 3, let operation = operations[fields[0]] else { throw Unknown(line: line) }
      try operation(fields[1], fields[2])
    }
  }

  private struct Unknown: Error {
    let line: String
  }

  private static let operations: [String: @Sendable (_ source: String, _ destination: String) throws -> Void] = [
    "npy": { try NPYFile.write(NPYFile.tensor(path: $0), to: $1) },
    "npy-to-mtx": { try MatrixMarketWriter.write(NPYFile.tensor(path: $0), to: $1) },
    "mtx": { try MatrixMarketWriter.write(MatrixMarketFile(path: $0).matrix(), to: $1) },
    "mtx-to-npy": { try NPYFile.write(MatrixMarketFile(path: $0).tensor(), to: $1) },
    "mtx-pattern": { try MatrixMarketWriter.write(MatrixMarketFile(path: $0).matrix().pattern, to: $1) },
    "mtx-to-safetensors": { source, destination in
      var writer = SafetensorsWriter()
      try writer.add(MatrixMarketFile(path: source).matrix(), named: "matrix")
      try writer.write(to: destination)
    },
    "safetensors-to-mtx": {
      try MatrixMarketWriter.write(SafetensorsFile(path: $0).matrix(named: "matrix"), to: $1)
    },
    "safetensors": { source, destination in
      let file = try SafetensorsFile(path: source)
      var writer = SafetensorsWriter(metadata: file.metadata)
      for name in file.tensorNames { try writer.add(file.tensor(named: name), named: name) }
      try writer.write(to: destination)
    },
    "smtx": { try SMTXFile.write(SMTXFile.pattern(path: $0), to: $1) },
    "update": TrainingOperations.update,
    "prune": TrainingOperations.prune,
    "rewire": TrainingOperations.rewire,
    "loss": LossOperation.loss,
  ]
}
