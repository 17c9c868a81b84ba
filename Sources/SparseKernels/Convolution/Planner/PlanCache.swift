import Foundation
import TensorCore

/// Measured plans, kept in memory and in a folder, one file for each machine (processor, instruction set, libraries).
///
/// A file is read when it is first needed. Storing reads it again under a lock, adds to what is there, and puts the new file in place of
/// the old one in one step: processes that store at the same time keep what all of them measured, and a reader sees a whole file. A file
/// that is damaged or foreign is ignored with a warning, and replaced by the next plan that is stored; one of a newer version is
/// ignored and left alone. Where nothing can be written, plans last as long as the process.
public final class PlanCache: Sendable {
  /// The environment variable that names the folder of ``standard``; empty or `off` for no cache.
  public static let folderVariable = "SPARSENN_PLAN_CACHE"

  /// The cache of this user: the folder of ``folderVariable``, or `swift-sparse-nn` in `$XDG_CACHE_HOME` or `~/.cache`; nil where the
  /// variable says so or there is no home.
  public static let standard: PlanCache? = standardFolder(ProcessInfo.processInfo.environment).map {
    PlanCache(folder: $0)
  }

  /// Where the files are.
  public let folder: String
  /// This machine's file.
  public var path: String { "\(folder)/plans-\(StableHash.text(StableHash.of(machine))).txt" }

  private let machine: String
  private let warn: @Sendable (String) -> Void
  private let state = Locked(State())

  private struct State {
    /// Nil before the file is read.
    var file: PlanCacheFile?
    /// Whether a newer version's file is in our place.
    var isReadOnly = false
    var warnings: Set<String> = []
  }

  /// A cache in a folder, which is made when a plan is stored.
  ///
  /// - Parameter warn: told, once each, why a file is ignored or cannot be written; by default a line on standard error.
  public convenience init(folder: String, warn: @escaping @Sendable (String) -> Void = PlanCache.warnOnStandardError) {
    self.init(folder: folder, machine: Self.currentMachine, warn: warn)
  }

  init(folder: String, machine: String, warn: @escaping @Sendable (String) -> Void) {
    self.folder = folder
    self.machine = machine
    self.warn = warn
  }

  /// Writes a line on standard error.
  public static let warnOnStandardError: @Sendable (String) -> Void = { text in
    FileHandle.standardError.write(Data("swift-sparse-nn: warning: \(text)\n".utf8))
  }

  /// What each kernel took, if that was measured.
  func medians(for key: PlanKey) -> [String: Double]? {
    state.withLock { state in
      if state.file == nil { state.file = read(&state) }
      return state.file?.entries[key]
    }
  }

  /// Keeps what was measured.
  func store(_ medians: [String: Double], for key: PlanKey) {
    state.withLock { state in
      var file = state.file ?? PlanCacheFile()
      file.entries[key] = medians
      state.file = file
      do throws(FileFailure) {
        try write(&state)
      } catch {
        warnOnce("\(path): \(error.words): plans are kept for this process only", &state)
      }
    }
  }

  // MARK: - The file

  /// The file's plans; none where it is missing or ignored.
  private func read(_ state: inout State) -> PlanCacheFile {
    guard let data = FileManager.default.contents(atPath: path) else { return PlanCacheFile() }
    do throws(PlanCacheFile.Fault) {
      guard let text = String(data: data, encoding: .utf8) else { throw .damaged("it is not UTF-8") }
      return try PlanCacheFile(text: text, machine: machine)
    } catch {
      if case .newer = error { state.isReadOnly = true }
      warnOnce("\(path): ignored: it \(error.words)", &state)
      return PlanCacheFile()
    }
  }

  /// Why the file was not written.
  private struct FileFailure: Error {
    let words: String
  }

  private func write(_ state: inout State) throws(FileFailure) {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw FileFailure(words: "the folder cannot be made")
    }
    let lock = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    if lock < 0 { throw FileFailure(words: "cannot be written (\(String(cString: strerror(errno))))") }
    // Closing gives the lock back.
    defer { close(lock) }
    while flock(lock, LOCK_EX) != 0 {
      if errno != EINTR { throw FileFailure(words: "cannot be locked (\(String(cString: strerror(errno))))") }
    }
    var file = read(&state)
    if state.isReadOnly { return }
    file.entries.merge(state.file?.entries ?? [:]) { $1 }
    state.file = file
    do {
      try Data(file.text(machine: machine).utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw FileFailure(words: "cannot be written")
    }
  }

  private func warnOnce(_ text: String, _ state: inout State) {
    if state.warnings.insert(text).inserted { warn(text) }
  }

  // MARK: - Where, and whose

  /// The folder that an environment asks for.
  static func standardFolder(_ environment: [String: String]) -> String? {
    if let folder = environment[folderVariable] { return folder.isEmpty || folder == "off" ? nil : folder }
    if let caches = environment["XDG_CACHE_HOME"], caches.hasPrefix("/") { return caches + "/swift-sparse-nn" }
    return environment["HOME"].flatMap { $0.isEmpty ? nil : $0 + "/.cache/swift-sparse-nn" }
  }

  /// Everything that measured times depend on besides the problem; one line.
  static let currentMachine: String = {
    let processor = Processor.current
    let libraries = LibraryVersions.all.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    let parts =
      [processor.model, processor.instructionSet, "\(processor.threadCount) threads", OpenBLAS.coreName] + libraries
    return parts.joined(separator: ", ").split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }()
}
