import ArgumentParser
import BenchmarkReport

/// The command line of `training-bench`.
@main
struct TrainingBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "training-bench",
    abstract: "Measures what the zeros of pruned weights are worth in training on this machine.",
    discussion: """
      'layers' times the step of one convolution, 'networks' that of a whole network with its optimizer; each sparse \
      beside dense, in turns, after its results were checked.
      """,
    subcommands: [LayersCommand.self, NetworksCommand.self])

  static func main() { runReportingErrors() }
}
