import TestSupport

extension BuiltCommand {
  /// `sparse-bench`.
  init(_ arguments: [String], environment: [String: String] = [:]) {
    self.init(named: "sparse-bench", arguments, environment: environment)
  }

  static func run(_ arguments: String...) throws -> Outcome { try run(arguments) }

  static func run(_ arguments: [String]) throws -> Outcome {
    let command = BuiltCommand(arguments)
    try command.start()
    return try command.finish()
  }
}
