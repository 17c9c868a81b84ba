import Foundation

/// A command that was built beside the tests, run as a person runs it.
package struct BuiltCommand {
  package let process = Process()
  private let output = Pipe()
  private let errors = Pipe()

  /// What a run left behind.
  package struct Outcome {
    package let status: Int32
    package let output: String
    package let errors: String
  }

  /// - Parameters:
  ///   - name: the product's.
  ///   - environment: variables to set besides those of this process.
  package init(named name: String, _ arguments: [String], environment: [String: String] = [:]) {
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent().appendingPathComponent(name)
    process.arguments = arguments
    // Nothing is read from, or written to, the cache of whoever runs the tests.
    process.environment = ProcessInfo.processInfo.environment.merging(["SPARSENN_PLAN_CACHE": "off"]) { $1 }
      .merging(environment) { $1 }
    process.standardOutput = output
    process.standardError = errors
  }

  package func start() throws { try process.run() }

  /// Waits for the first words on standard output, which are lost to ``finish()``.
  package func waitForOutput() { _ = output.fileHandleForReading.availableData }

  /// Waits for the end; what is written must fit in a pipe, as all of these tests' runs do.
  package func finish() throws -> Outcome {
    let written = try output.fileHandleForReading.readToEnd() ?? Data()
    let complaints = try errors.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus,
      output: String(decoding: written, as: UTF8.self), errors: String(decoding: complaints, as: UTF8.self))
  }
}
