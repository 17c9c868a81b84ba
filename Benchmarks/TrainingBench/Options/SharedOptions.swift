import ArgumentParser
import BenchmarkReport

/// The options that both commands have, as the person wrote them.
struct SharedOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Images per step. (default: 32 of layers, 128 of networks)", valueName: "count"))
  var batch: String?

  @Option(help: ArgumentHelp("Threads per step. (default: 1 for layers, 2 for networks)", valueName: "count"))
  var threads: String?

  @Option(
    help: ArgumentHelp(
      "Fractions of zeros in 0...1. (default: 0.5,0.7,0.8,0.9,0.95,0.98 of layers, 0.8,0.9,0.95 of networks)",
      valueName: "fractions"))
  var sparsity: [String] = []

  @Option(
    help: ArgumentHelp(
      "Time for each contender on each case. (default: 0.6 for layers, 2 for networks)", valueName: "seconds"))
  var secondsPerCase: String?

  @Option(help: ArgumentHelp("Where random weights and inputs start. (default: 1)", valueName: "number"))
  var seed: String?

  @Option(help: ArgumentHelp("Writes every sample and the machine's description to a file.", valueName: "file"))
  var json: String?

  @Option(help: ArgumentHelp("Writes one line per result to a file, without the samples.", valueName: "file"))
  var csv: String?

  @Flag(help: "Prints the summary only: no progress, no table per case.")
  var quiet = false
}

extension SharedOptions {
  /// What the options mean where they are not given.
  struct Standard {
    let batch: Int
    let threadCount: Int
    let sparsities: [Double]
    let secondsPerCase: Double
  }

  func settings(_ standard: Standard) throws(BenchError) -> RunSettings {
    RunSettings(
      batch: try OptionText.batch(batch) ?? standard.batch,
      threadCount: try OptionText.threads(threads, standard: standard.threadCount),
      sparsities: try OptionText.sparsities(sparsity, standard: standard.sparsities),
      secondsPerCase: try OptionText.secondsPerCase(secondsPerCase, standard: standard.secondsPerCase),
      seed: try OptionText.seed(seed))
  }

  var outputs: [OutputFile] {
    [("json", json), ("csv", csv)].compactMap { option, path in path.map { OutputFile(option: option, path: $0) } }
  }
}
