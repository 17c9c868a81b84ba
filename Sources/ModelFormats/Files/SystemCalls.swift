#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The few POSIX calls that Foundation does not offer, each repeated when a signal interrupts it.
///
/// They stand in a type of their own, because a type with a method `write` cannot call the function `write` without
/// naming the platform's C library.
enum SystemCalls {
  /// What went wrong in a call, in the system's words.
  struct Failure: Error {
    let code: Int32
    var message: String { String(cString: strerror(code)) }
    var isMissingFile: Bool { code == ENOENT }
  }

  /// What the path of a file leads to, links followed.
  enum FileType { case regular, directory, other }

  /// What the caller has to know of a file.
  struct Status {
    let type: FileType
    /// Who may read, write and execute it. Not the set-user-id bits: whoever replaces a file must not lend his rights.
    let mode: mode_t
    let owner: uid_t
    let group: gid_t
  }

  static func status(of path: String) throws(Failure) -> Status {
    var status = stat()
    let result = retrying { stat(path, &status) }
    if result < 0 { throw Failure(code: errno) }
    let type: FileType =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .regular
      case S_IFDIR: .directory
      default: .other
      }
    return Status(type: type, mode: status.st_mode & 0o777, owner: status.st_uid, group: status.st_gid)
  }

  static func checkReadable(_ path: String) throws(Failure) {
    if retrying({ access(path, R_OK) }) < 0 { throw Failure(code: errno) }
  }

  static func checkWritable(_ path: String) throws(Failure) {
    if retrying({ access(path, W_OK) }) < 0 { throw Failure(code: errno) }
  }

  /// Where a symbolic link points, or nil if `path` is not one.
  static func linkTarget(of path: String) -> String? {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(path, &buffer, buffer.count)
    return count < 0 ? nil : String(decoding: buffer.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// Opens a new file for writing, with the permissions that the user's mask gives it; fails where one exists.
  static func createNew(_ path: String) throws(Failure) -> Int32 {
    let descriptor = retrying { open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666) }
    if descriptor < 0 { throw Failure(code: errno) }
    return descriptor
  }

  static func openForWriting(_ path: String) throws(Failure) -> Int32 {
    let descriptor = retrying { open(path, O_WRONLY | O_CLOEXEC) }
    if descriptor < 0 { throw Failure(code: errno) }
    return descriptor
  }

  static func duplicate(_ descriptor: Int32) throws(Failure) -> Int32 {
    let copy = retrying { fcntl(descriptor, F_DUPFD_CLOEXEC, 0) }
    if copy < 0 { throw Failure(code: errno) }
    return copy
  }

  /// Writes all of `bytes`: a call may take only some of them, and a pipe that does not block may take none for now.
  static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) throws(Failure) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let part = UnsafeRawBufferPointer(rebasing: rest)
      let count = writeOnce(descriptor, part)
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno == EAGAIN {
        var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&wait, 1, -1)
      } else if errno != EINTR {
        throw Failure(code: errno)
      }
    }
  }

  /// Gives an open file the permissions of another, and its owner where the process may.
  static func adopt(_ status: Status, descriptor: Int32) throws(Failure) {
    // Only a privileged process may, and need.
    _ = fchown(descriptor, status.owner, status.group)
    if retrying({ fchmod(descriptor, status.mode) }) < 0 { throw Failure(code: errno) }
  }

  static func flush(_ descriptor: Int32) throws(Failure) {
    if retrying({ fsync(descriptor) }) < 0 { throw Failure(code: errno) }
  }

  /// Closes once, for the descriptor is gone even where an interrupted call reports an error.
  static func close(_ descriptor: Int32) throws(Failure) {
    if closeOnce(descriptor) < 0, errno != EINTR { throw Failure(code: errno) }
  }

  static func rename(_ source: String, to target: String) throws(Failure) {
    if renameOnce(source, target) < 0 { throw Failure(code: errno) }
  }

  static func remove(_ path: String) {
    _ = unlink(path)
  }

  /// Makes a rename in a folder last through a power cut, on the file systems that let a folder be flushed.
  static func flushFolder(_ path: String) {
    let descriptor = retrying { open(path, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else { return }
    _ = fsync(descriptor)
    _ = closeOnce(descriptor)
  }

  private static func retrying(_ call: () -> Int32) -> Int32 {
    while true {
      let result = call()
      if result >= 0 || errno != EINTR { return result }
    }
  }
}

private func writeOnce(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
  write(descriptor, bytes.baseAddress, bytes.count)
}

private func closeOnce(_ descriptor: Int32) -> Int32 {
  close(descriptor)
}

private func renameOnce(_ source: String, _ target: String) -> Int32 {
  rename(source, target)
}
