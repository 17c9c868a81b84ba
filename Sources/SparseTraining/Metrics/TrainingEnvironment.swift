import Foundation
import SparseKernels

/// What a number must carry to be read later: the machine, the libraries, the moment.
public struct TrainingEnvironment: Hashable, Sendable, Codable {
  /// The processor, its caches and its instruction set.
  public var processor: Processor
  /// The threads that trained.
  public var threads: Int
  /// The operating system and its version.
  public var operatingSystem: String
  /// Versions by the names of the libraries.
  public var libraries: [String: String]
  /// The commit of the code that trained; nil where it is not known.
  public var revision: String?
  /// When training began, as ISO 8601 has it.
  public var date: String

  /// This machine, now.
  ///
  /// - Parameters:
  ///   - threads: the threads that train.
  ///   - revision: the commit of the code, if it is known.
  public init(threads: Int, revision: String? = nil) {
    processor = .current
    self.threads = threads
    operatingSystem = ProcessInfo.processInfo.operatingSystemVersionString
    libraries = LibraryVersions.all
    self.revision = revision
    date = Date().ISO8601Format()
  }
}
