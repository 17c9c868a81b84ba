import ArgumentParser
import BenchmarkReport

/// `training-bench layers`.
struct LayersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "layers",
    abstract: "Times the training step of single convolutions: repacking, forward, both gradients.",
    discussion: """
      The layers are those of ResNet-18. The sparse side is the kernel 'direct' on a uniformly random pattern. The \
      dense side is the fastest of the kernels that compute gradients, each with every weight stored.
      """)

  @Option(
    help: ArgumentHelp(
      "A layer: a part of the names in the list, such as @56, or benchdnn's notation. Repeatable.",
      valueName: "problem"))
  var problem: [String] = []

  @OptionGroup var shared: SharedOptions

  func run() throws {
    let plan = try LayerPlan(problems: problem, options: shared)
    try LayerRun(plan: plan, report: RunReport(plan.settings, outputs: shared.outputs, isQuiet: shared.quiet)).run()
  }
}
