import Foundation

/// The `sparse-bench` that was built beside these tests, run as a person runs it.
struct BuiltCommand {
  let process = Process()
  private let output = Pipe()
  private let errors = Pipe()

  /// What a run left behind.
  struct Outcome {
    let status: Int32
    let output: String
    let errors: String
  }

  /// - Parameter environment: variables to set besides those of this process.
  init(_ arguments: [String], environment: [String: String] = [:]) {
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent().appendingPathComponent("sparse-bench")
    process.arguments = arguments
    // Nothing is read from, or written to, the cache of whoever runs the tests.
    process.environment = ProcessInfo.processInfo.environment.merging(["SPARSENN_PLAN_CACHE": "off"]) { $1 }
      .merging(environment) { $1 }
    process.standardOutput = output
    process.standardError = errors
  }

  func start() throws { try process.run() }

  /// Waits for the first words on standard output, which are lost to ``finish()``.
  func waitForOutput() { _ = output.fileHandleForReading.availableData }

  /// Waits for the end; what is written must fit in a pipe, as all of these tests' runs do.
  func finish() throws -> Outcome {
    let written = try output.fileHandleForReading.readToEnd() ?? Data()
    let complaints = try errors.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus,
      output: String(decoding: written, as: UTF8.self), errors: String(decoding: complaints, as: UTF8.self))
  }

  static func run(_ arguments: String...) throws -> Outcome { try run(arguments) }

  static func run(_ arguments: [String]) throws -> Outcome {
    let command = BuiltCommand(arguments)
    try command.start()
    return try command.finish()
  }
}
