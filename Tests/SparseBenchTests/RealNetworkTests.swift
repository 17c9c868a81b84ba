import Foundation
import SparseKernels
import TestSupport
import Testing

/// Really pruned networks through the command: every layer, every kernel.
@Suite(.enabled(if: SharedFolder.isPresent, Comment(rawValue: SharedFolder.absence)))
struct RealNetworkTests {
  @Test func everyKernelIsRightOnEveryLayer() throws {
    let networks = SharedFolder.files(in: "data", extension: "shapes").map { $0.deletingPathExtension() }
    #expect(networks.count >= 3)
    let folder = try TemporaryFolder()
    for network in networks {
      let report = folder.file("report.json")
      let outcome = try BuiltCommand.run(
        "--weights", network.appendingPathExtension("safetensors").path,
        "--problems", network.appendingPathExtension("shapes").path,
        "--seconds-per-case", "0.000001", "--quiet", "--json", report)
      #expect(outcome.status == 0, "\(network.lastPathComponent): \(outcome.errors)")
      let document = try #require(
        try JSONSerialization.jsonObject(with: contents(of: report)) as? [String: Any])
      let results = try #require(document["results"] as? [[String: Any]])
      for result in results {
        let problem = try ConvProblem(benchdnn: #require(result["problem"] as? String))
        let kernelName = try #require(result["kernel"] as? String)
        let expected =
          switch DeclinedProblems.support(kernelName, problem) {
          case .supported: "ok"
          case .unsupported(let reason): "declined: \(reason)"
          }
        #expect(result["status"] as? String == expected, "\(network.lastPathComponent): \(kernelName), \(problem)")
      }
      let kernelNames = Set(results.compactMap { $0["kernel"] as? String })
      #expect(results.count % kernelNames.count == 0 && kernelNames.contains("dense"))
    }
  }
}
