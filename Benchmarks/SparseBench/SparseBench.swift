import ArgumentParser
import BenchmarkShapes
import Foundation
import ModelFormats
import SparseKernels

/// The command line of `sparse-bench`: reads the options, makes the plan, runs it, reports.
@main
struct SparseBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sparse-bench",
    abstract: "Measures what the zeros of pruned convolutions are worth on this machine.",
    discussion: """
      Each layer runs through every kernel at every sparsity. A kernel's result is checked against the reference \
      before it is timed; a wrong one is reported and never timed. Samples of all kernels interleave. Without \
      options: the tutorial layer and eight layers of ResNet-50, in about two minutes.

      Problems are written in benchdnn's notation, such as mb1ic64ih56oc64kh3ph1n"name".
      """)

  @Option(
    help: ArgumentHelp(
      "Lists of layers: \(ShapeSuite.timed.map(\.rawValue).joined(separator: ", ")) or all. (default: tutorial,resnet50)",
      valueName: "names"))
  var suite: [String] = []

  @Option(help: ArgumentHelp("A layer in benchdnn's notation. Repeatable.", valueName: "problem"))
  var problem: [String] = []

  @Option(help: ArgumentHelp("A file of layers, one a line.", valueName: "file"))
  var problems: [String] = []

  @Option(
    help: ArgumentHelp(
      "A safetensors file: each problem's name is the tensor or sparse matrix of its weights, whose sparsity is kept as found.",
      valueName: "file"))
  var weights: String?

  @Option(
    help: ArgumentHelp(
      "A weight matrix, .mtx or .smtx (a pattern, with random values), for each --problem. Repeatable.",
      valueName: "file"))
  var matrix: [String] = []

  @Option(help: ArgumentHelp("Fractions of zeros in 0...1. (default: 0.5,0.8,0.9,0.95,0.99)", valueName: "fractions"))
  var sparsity: [String] = []

  @Option(
    help: ArgumentHelp(
      "Kernels to time: \(ConvKernelList.all.map(\.name).joined(separator: ", ")). (default: all but reference)",
      valueName: "names"))
  var kernels: [String] = []

  @Option(
    help: ArgumentHelp(
      "What to time: \(ConvPass.allCases.map(\.rawValue).joined(separator: ", ")). (default: forward)",
      valueName: "pass"))
  var pass: String?

  @Option(
    help: ArgumentHelp(
      "How auto chooses: model (the cost model), measured (by timing, if it was not timed before), auto (as timed before, or else the model). (default: auto)",
      valueName: "mode"))
  var plan: String?

  @Flag(help: "Prints, for each layer, what auto knew of each kernel and which it chose.")
  var explain = false

  @Option(help: ArgumentHelp("Images per call. (default: as each problem says)", valueName: "count"))
  var batch: String?

  @Option(help: ArgumentHelp("Threads per call. (default: 1)", valueName: "count"))
  var threads: String?

  @Option(help: ArgumentHelp("Time for each kernel on each case. (default: 0.6)", valueName: "seconds"))
  var secondsPerCase: String?

  @Option(help: ArgumentHelp("Where random weights and inputs start. (default: 1)", valueName: "number"))
  var seed: String?

  @Option(help: ArgumentHelp("Writes every sample and the machine's description to a file.", valueName: "file"))
  var json: String?

  @Option(help: ArgumentHelp("Writes one line per result to a file, without the samples.", valueName: "file"))
  var csv: String?

  @Option(help: ArgumentHelp("Writes a page to look at: the findings, plots and tables.", valueName: "file"))
  var html: String?

  @Option(help: ArgumentHelp("Writes the plot of speed-up against sparsity as a picture.", valueName: "file"))
  var svg: String?

  @Flag(help: "Prints the problems and kernels that would run, and ends.")
  var list = false

  @Flag(help: "Prints the summary only: no progress, no table per layer.")
  var quiet = false

  func run() throws {
    let plan = try BenchPlan(
      BenchOptions(
        suites: suite, problems: problem, problemFiles: problems, weightsFile: weights, matrixFiles: matrix,
        sparsities: sparsity, kernels: kernels, pass: pass, planMode: plan, explains: explain, batch: batch,
        threads: threads, secondsPerCase: secondsPerCase, seed: seed))
    if list { return print(plan.listing) }
    try ReportOutput.check(outputs)
    try BenchRun(plan: plan, outputs: outputs, isQuiet: quiet, explains: explain).run()
  }

  private var outputs: [ReportOutput] {
    let paths: [(ReportOutput.Form, String?)] = [(.json, json), (.csv, csv), (.html, html), (.svg, svg)]
    return paths.compactMap { form, path in path.map { ReportOutput(form, path: $0) } }
  }

  static func main() { runReportingErrors() }
}
