import Foundation
import ModelFormats

/// The folder that a training's files go to.
struct OutputFolder {
  let path: String

  /// Makes the folder, unless it is there.
  init(path: String) throws {
    self.path = path
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw ToolError(status: .cannotCreate, description: "\(path): cannot be made, expected a place for a folder")
    }
  }

  /// The path of a file in it.
  func file(_ name: String) -> String { path + "/" + name }
}
