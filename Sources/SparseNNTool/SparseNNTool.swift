import ArgumentParser

/// The command line of `sparsenn`.
@main
struct SparseNNTool: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sparsenn", abstract: "Trains sparse neural networks at sparse cost.")
}
