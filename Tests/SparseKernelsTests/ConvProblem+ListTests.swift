import BenchmarkShapes
import Foundation
import SparseKernels
import TensorCore
import TestSupport
import Testing

/// Lists of problems as text, and printing as the inverse of reading.
struct ConvProblemListTests {
  private static let listsBesideThePackage = ["data", "peers"].flatMap {
    SharedFolder.files(in: $0, extension: "shapes")
  }

  @Test func commentsAndBlankLinesAreSkipped() throws {
    let text = "# one\n\nic1ih1oc1kh1n\"a\" # first\r\n   \t\n  ic1ih2oc1kh1nb\n  # more\nic1ih3oc1kh1"
    let problems = try ConvProblem.list(benchdnn: text)
    #expect(problems.map(\.name) == ["a", "b", ""])
    #expect(problems.map(\.inputSize.height) == [1, 2, 3])
    #expect(try ConvProblem.list(benchdnn: "").isEmpty)
    #expect(try ConvProblem.list(benchdnn: "# only\n#\u{301}a comment\n").isEmpty)
  }

  @Test func theErrorOfAListNamesTheLine() {
    let error = #expect(throws: ConvProblemListError.self) {
      try ConvProblem.list(benchdnn: "# one\r\n\r\nic1ih1oc1kh1\r\nic1ih1oc1kh1zz\nmb")
    }
    #expect(error?.line == 4)
    #expect(error?.error.field == "zz")
    #expect(error?.description == "line 4: zz: is no field of a problem, expected one such as mb1 or ic64")
  }

  @Test(arguments: ShapeSuite.allCases)
  func everySuiteParsesAndComesBackFromPrint(suite: ShapeSuite) throws {
    let problems = try suite.problems()
    #expect(!problems.isEmpty)
    for problem in problems {
      #expect(try ConvProblem(benchdnn: problem.benchdnn) == problem)
      #expect(problem.description == problem.benchdnn)
    }
    #expect(try ConvProblem.list(benchdnn: problems.map(\.benchdnn).joined(separator: "\n")) == problems)
  }

  @Test(.enabled(if: SharedFolder.isPresent, Comment(rawValue: SharedFolder.absence)))
  func realListsParseAndComeBackFromPrint() throws {
    #expect(!Self.listsBesideThePackage.isEmpty)
    for file in Self.listsBesideThePackage {
      let text = try String(contentsOf: file, encoding: .utf8)
      let problems = try ConvProblem.list(benchdnn: text)
      let lines = text.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("#") }
      #expect(problems.count == lines.count && !problems.isEmpty, "\(file.lastPathComponent)")
      #expect(try ConvProblem.list(benchdnn: problems.map(\.benchdnn).joined(separator: "\n")) == problems)
    }
  }

  @Test func printingStatesEveryField() throws {
    #expect(
      try ConvProblem(benchdnn: "mb1ic64ih56oc64kh3ph1n\"res2\"").benchdnn
        == "mb1ic64ih56iw56oc64oh56ow56kh3kw3sh1sw1dh0dw0ph1pw1n\"res2\"")
    #expect(
      try ConvProblem(benchdnn: "g2ic4iw9oc4kw3dw1").benchdnn
        == "g2mb2ic4ih1iw9oc4oh1ow5kh1kw3sh1sw1dh0dw1ph0pw0")
  }

  @Test func randomProblemsComeBackFromPrint() throws {
    var generator = SeededGenerator(seed: 11)
    func pick(_ range: ClosedRange<Int>) -> Int { range.lowerBound + generator.nextIndex(below: range.count) }
    var problems: [ConvProblem] = []
    for _ in 0..<4000 {
      let groups = pick(1...3)
      let kernel = Size2D(height: pick(1...5), width: pick(1...5))
      let dilation = Size2D(height: pick(1...3), width: pick(1...3))
      let problem = try? ConvProblem(
        batch: pick(1...4), groups: groups, inputChannels: groups * pick(1...4), outputChannels: groups * pick(1...4),
        inputSize: Size2D(height: pick(1...30), width: pick(1...30)), kernelSize: kernel,
        stride: Size2D(height: pick(1...4), width: pick(1...4)),
        padding: Padding2D(
          top: pick(0...5), bottom: pick(0...(kernel.height - 1) * dilation.height), left: pick(0...5),
          right: pick(0...(kernel.width - 1) * dilation.width)),
        dilation: dilation)
      guard let problem else { continue }
      problems.append(problem)
      #expect(try ConvProblem(benchdnn: problem.benchdnn) == problem)
    }
    #expect(problems.count > 2000)
    #expect(try ConvProblem.list(benchdnn: problems.map(\.benchdnn).joined(separator: "\n")) == problems)
  }

  @Test func anyNameComesBackFromPrint() throws {
    // Quotes, line breaks of every kind, what joins a neighbouring quote to one character (an accent, a prefix sign),
    // what looks like a field or a comment, and nothing at all.
    let pieces = [
      "a", "mb1", "\"", "'", "\n", "\r", "\r\n", "\u{85}", "\u{2028}", "\u{2029}", "\u{B}", "\u{C}", "\0", "\t", " ",
      "#", "_", "n\"", "\u{301}", "\u{200D}", "\u{600}", "\u{FEFF}", "é", "e\u{301}", "👩‍👩‍👧", "🇩", "\\", "\\\"",
    ]
    var generator = SeededGenerator(seed: 12)
    var names = pieces + [""]
    for _ in 0..<2000 {
      names.append(
        (0..<generator.nextIndex(below: 6)).map { _ in pieces[generator.nextIndex(below: pieces.count)] }.joined())
    }
    var problem = try ConvProblem(benchdnn: "mb1ic1ih3oc1kh3")
    for name in names {
      problem.name = name
      #expect(try ConvProblem(benchdnn: problem.benchdnn) == problem, "\(name.debugDescription)")
      #expect(try ConvProblem.list(benchdnn: problem.benchdnn) == [problem], "\(name.debugDescription)")
      #expect(
        try ConvProblem(
          batch: 1, inputChannels: 1, outputChannels: 1, inputSize: Size2D(3), kernelSize: Size2D(3), name: name)
          == problem)
    }
  }
}
