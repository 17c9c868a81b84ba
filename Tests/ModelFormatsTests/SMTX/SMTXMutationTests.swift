import CAllocationCounter
import Foundation
import ModelFormats
import TensorCore
import TestSupport
import Testing

/// Damaged copies of good files: whatever the damage, the file is refused or it holds a whole pattern.
@Suite struct SMTXMutationTests {
  @Test(.timeLimit(.minutes(10))) func everyDamagedFileIsReadOrRefused() {
    let samples = [
      "4, 6, 7\n0 2 2 5 7 \n1 5 4 0 2 3 1 \n", "2,2,0\r\n0 0 0\r\n\r\n", "3, 12, 3\n0 1 2 3\n11 10 9",
    ]
    let words = [
      "0", "1", "2", "3", "4", "5", "7", "9", "60", "100000", "300000", "2147483646", "2147483647",
      "9223372036854775807", "-1", "1.5", "",
    ]
    let mutations = Mutations(swap: .words(words), seed: 20_261_125)
    let refused = mutations.check(samples.map { Data($0.utf8) }) { (file, _) in
      let pattern = try SMTXFile.pattern(data: file, name: "f")
      try pattern.checkInvariants()
    }
    #expect(refused > Mutations.count / 10 && refused < Mutations.count * 99 / 100)
  }

  @Test(
    .enabled(if: snn_allocation_counter_is_active(), "allocations are counted on glibc, unsanitized"),
    arguments: [(999_999, 0), (2, 1_000_000)])
  func filesOfShortNumbersStayWithinTheLimit(rows: Int, nnz: Int) throws {
    // Zeros throughout: the second file has one row full of column 0, which is refused after sorting at the latest.
    let offsets = (0...rows).map { $0 == rows ? nnz : 0 }
    let text =
      "\(rows), 10, \(nnz)\n" + offsets.map { "\($0)" }.joined(separator: " ") + "\n"
      + String(repeating: "1 0 ", count: nnz / 2)
    let data = Array(text.utf8)
    let peak = peakAllocatedByteCount {
      do throws(FormatError) {
        let pattern = try SMTXFile.pattern(data: Data(data), name: "f")
        #expect(nnz == 0 && pattern.rows == rows)
      } catch {
        #expect(error.description == "f: line 3: row 1 has column 0 twice, expected it once")
      }
    }
    // The copy of the bytes as `Data` is the caller's.
    if let peak { #expect(peak - data.count <= 4 * data.count + (1 << 20), "\(peak) of \(data.count)") }
  }
}
