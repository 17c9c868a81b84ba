import ArgumentParser
import ModelFormats
import SparseKernels

extension ParsableCommand {
  /// Runs the command, with OpenBLAS's best kernels for this processor, and turns every failure into one line on standard error and
  /// a status of `sysexits.h`.
  package static func runReportingErrors() {
    OpenBLAS.restartWithBestKernels()
    let name = configuration.commandName ?? _commandName
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let error as BenchError {
      error.exitProcess(command: name)
    } catch let error as FormatError {
      BenchError(error).exitProcess(command: name)
    } catch {
      if exitCode(for: error).isSuccess { exit(withError: error) }
      BenchError.usage("\(message(for: error).prefix { !$0.isNewline })").exitProcess(command: name)
    }
  }
}
