import CAllocationCounter
import Foundation
import ModelFormats
import TensorCore
import TestSupport
import Testing

/// Damaged copies of good files: whatever the damage, the file is refused or it holds a whole matrix.
@Suite struct MatrixMarketMutationTests {
  static let samples = [
    """
    %%MatrixMarket matrix coordinate real general
    % a comment
    4 5 6
    1 1 1.5
    4 5 -2e-3
    2 3 .25
    2 1 7
    4 5 0.5
    3 2 1234567.875
    """,
    "%%MatrixMarket matrix coordinate integer symmetric\n3 3 4\n1 1 5\n2 1 -3\n3 2 8\n3 3 0\n",
    "%%MatrixMarket matrix coordinate pattern symmetric\r\n3 3 3\r\n2 1\r\n3 1\r\n3 3\r\n",
    "%%MatrixMarket matrix array real general\n2 3\n1\n0\n-2.5\n1e3\n0\n6\n",
    "%%MatrixMarket matrix array real skew-symmetric\n3 3\n1.5\n\n2\n-3\n",
  ]

  static let words = [
    "0", "1", "2", "3", "9", "60", "100000", "300000", "2147483646", "2147483647", "9223372036854775807", "-1", "1.5",
    "nan", "1e39", "3e38", "1e-46", "16777217", "coordinate", "array", "real", "integer", "pattern", "general",
    "symmetric", "skew-symmetric", "%", "",
  ]

  @Test(.timeLimit(.minutes(10)), arguments: [false, true])
  func everyDamagedFileIsReadOrRefused(allowingNonfinite: Bool) {
    let mutations = Mutations(swap: .words(Self.words), seed: 20_261_124)
    let samples = Self.samples.map { Data($0.utf8) }
    let refusedMatrices = mutations.check(samples) { (bytes, place) in
      let file = try MatrixMarketFile(data: bytes, name: "f", allowingNonfinite: allowingNonfinite)
      let matrix = try file.matrix()
      try matrix.checkInvariants()
      #expect(matrix.rows == file.rows && matrix.columns == file.columns, place)
      #expect(allowingNonfinite || matrix.values.allSatisfy(\.isFinite), place)
    }
    let refusedTensors = mutations.check(samples) { (bytes, place) in
      let file = try MatrixMarketFile(data: bytes, name: "f", allowingNonfinite: allowingNonfinite)
      let tensor = try file.tensor()
      #expect(tensor.shape == [file.rows, file.columns], place)
    }
    for refused in [refusedMatrices, refusedTensors] {
      #expect(refused > Mutations.count / 10 && refused < Mutations.count * 99 / 100)
    }
  }

  /// Large enough that the mebibyte that every file is granted does not hide what grows with it.
  @Test(
    .enabled(if: snn_allocation_counter_is_active(), "allocations are counted on glibc, unsanitized"),
    arguments: [
      ("pattern symmetric", "2 1\n", 2), ("pattern general", "1 1\n1 2\n", 2), ("real symmetric", "2 1 1\n", 2),
      ("real general", "1 2 1\n1 1 1\n", 2), ("real general", "2 2 1\n1 1 1\n", 500_000),
    ])
  func manyShortLinesStayWithinTheLimit(kind: String, lines: String, rows: Int) throws {
    let body = String(repeating: lines, count: 1_000_000)
    let count = body.utf8.lazy.filter { $0 == 0x0A }.count
    let text = "%%MatrixMarket matrix coordinate \(kind)\n\(rows) \(rows) \(count)\n" + body
    let data = Array(text.utf8)
    let peak = peakAllocatedByteCount {
      do throws(FormatError) {
        let matrix = try MatrixMarketFile(data: .init(data), name: "f").matrix()
        #expect(matrix.nnz <= 2)
      } catch {
        #expect(error.description.contains("expected at most"))
      }
    }
    // The copy of the bytes as `Data` is the caller's.
    if let peak { #expect(peak - data.count <= 4 * data.count + (1 << 20), "\(kind), \(peak) of \(data.count)") }
  }

  @Test(
    .enabled(if: snn_allocation_counter_is_active(), "allocations are counted on glibc, unsanitized"),
    arguments: ["general\n1000000 1", "general\n1 1000000", "symmetric\n1413 1413"])
  func arraysOfShortLinesStayWithinTheLimit(kind: String) throws {
    let text = "%%MatrixMarket matrix array real \(kind)\n" + String(repeating: "1\n", count: 1_000_000)
    let body = kind.hasPrefix("s") ? String(text.dropLast(2 * (1_000_000 - 1413 * 1414 / 2))) : text
    let data = Array(body.utf8)
    for wantsTensor in [true, false] {
      let peak = peakAllocatedByteCount {
        do throws(FormatError) {
          let file = try MatrixMarketFile(data: .init(data), name: "f")
          if wantsTensor { _ = try file.tensor() } else { _ = try file.matrix() }
        } catch {
          #expect(error.description.contains("expected at most"))
        }
      }
      if let peak { #expect(peak - data.count <= 4 * data.count + (1 << 20), "\(kind), \(peak) of \(data.count)") }
    }
  }
}
