import Foundation

/// The memory that this process has had at most.
public enum PeakMemory {
  /// Bytes of memory that were resident at once, at most, since the process began; nil where the system does not tell, which is
  /// everywhere but on Linux.
  public static var byteCount: Int? {
    (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)).flatMap { byteCount(inStatus: $0) }
  }

  /// Reads the line `VmHWM:     1234 kB` of `/proc/self/status`.
  static func byteCount(inStatus text: String) -> Int? {
    let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    let fields = line?.split(whereSeparator: \.isWhitespace) ?? []
    guard fields.count == 3, fields[2] == "kB", let count = Int(fields[1]), count >= 0 else { return nil }
    let (bytes, isTooLarge) = count.multipliedReportingOverflow(by: 1024)
    return isTooLarge ? nil : bytes
  }
}
