import Foundation
import ModelFormats
import SparseTraining

/// Why the command ends: one line for the person, one status of `sysexits.h` for the script.
struct ToolError: Error, Equatable, CustomStringConvertible {
  /// The exit statuses that the command uses.
  enum Status: Int32 {
    case usage = 64
    case badData = 65
    case noInput = 66
    /// Numbers that are none, or a fault of ours.
    case software = 70
    case cannotCreate = 73
    case interrupted = 130
  }

  let status: Status
  let description: String

  static func usage(_ message: String) -> ToolError { ToolError(status: .usage, description: message) }

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

  init(_ error: TrainingError) {
    let status: Status =
      switch error {
      case .setting: .usage
      case .data, .checkpoint: .badData
      case .lossNotFinite, .gradientNotFinite, .stateNotFinite: .software
      }
    self.init(status: status, description: error.description)
  }

  func exitProcess() -> Never {
    FileHandle.standardError.write(Data("sparsenn: error: \(description)\n".utf8))
    exit(status.rawValue)
  }
}
