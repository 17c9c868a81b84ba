import Foundation
import ModelFormats

/// Why the benchmark ends: one line for the person, one status of `sysexits.h` for the script.
struct BenchError: Error, Equatable, CustomStringConvertible {
  /// The exit statuses that the command uses.
  enum Status: Int32 {
    case usage = 64
    case badData = 65
    case noInput = 66
    case wrongResult = 70
    case cannotCreate = 73
    case interrupted = 130
  }

  let status: Status
  let description: String

  static func usage(_ message: String) -> BenchError { BenchError(status: .usage, description: message) }

  init(status: Status, description: String) {
    self.status = status
    self.description = description
  }

  init(_ error: FormatError) {
    let status: Status =
      switch error.kind {
      case .noInput: .noInput
      case .badData: .badData
      case .cannotWrite: .cannotCreate
      }
    self.init(status: status, description: error.description)
  }

  func exitProcess() -> Never {
    FileHandle.standardError.write(Data("sparse-bench: error: \(description)\n".utf8))
    exit(status.rawValue)
  }
}
