import ArgumentParser
import Foundation
import ModelFormats
import NeuralLayers
import SparseKernels
import SparseTraining

/// The command line of `sparsenn`.
@main
struct SparseNNTool: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sparsenn", abstract: "Trains sparse neural networks at sparse cost.",
    subcommands: [TrainCommand.self])

  /// Runs the command, with OpenBLAS's best kernels for this processor, and turns every failure into one line on standard error and
  /// a status of `sysexits.h`.
  static func main() {
    OpenBLAS.restartWithBestKernels()
    // Output into a pipe that nobody reads any more must not end a training.
    signal(SIGPIPE, SIG_IGN)
    var command: any ParsableCommand
    do { command = try parseAsRoot() } catch {
      if exitCode(for: error).isSuccess { exit(withError: error) }
      ToolError.usage("\(message(for: error).prefix { !$0.isNewline })").exitProcess()
    }
    do {
      try command.run()
    } catch let error as ToolError {
      error.exitProcess()
    } catch let error as FormatError {
      ToolError(error).exitProcess()
    } catch let error as TrainingError {
      ToolError(error).exitProcess()
    } catch let error as DataSetError {
      ToolError(status: .badData, description: "\(error)").exitProcess()
    } catch let error as LossError {
      ToolError(status: .badData, description: "\(error)").exitProcess()
    } catch {
      // Help of a subcommand comes as an error too.
      if exitCode(for: error).isSuccess { exit(withError: error) }
      ToolError(status: .software, description: "\(error)").exitProcess()
    }
  }
}
