import ArgumentParser
import BenchmarkReport

/// `training-bench networks`.
struct NetworksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "networks",
    abstract: "Times the training step of whole networks: forward, loss, backward, optimizer.",
    discussion: """
      Images and labels are random. Every network is trained dense, dense through the sparse kernel with every weight \
      stored, and sparse with the same sparsity in every layer or with that of Erdos-Renyi-Kernel. The first layer \
      and the last stay dense in all.
      """)

  @Option(
    help: ArgumentHelp(
      "Networks to train: \(NetworkKind.allCases.map(\.rawValue).joined(separator: ", ")). (default: vgg-small,resnet20)",
      valueName: "names"))
  var networks: [String] = []

  @Option(
    help: ArgumentHelp(
      "What updates the parameters: \(OptimizerKind.allCases.map(\.rawValue).joined(separator: ", ")). (default: adam)",
      valueName: "name"))
  var optimizer: String?

  @Flag(help: "Adds steps that are timed by phase and kind of operation, after those that count.")
  var profile = false

  @OptionGroup var shared: SharedOptions

  func run() throws {
    let plan = try NetworkPlan(networks: networks, optimizer: optimizer, profiles: profile, options: shared)
    try NetworkRun(plan: plan, report: RunReport(plan.settings, outputs: shared.outputs, isQuiet: shared.quiet)).run()
  }
}
