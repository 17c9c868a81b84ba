import Foundation
import TestSupport
import Testing

@Suite struct OptionTests {
  /// One line on standard error that contains the words, nothing else, and the status.
  private func expectFailure(
    _ status: Int32, _ words: [String], _ arguments: [String], sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let command = BuiltCommand(named: "training-bench", arguments)
    try command.start()
    let outcome = try command.finish()
    #expect(outcome.status == status, "\(outcome.errors)", sourceLocation: sourceLocation)
    #expect(outcome.output.isEmpty, "\(arguments)", sourceLocation: sourceLocation)
    #expect(outcome.errors.hasPrefix("training-bench: error: "), sourceLocation: sourceLocation)
    #expect(outcome.errors.filter(\.isNewline).count == 1, "\(outcome.errors)", sourceLocation: sourceLocation)
    for word in words {
      #expect(outcome.errors.contains(word), "'\(word)' in: \(outcome.errors)", sourceLocation: sourceLocation)
    }
  }

  @Test(arguments: ["layers", "networks"])
  func wrongSharedFlagsAreUsageErrors(mode: String) throws {
    try expectFailure(64, ["--sparsity", "1.2", "0...1"], [mode, "--sparsity", "1.2"])
    try expectFailure(64, ["--sparsity", "''"], [mode, "--sparsity", "0.5,"])
    try expectFailure(64, ["--batch", "'0'", "1..."], [mode, "--batch", "0"])
    try expectFailure(64, ["--threads", "'1e3'", "1...1024"], [mode, "--threads", "1e3"])
    try expectFailure(64, ["--seconds-per-case", "'inf'"], [mode, "--seconds-per-case", "inf"])
    try expectFailure(64, ["--seed", "'-3'"], [mode, "--seed=-3"])
    try expectFailure(64, ["--nonsense"], [mode, "--nonsense"])
  }

  @Test func wrongChoicesNameWhatThereIs() throws {
    try expectFailure(64, ["--problem 'mb1ic4'"], ["layers", "--problem", "mb1ic4"])
    try expectFailure(64, ["--problem ''"], ["layers", "--problem", ""])
    try expectFailure(
      64, ["--batch", "bits"], ["layers", "--batch", "2147483647", "--problem", "ic100000ih9999oc4kh1"])
    try expectFailure(64, ["'alexnet'", "vgg-small, resnet20"], ["networks", "--networks", "alexnet"])
    try expectFailure(64, ["'lion'", "adam, sgd"], ["networks", "--optimizer", "lion"])
    try expectFailure(64, ["'train'"], ["train"])
  }

  @Test func filesAreCheckedBeforeAnythingRuns() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("report")
    try expectFailure(64, ["--json and --csv both name"], ["layers", "--json", path, "--csv", path])
    try expectFailure(73, ["nowhere/file"], ["networks", "--json", path, "--csv", folder.path + "/nowhere/file"])
    #expect(try folder.names.isEmpty)
  }
}
