import Foundation

/// A file that appears whole or not at all: bytes go to a temporary file beside the target, which takes the target's
/// name when everything is on disk.
///
///     let file = try AtomicFile(path: "weights.safetensors")
///     try file.write(header)
///     try file.write(values)
///     try file.commit()
///
/// - An existing target keeps its permissions; a new file gets those of the user's mask. A target that the user may
///   not write is refused, although to replace it would be possible.
/// - A symbolic link stays a link, and what it points to is replaced, or created.
/// - A target that exists and is not a regular file (`/dev/null`, a fifo), and a stream that is already open
///   (`/dev/stdout`, `/dev/fd/3`), is written directly, hence not atomically. A folder is refused.
///
/// Without ``commit()`` the target stays as it was and the temporary file is removed with the object, though not when
/// a signal ends the process. Relative paths must mean the same at creation and at ``commit()``. Not thread-safe.
public final class AtomicFile {
  private let path: String
  /// What is written where: directly, or to a temporary file in the target's folder that will be renamed.
  private let destination: Destination
  private var state: State

  private enum Destination {
    case direct
    case replacement(temporary: String, target: String)
  }

  private enum State {
    case open(descriptor: Int32)
    case failed
    case committed
  }

  /// Prepares to write a file: its temporary file is created now, so that an unwritable place fails before hours of
  /// work, not after.
  ///
  /// - Throws: ``FormatError`` of kind ``FormatError/Kind/cannotWrite``.
  public init(path: String) throws(FormatError) {
    self.path = path
    do throws(SystemCalls.Failure) {
      if let stream = Self.openStream(named: path) {
        destination = .direct
        state = .open(descriptor: try SystemCalls.duplicate(stream))
        return
      }
    } catch {
      throw Self.failure(path, "cannot be opened for writing", error)
    }
    // The system ends a path at its first zero byte, and would then write another file than the one named.
    if path.isEmpty || path.utf8.contains(0) {
      throw FormatError(.cannotWrite, file: path, "is not a file name, expected one without zero bytes")
    }
    let existing = try Self.status(of: path)
    if existing?.type == .directory || path.hasSuffix("/") {
      throw FormatError(.cannotWrite, file: path, "is a folder, expected a file")
    }
    do throws(SystemCalls.Failure) {
      if let existing {
        try SystemCalls.checkWritable(path)
        if existing.type == .other {
          destination = .direct
          state = .open(descriptor: try SystemCalls.openForWriting(path))
          return
        }
      }
      let target = Self.followingLinks(path)
      let temporary = Self.temporaryName(beside: target)
      destination = .replacement(temporary: temporary, target: target)
      state = .open(descriptor: try SystemCalls.createNew(temporary))
    } catch {
      throw Self.failure(path, "cannot be created", error)
    }
    // Before the first byte, so that a private file's contents never stand in a public one. From here on `deinit`
    // cleans up.
    if let existing { try adopt(existing) }
  }

  deinit {
    abandon()
  }

  /// Appends bytes.
  ///
  /// - Throws: ``FormatError`` of kind ``FormatError/Kind/cannotWrite``; the file is then given up: its temporary file
  ///   is gone, and every later call throws too.
  /// - Precondition: the file is not committed.
  public func write(_ data: Data) throws(FormatError) {
    let descriptor = try openDescriptor()
    let result = data.withUnsafeBytes { bytes in
      Result { () throws(SystemCalls.Failure) in try SystemCalls.write(bytes, to: descriptor) }
    }
    do throws(SystemCalls.Failure) { try result.get() } catch {
      abandon()
      throw Self.failure(path, "cannot be written", error)
    }
  }

  /// Makes what was written the target's contents: flushes it to disk, then renames it over the target.
  ///
  /// - Throws: ``FormatError`` of kind ``FormatError/Kind/cannotWrite`` if that fails or if a ``write(_:)`` failed
  ///   before; the target is then as it was.
  /// - Precondition: the file is not committed.
  public func commit() throws(FormatError) {
    let descriptor = try openDescriptor()
    guard case .replacement(let temporary, let target) = destination else {
      state = .committed
      do throws(SystemCalls.Failure) { try SystemCalls.close(descriptor) } catch {
        throw Self.failure(path, "cannot be written", error)
      }
      return
    }
    // The permissions may have been changed since the file was begun.
    if let existing = try Self.status(of: target), existing.type == .regular { try adopt(existing) }
    do throws(SystemCalls.Failure) {
      try SystemCalls.flush(descriptor)
      try SystemCalls.rename(temporary, to: target)
    } catch {
      abandon()
      throw Self.failure(path, "cannot be replaced", error)
    }
    state = .committed
    // Nothing is left to be lost: the flush has reported what a file system could still refuse.
    try? SystemCalls.close(descriptor)
    SystemCalls.flushFolder(Self.folder(of: target))
  }

  /// Writes a whole file at once: creates, writes and commits.
  ///
  /// - Throws: ``FormatError`` of kind ``FormatError/Kind/cannotWrite``; the target is then as it was.
  public static func write(_ data: Data, to path: String) throws(FormatError) {
    let file = try AtomicFile(path: path)
    try file.write(data)
    try file.commit()
  }

  private func openDescriptor() throws(FormatError) -> Int32 {
    switch state {
    case .open(let descriptor): return descriptor
    case .failed:
      throw FormatError(.cannotWrite, file: path, "was given up when writing it failed, expected no further use")
    case .committed: preconditionFailure("AtomicFile: \(path) is used after its commit")
    }
  }

  private func abandon() {
    guard case .open(let descriptor) = state else { return }
    state = .failed
    try? SystemCalls.close(descriptor)
    if case .replacement(let temporary, _) = destination { SystemCalls.remove(temporary) }
  }

  private func adopt(_ status: SystemCalls.Status) throws(FormatError) {
    let descriptor = try openDescriptor()
    do throws(SystemCalls.Failure) { try SystemCalls.adopt(status, descriptor: descriptor) } catch {
      abandon()
      throw Self.failure(path, "cannot be given the permissions of the file it replaces", error)
    }
  }
}

extension AtomicFile {
  private static func failure(_ path: String, _ problem: String, _ cause: SystemCalls.Failure) -> FormatError {
    FormatError(.cannotWrite, file: path, "\(problem): \(cause.message)")
  }

  private static func status(of path: String) throws(FormatError) -> SystemCalls.Status? {
    do throws(SystemCalls.Failure) { return try SystemCalls.status(of: path) } catch {
      if error.isMissingFile { return nil }
      throw failure(path, "cannot be created", error)
    }
  }

  /// The descriptor that a path such as `/dev/stdout` names. Where standard output is redirected to a file, to replace
  /// that file would lose what the program has printed, and to open it again would write over it.
  private static func openStream(named path: String) -> Int32? {
    switch path {
    case "/dev/stdout": return 1
    case "/dev/stderr": return 2
    default:
      for folder in ["/dev/fd/", "/proc/self/fd/"] where path.hasPrefix(folder) {
        return Int32(path.dropFirst(folder.count))
      }
      return nil
    }
  }

  /// The path after every symbolic link in its last component; it need not exist.
  private static func followingLinks(_ path: String) -> String {
    var path = path
    // The kernel gives up after forty links too, and the caller has already seen it follow these.
    for _ in 0..<40 {
      guard let link = SystemCalls.linkTarget(of: path) else { break }
      path = link.hasPrefix("/") ? link : folder(of: path) + "/" + link
    }
    return path
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// A hidden name in the folder of the target, since a rename is atomic only inside one file system.
  private static func temporaryName(beside target: String) -> String {
    // File names end at 255 bytes, of which a character takes at most a few tens; the random part makes it unique.
    let name = (target.split(separator: "/").last ?? "").unicodeScalars.prefix(50)
    return "\(folder(of: target))/.\(String(String.UnicodeScalarView(name))).\(UUID().uuidString).tmp"
  }
}
