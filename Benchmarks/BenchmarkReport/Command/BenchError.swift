import Foundation
import ModelFormats

/// Why a benchmark ends: one line for the person, one status of `sysexits.h` for the script.
package struct BenchError: Error, Equatable, CustomStringConvertible {
  /// The exit statuses that the benchmarks use.
  package enum Status: Int32, Sendable {
    case usage = 64
    case badData = 65
    case noInput = 66
    case wrongResult = 70
    case cannotCreate = 73
    case interrupted = 130
  }

  package let status: Status
  package let description: String

  package static func usage(_ message: String) -> BenchError { BenchError(status: .usage, description: message) }

  package init(status: Status, description: String) {
    self.status = status
    self.description = description
  }

  package init(_ error: FormatError) {
    let status: Status =
      switch error.kind {
      case .noInput: .noInput
      case .badData: .badData
      case .cannotWrite: .cannotCreate
      }
    self.init(status: status, description: error.description)
  }

  /// Ends the process of a command with the line and the status.
  package func exitProcess(command: String) -> Never {
    FileHandle.standardError.write(Data("\(command): error: \(description)\n".utf8))
    exit(status.rawValue)
  }
}
