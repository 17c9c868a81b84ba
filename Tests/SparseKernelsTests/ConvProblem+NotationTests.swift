import BenchmarkShapes
import Foundation
import SparseKernels
import TensorCore
import Testing

struct ConvProblemNotationTests {
  private func message(_ line: String) -> String? {
    let error = #expect(throws: ConvProblemError.self, "\(line)") { try ConvProblem(benchdnn: line) }
    return error?.description
  }

  // MARK: Rules for what is absent

  @Test func everyFieldGoesToItsPlace() throws {
    let problem = try ConvProblem(
      benchdnn: "g2mb3ic4ih20iw21oc6oh9ow8kh3kw5sh2sw3dh1dw0ph1pw2n\"all of them\"")
    #expect(problem.groups == 2 && problem.batch == 3)
    #expect(problem.inputChannels == 4 && problem.outputChannels == 6)
    #expect(problem.inputSize == Size2D(height: 20, width: 21))
    #expect(problem.outputSize == Size2D(height: 9, width: 8))
    #expect(problem.kernelSize == Size2D(height: 3, width: 5))
    #expect(problem.stride == Size2D(height: 2, width: 3))
    #expect(problem.dilation == Size2D(height: 2, width: 1))
    #expect(problem.padding == Padding2D(top: 1, bottom: 0, left: 2, right: 3))
    #expect(problem.name == "all of them")
  }

  @Test func absentBatchIsTwo() throws {
    #expect(try ConvProblem(benchdnn: "ic1ih1oc1kh1").batch == 2)
    #expect(try ConvProblem(benchdnn: "mb1ic1ih1oc1kh1").batch == 1)
  }

  @Test func absentGroupsAreOne() throws {
    #expect(try ConvProblem(benchdnn: "ic4ih1oc4kh1").groups == 1)
  }

  @Test func absentStridesAreOne() throws {
    #expect(try ConvProblem(benchdnn: "ic1ih9oc1kh1").stride == Size2D(1))
  }

  @Test func absentAndZeroDilationIsDense() throws {
    #expect(try ConvProblem(benchdnn: "ic1ih9oc1kh3").dilation == Size2D(1))
    #expect(try ConvProblem(benchdnn: "ic1ih9oc1kh3dh0").dilation == Size2D(1))
  }

  @Test func dilationIsOneMoreThanTheText() throws {
    let problem = try ConvProblem(benchdnn: "ic1ih9oc1kh3dh2")
    #expect(problem.dilation == Size2D(3))
    #expect(problem.outputSize == Size2D(3))
  }

  @Test(arguments: ["i", "o", "k", "s", "d", "p"])
  func eachAbsentWidthCopiesItsHeight(missing: String) throws {
    // 11 rows and columns, a kernel of 3 with a hole (5 elements), stride 2, padding 2: 6 outputs.
    let values = [("i", 11), ("o", 6), ("k", 3), ("s", 2), ("d", 1), ("p", 2)]
    let full = values.map { "\($0)h\($1)\($0)w\($1)" }.joined()
    let partial = values.map { $0 == missing ? "\($0)h\($1)" : "\($0)h\($1)\($0)w\($1)" }.joined()
    let heights = values.map { "\($0)h\($1)" }.joined()
    let problem = try ConvProblem(benchdnn: "ic1oc1\(full)")
    #expect(try ConvProblem(benchdnn: "ic1oc1\(partial)") == problem)
    #expect(try ConvProblem(benchdnn: "ic1oc1\(heights)") == problem)
  }

  @Test func aStatedWidthIsKeptWhileTheOthersAreCopied() throws {
    let problem = try ConvProblem(benchdnn: "ic1ih9iw12oc1kh3ph1sh2dw1")
    #expect(problem.inputSize == Size2D(height: 9, width: 12))
    #expect(problem.kernelSize == Size2D(3))
    #expect(problem.dilation == Size2D(height: 1, width: 2))
    #expect(problem.padding.top == 1 && problem.padding.left == 1)
    #expect(problem.stride == Size2D(2))
  }

  @Test func heightsAreNotCopiedFromWidths() {
    #expect(message("ic1ih9iw9oc1kw3") == "kh: is missing")
    #expect(message("ic1iw9oc1kh3") == "ih: is missing")
  }

  @Test func withoutAnyHeightTheImageIsOneRowHigh() throws {
    let problem = try ConvProblem(benchdnn: "mb1ic3iw32oc4ow16kw5sw2pw2")
    #expect(problem.inputSize == Size2D(height: 1, width: 32))
    #expect(problem.kernelSize == Size2D(height: 1, width: 5))
    #expect(problem.outputSize == Size2D(height: 1, width: 16))
    #expect(problem.stride == Size2D(height: 1, width: 2))
    #expect(problem.padding == Padding2D(top: 0, bottom: 0, left: 2, right: 1))
  }

  @Test func paddingIsZeroWithoutOutputOrPadding() throws {
    let problem = try ConvProblem(benchdnn: "ic1ih9oc1kh3")
    #expect(problem.padding == .none && problem.outputSize == Size2D(7))
  }

  @Test func paddingIsTheSameAtBothEndsWithoutOutput() throws {
    let problem = try ConvProblem(benchdnn: "ic1ih9oc1kh5ph2")
    #expect(problem.padding == Padding2D(2) && problem.outputSize == Size2D(9))
    // The last window ends one row early, so that the last row of padding is never read.
    let strided = try ConvProblem(benchdnn: "ic1ih8oc1kh3sh2ph1")
    #expect(strided.padding == Padding2D(top: 1, bottom: 0, left: 1, right: 0) && strided.outputSize == Size2D(4))
  }

  @Test func outputWithoutPaddingSplitsItWithTheOddElementAtTheEnd() throws {
    #expect(try ConvProblem(benchdnn: "ic1ih9oc1oh9kh3").padding == Padding2D(1))
    #expect(
      try ConvProblem(benchdnn: "ic1ih9oc1oh9kh4").padding == Padding2D(top: 1, bottom: 2, left: 1, right: 2))
    #expect(
      try ConvProblem(benchdnn: "ic1ih8oc1oh4kh3sh2").padding == Padding2D(top: 0, bottom: 1, left: 0, right: 1))
    #expect(try ConvProblem(benchdnn: "ic1ih9oc1oh7kh3").padding == .none)
    // Nothing bounds a padding that is the same at both ends, even if some windows then see nothing else.
    #expect(try ConvProblem(benchdnn: "ic1ih9oc1oh99kh3").padding == Padding2D(46))
  }

  @Test func outputWithPaddingPutsTheRestAtTheEnd() throws {
    #expect(
      try ConvProblem(benchdnn: "ic1ih9oc1oh9kh4ph0").padding == Padding2D(top: 0, bottom: 3, left: 0, right: 3))
    #expect(
      try ConvProblem(benchdnn: "ic1ih9oc1oh9kh4ph2").padding == Padding2D(top: 2, bottom: 1, left: 2, right: 1))
  }

  @Test func eachAxisFollowsItsOwnRule() throws {
    let problem = try ConvProblem(benchdnn: "ic1ih9iw9oc1ow9kh4kw4ph1")
    #expect(problem.outputSize == Size2D(height: 8, width: 9))
    #expect(problem.padding == Padding2D(top: 1, bottom: 1, left: 1, right: 2))
  }

  // MARK: The line

  @Test(arguments: [
    "oc8ic4ph1kh3ih7mb1g2", "g2_mb1_ic4_ih7_oc8_kh3_ph1", "__g2mb1__ic4ih7oc8kh3ph1_", "g2mb1ic4ih7oc8kh3ph1 # comment",
    "g2mb1ic4ih7oc8kh3ph1# comment", "g2mb1ic4ih7oc8kh3ph1 \t", "g2mb1ic4ih7oc8kh3ph1n", "g2mb1ic4ih7oc8kh3ph1n\"\"",
    "g02mb001ic4ih7oc8kh3ph1", "g2mb1ic4ih7iw7oc8oh7ow7kh3kw3sh1sw1dh0dw0ph1pw1",
  ])
  func orderSeparatorsAndCommentsDoNotMatter(line: String) throws {
    #expect(
      try ConvProblem(benchdnn: line)
        == ConvProblem(
          batch: 1, groups: 2, inputChannels: 4, outputChannels: 8, inputSize: Size2D(7), kernelSize: Size2D(3),
          padding: Padding2D(1)))
  }

  @Test(
    arguments: [
      ("n\"res2 #1\" # comment", "res2 #1"), ("nres2", "res2"), ("nres2_kh3", "res2_kh3"), ("nres2 # comment", "res2"),
      ("nres2#comment", "res2"), ("n\"mb1ic4\"", "mb1ic4"), ("n\" \"", " "), ("n\"größe\"", "größe"),
      ("n\"a\"# b", "a"),
      ("n#comment", ""),
    ])
  func names(text: String, name: String) throws {
    #expect(try ConvProblem(benchdnn: "ic1ih1oc1kh1\(text)").name == name)
  }

  @Test func flatDepthIsTaken() throws {
    #expect(
      try ConvProblem(benchdnn: "ic1id1ih5oc1od1kd1kh3sd1dd0pd0") == ConvProblem(benchdnn: "ic1ih5oc1kh3"))
    #expect(try ConvProblem(benchdnn: "ic1id1iw5oc1kd1kw3").inputSize == Size2D(height: 1, width: 5))
  }

  @Test(
    arguments: [
      ("", "ih: is missing"),
      ("mb1", "ih: is missing"),
      ("ic1ih5oc1", "kh: is missing"),
      ("ih5oc1kh1", "ic: is missing"),
      ("ic1ih5kh1", "oc: is missing"),
      ("ic1iw5oc1", "kw: is missing"),
      ("ic1ih5oc1khx", "khx: is no field of a problem, expected one such as mb1 or ic64"),
      ("ic1ih5oc1kh_3", "kh: has no number after it"),
      ("ic1ih5oc1kh", "kh: has no number after it"),
      ("ic-1ih5oc1kh1", "ic: has no number after it"),
      ("5ic1ih5oc1kh1", "5ic1ih5oc1kh: is no field of a problem, expected one such as mb1 or ic64"),
      ("IC1ih5oc1kh1", "IC1ih5oc1kh1: is no field of a problem, expected one such as mb1 or ic64"),
      ("ic1xx2ih5oc1kh1", "xx2ih5oc1kh1: is no field of a problem, expected one such as mb1 or ic64"),
      ("ic1ih5oc1kh1*", "*: is no field of a problem, expected one such as mb1 or ic64"),
      ("ic1ih٣oc1kh1", "ih: has no number after it"),
      ("ic2147483648ih5oc1kh1", "ic: is 2147483648, expected at most 2147483647"),
      (
        "ic1ih99999999999999999999999999999999999999oc1kh1",
        "ih: is 99999999999999999999999999999999, expected at most 2147483647"
      ),
      ("ic1ic1ih5oc1kh1", "ic: is given twice"),
      ("ic1ih5oc1kh1sh1sh2", "sh: is given twice"),
      ("mb1 ic1ih5oc1kh1", "ic1ih5oc1kh1: follows the problem, expected the end of the line or a # comment"),
      ("ic1ih5oc1kh1n\"a\"b", "b: follows the problem, expected the end of the line or a # comment"),
      ("ic1ih5oc1kh1n\"a\" mb2", "mb2: follows the problem, expected the end of the line or a # comment"),
      ("ic1ih5oc1kh1na b", "b: follows the problem, expected the end of the line or a # comment"),
      ("ic1ih5oc1kh1n\"a", "n: the name has no closing quote"),
      ("ic1ih5oc1kh1n\"", "n: the name has no closing quote"),
      ("mb0ic1ih5oc1kh1", "mb: is 0, expected 1...2147483647"),
      ("g0ic1ih5oc1kh1", "g: is 0, expected 1...2147483647"),
      ("ic0ih5oc1kh1", "ic: is 0, expected 1...2147483647"),
      ("ic1ih5oc0kh1", "oc: is 0, expected 1...2147483647"),
      ("ic1ih0oc1kh1", "ih: is 0, expected 1...2147483647"),
      ("ic1ih5iw0oc1kh1", "iw: is 0, expected 1...2147483647"),
      ("ic1ih5oc1kh0", "kh: is 0, expected 1...2147483647"),
      ("ic1ih5oc1kh1sh0", "sh: is 0, expected 1...2147483647"),
      ("ic1ih5oc1oh0kh1", "oh: is 0, expected 1...2147483647"),
      ("ic1ih5oc1oh0kh1ph0", "oh: is 0, expected 1...2147483647"),
      (
        "ic1ih5oc1kh3dh2147483647",
        "dh: dilation is 2147483648, expected 1...2147483647 (benchdnn writes dilation - 1)"
      ),
      ("g2ic3ih5oc4kh1", "ic: 3 channels cannot be divided into 2 groups"),
      ("g2ic4ih5oc3kh1", "oc: 3 channels cannot be divided into 2 groups"),
      ("ic1ih5oc1kh7", "kh: the kernel covers 7 elements, more than the 5 of the padded image"),
      ("ic1ih5oc1kh8ph1kw1", "kh: the kernel covers 8 elements, more than the 7 of the padded image"),
      ("ic1ih9oc1oh4kh3", "oh: is 4, but the other fields give at least 7"),
      ("ic1ih9oc1oh8kh3ph2", "oh: is 8, but the other fields give at least 9"),
      ("ic1ih9oc1oh12kh3ph0", "oh: is 12, which needs 5 elements of padding at the end; expected at most 2"),
      ("ic1ih9iw9oc1oh9ow99kh3kw3pw0", "ow: is 99, which needs 92 elements of padding at the end; expected at most 2"),
      (
        "mb1000000000ic1000000000ih1000000000iw1oc1kh1",
        "input: shape [1000000000, 1000000000, 1000000000, 1]: the number of elements does not fit in 63 bits of address"
      ),
    ])
  func errorsNameTheFieldAndWhatWasExpected(line: String, expected: String) {
    #expect(message(line) == expected)
  }

  @Test(arguments: [
    ("id2", "id", 2), ("od3", "od", 3), ("kd3", "kd", 3), ("sd2", "sd", 2), ("pd1", "pd", 1), ("dd1", "dd", 1),
  ])
  func realDepthIsRefused(text: String, field: String, value: Int) {
    #expect(
      message("ic1ih5oc1kh1\(text)") == "\(field): is \(value), but only two-dimensional images are supported")
  }
}
