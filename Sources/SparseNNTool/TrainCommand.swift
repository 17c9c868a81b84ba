import ArgumentParser
import Foundation
import SparseKernels
import SparseTraining

/// `sparsenn train`.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Trains a network on images, with zeros that save time from the first step.",
    discussion: """
      Without options: vgg-small with nine of ten weights pruned, by RigL, on Fashion-MNIST, ten epochs. The folder of --output \
      then has the model (.safetensors with a list of its layers, .shapes, as sparse-bench takes them), the last checkpoint, \
      and what each epoch came to (report.html, .json, .csv).

      Ctrl-C finishes the step, writes the checkpoint and ends; --resume goes on from there with the same bits.
      """)

  @Option(
    help: ArgumentHelp(
      "\(NetworkName.allCases.map(\.rawValue).joined(separator: ", ")). (default: vgg-small)", valueName: "name"))
  var network: NetworkName?

  @OptionGroup(title: "Data") var data: DataOptions
  @OptionGroup(title: "Training") var options: SettingsOptions

  @Flag(help: "Trains the dense network first, with the same settings, and prints both side by side.")
  var compare = false

  @Option(help: ArgumentHelp("Goes on from a checkpoint, with the settings in it.", valueName: "file"))
  var resume: String?

  @Option(help: ArgumentHelp("Where the files go; made if it is not there.", valueName: "folder"))
  var output = "trained"

  @Option(help: ArgumentHelp("Threads. (default: as many as there are processors)", valueName: "count"))
  var threads: Int?

  @Flag(help: "Prints where the time went, by layer and phase, and the peak of memory.")
  var profile = false

  @Flag(help: "Prints epochs only.")
  var quiet = false

  func run() throws {
    let threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
    guard (1...256).contains(threads) else { throw ToolError.usage("--threads is \(threads), expected 1 to 256") }
    let (runs, checkpoint) = try planned()
    let (training, test) = try data.load()
    let session = TrainingSession(
      network: checkpoint.flatMap { NetworkName(rawValue: $0.networkName) } ?? network ?? .vggSmall,
      training: training, test: test, output: try OutputFolder(path: output),
      context: ComputeContext(threadCount: threads), profiles: profile, isQuiet: quiet)
    for settings in runs { try session.train(settings, from: checkpoint) }
    print(session.summary)
  }

  /// The trainings to be run, and the checkpoint that the only one goes on from.
  private func planned() throws -> ([TrainingSettings], TrainingCheckpoint?) {
    guard let resume else {
      let settings = try options.settings()
      if !compare || settings.method == .dense { return ([settings], nil) }
      var dense = settings
      dense.method = .dense
      dense.sparsity = 0
      return ([dense, settings], nil)
    }
    if compare { throw ToolError.usage("both --resume and --compare, expected one of them") }
    guard options.isEmpty else {
      throw ToolError.usage("--resume takes the settings of training from the checkpoint, expected none beside it")
    }
    let checkpoint = try TrainingCheckpoint(path: resume)
    guard let known = NetworkName(rawValue: checkpoint.networkName), network == nil || network == known else {
      throw ToolError(
        status: .badData,
        description: "\(resume): is of the network \(checkpoint.networkName.prefix(60)), expected "
          + (network?.rawValue ?? NetworkName.allCases.map(\.rawValue).joined(separator: ", ")))
    }
    return ([checkpoint.settings], checkpoint)
  }
}
