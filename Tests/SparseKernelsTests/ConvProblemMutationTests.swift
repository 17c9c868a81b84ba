import BenchmarkShapes
import SparseKernels
import TensorCore
import Testing

/// Random damage to right problem lines: the reader either gives a problem that comes back from print, or an error.
struct ConvProblemMutationTests {
  private static let seed: UInt64 = 2024

  /// The pieces of a line: a field with its number, or any other byte on its own.
  private func pieces(_ line: [UInt8]) -> [[UInt8]] {
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    var pieces: [[UInt8]] = []
    var current: [UInt8] = []
    for byte in line {
      if let last = current.last, digits.contains(last), !digits.contains(byte) {
        pieces.append(current)
        current = []
      }
      current.append(byte)
    }
    return pieces + [current]
  }

  private func mutated(_ line: String, lines: [String], using generator: inout SeededGenerator) -> String {
    func pick(_ count: Int) -> Int { generator.nextIndex(below: max(count, 1)) }
    var bytes = Array(line.utf8)
    for _ in 0...pick(3) {
      let place = pick(bytes.count + 1)
      switch pick(6) {
      case 0:
        if !bytes.isEmpty { bytes[pick(bytes.count)] ^= 1 << UInt8(pick(8)) }
      case 1:
        let run = (0...pick(40)).map { _ in UInt8(ascii: "0") + UInt8(pick(10)) }
        bytes.insert(contentsOf: run, at: place)
      case 2:
        let donor = pieces(Array(lines[pick(lines.count)].utf8))
        var own = pieces(bytes)
        own.insert(donor[pick(donor.count)], at: pick(own.count + 1))
        bytes = own.flatMap { $0 }
      case 3:
        bytes.removeSubrange(place...)
      case 4:
        let signs = Array("\"#_n \n\t-0".utf8) + [0, 0xFF]
        bytes.insert(signs[pick(signs.count)], at: place)
      default:
        var own = pieces(bytes)
        own.remove(at: pick(own.count))
        bytes = own.flatMap { $0 }
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test func mutatedLinesGiveAProblemOrAnErrorAndNeverATrap() throws {
    let lines = ShapeSuite.allCases.flatMap { suite in
      suite.text.split(whereSeparator: \.isNewline).map(String.init).filter { !$0.hasPrefix("#") }
    }
    var generator = SeededGenerator(seed: Self.seed)
    var accepted = 0
    var refused = 0
    for _ in 0..<10_000 {
      let base = lines[generator.nextIndex(below: lines.count)]
      let line = mutated(base, lines: lines, using: &generator)
      do throws(ConvProblemError) {
        let problem = try ConvProblem(benchdnn: line)
        accepted += 1
        #expect(
          throws: Never.self,
          "seed \(Self.seed): \(line.debugDescription) printed as \(problem.benchdnn.debugDescription)"
        ) {
          let again = try ConvProblem(benchdnn: problem.benchdnn)
          #expect(again == problem, "seed \(Self.seed): \(line.debugDescription)")
          #expect(try ConvProblem.list(benchdnn: problem.benchdnn) == [problem])
        }
      } catch {
        refused += 1
        #expect(!error.field.isEmpty && !error.reason.isEmpty, "seed \(Self.seed): \(line.debugDescription)")
      }
    }
    #expect(accepted > 500, "\(accepted) accepted")
    #expect(refused > 500, "\(refused) refused")
  }

  @Test func mutatedListsGiveProblemsOrTheLineOfAnError() throws {
    let lines = ShapeSuite.conformance.text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .map(String.init)
    var generator = SeededGenerator(seed: Self.seed + 1)
    for _ in 0..<300 {
      var damaged = lines
      let index = generator.nextIndex(below: lines.count)
      damaged[index] = mutated(lines[index], lines: lines, using: &generator)
      do throws(ConvProblemListError) {
        _ = try ConvProblem.list(benchdnn: damaged.joined(separator: "\n"))
      } catch {
        // A line break may have been put in, so that the damage is found on one of the lines made of this one.
        let broken = damaged[index].split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).count
        #expect((index + 1..<index + 1 + broken).contains(error.line), "seed \(Self.seed + 1): line \(index + 1)")
      }
    }
  }

  @Test func aVeryLongLineIsReadInProportionToItsLength() {
    // A reader that copies the rest of the line at every field would take hours for these, not a moment.
    let count = 1_000_000
    for line in [
      "ic" + String(repeating: "9", count: count), String(repeating: "_", count: count) + "ic1ih1oc1kh1x",
      String(repeating: "a", count: count), "ic1ih1oc1kh1n\"" + String(repeating: "b", count: count),
      "ic1ih1oc1kh1" + String(repeating: " ", count: count) + "x",
    ] {
      let error = #expect(throws: ConvProblemError.self) { try ConvProblem(benchdnn: line) }
      #expect((error?.description.utf8.count ?? 0) < 200)
    }
  }
}
