import TensorCore

/// What of a pattern a plan is remembered under: how much is stored and how evenly, not where.
public struct PatternStatistics: Hashable, Sendable {
  /// Rows: output channels.
  public let rows: Int
  /// Columns: weights of an output channel.
  public let columns: Int
  /// Stored positions.
  public let nnz: Int
  /// Rows without any.
  public let emptyRowCount: Int
  /// Stored positions of the longest row.
  public let longestRow: Int
  /// How many rows have about how many positions: a number that patterns of like rows share, whatever their order.
  public let digest: UInt64

  /// - Complexity: O(rows).
  public init(_ pattern: SparsityPattern) {
    rows = pattern.rows
    columns = pattern.columns
    nnz = pattern.nnz
    var (empty, longest) = (0, 0)
    // Rows by length in powers of two.
    var counts = [Int](repeating: 0, count: Int.bitWidth + 1)
    for row in 0..<pattern.rows {
      let length = pattern.entries(ofRow: row).count
      if length == 0 { empty += 1 }
      longest = max(longest, length)
      counts[Int.bitWidth - length.leadingZeroBitCount] += 1
    }
    emptyRowCount = empty
    longestRow = longest
    digest = StableHash.of(counts.map { "\($0)" }.joined(separator: " "))
  }
}

/// A hash that is the same in every process, unlike Swift's own: FNV-1a with 64 bits.
enum StableHash {
  static func of(_ text: some StringProtocol) -> UInt64 {
    text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }

  /// As 16 hexadecimal digits.
  static func text(_ hash: UInt64) -> String {
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
