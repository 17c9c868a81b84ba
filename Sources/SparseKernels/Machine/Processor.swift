import Foundation

/// The processor that this process runs on, as the operating system describes it.
public struct Processor: Hashable, Sendable, Codable {
  /// One level of its cache hierarchy.
  public struct Cache: Hashable, Sendable, Codable {
    /// 1 is nearest to the core.
    public let level: Int
    /// `Data`, `Instruction` or `Unified`.
    public let kind: String
    /// Its size.
    public let byteCount: Int
  }

  /// The model's name; `unknown` where the system does not tell.
  public let model: String
  /// Hardware threads that the process may use.
  public let threadCount: Int
  /// The widest instruction set that our micro-kernels use here: `avx512`, `avx2` or `scalar`.
  public let instructionSet: String
  /// The caches of the first core, nearest first; empty where the system does not tell.
  public let caches: [Cache]

  /// This processor. Read from `/proc` and `/sys`, which only Linux has; elsewhere the caches are not known.
  public static let current = Processor(
    model: readModel() ?? "unknown", threadCount: ProcessInfo.processInfo.activeProcessorCount,
    instructionSet: InstructionSet.current.rawValue, caches: readCaches())

  /// The size of the cache of a level that holds data, or a usual size where the system does not tell.
  public func dataCacheByteCount(level: Int) -> Int {
    let usual = [1: 32 << 10, 2: 512 << 10]
    return caches.first { $0.level == level && $0.kind != "Instruction" }?.byteCount ?? usual[level] ?? 8 << 20
  }

  private static func readModel() -> String? {
    guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8) else { return nil }
    let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
    return line?.split(separator: ":", maxSplits: 1).last.map { $0.trimmingCharacters(in: .whitespaces) }
  }

  private static func readCaches() -> [Cache] {
    (0..<16).compactMap { index -> Cache? in
      func field(_ name: String) -> String? {
        let path = "/sys/devices/system/cpu/cpu0/cache/index\(index)/\(name)"
        return (try? String(contentsOfFile: path, encoding: .utf8))?.trimmingCharacters(in: .whitespacesAndNewlines)
      }
      guard let level = field("level").flatMap({ Int($0) }), let kind = field("type"),
        let byteCount = field("size").flatMap(parseSize)
      else { return nil }
      return Cache(level: level, kind: kind, byteCount: byteCount)
    }
  }

  /// Reads `32K` or `8M`.
  private static func parseSize(_ text: String) -> Int? {
    let units: [Character: Int] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30]
    if let unit = text.last.flatMap({ units[$0] }) { return Int(text.dropLast()).map { $0 * unit } }
    return Int(text)
  }
}
