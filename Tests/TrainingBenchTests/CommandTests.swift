import Foundation
import TestSupport
import Testing

/// The command as it was built, on sizes that take a moment.
@Suite struct CommandTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(_ arguments: [String]) throws -> (output: String, json: JSONResults, csv: CSVRecords) {
    let command = BuiltCommand(
      named: "training-bench",
      arguments + ["--seconds-per-case", "0.002", "--json", folder.file("r.json"), "--csv", folder.file("r.csv")])
    try command.start()
    let outcome = try command.finish()
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    let data = try contents(of: folder.file("r.json"))
    let document = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(document["schemaVersion"] as? Int == 1 && document["mode"] as? String == arguments[0])
    #expect((document["environment"] as? [String: Any])?["libraries"] is [String: Any])
    let csv = try CSVRecords(String(decoding: contents(of: folder.file("r.csv")), as: UTF8.self))
    return (outcome.output, try JSONResults(data), csv)
  }

  @Test func filesAndTableOfLayersAgree() throws {
    let run = try run(["layers", "--problem", "ic5ih7oc6kh3sh2ph1n\"a, b\"", "--batch", "3", "--sparsity", "0.5,0.9"])
    #expect(run.json.isEqual(to: run.csv))
    #expect(run.json.results.map { $0["side"] } == ["dense", "dense", "dense", "sparse", "sparse"].map { .text($0) })
    for result in run.json.results {
      #expect(result["status"] == .text("ok") && result["batch"] == .number(3))
      let step = try #require(result["stepMedianSeconds"]?.number)
      #expect(run.output.contains(String(format: "%.3f", step * 1e3)))
      let speedup = try #require(result["stepSpeedup"]?.number)
      #expect(run.output.contains(String(format: "%.2fx", speedup)))
      // Results in float are near those in Double, and repacked values are the right ones.
      for pass in ["forward", "inputGradient", "weightGradient"] {
        #expect(try #require(result[pass + "MaxRelativeError"]?.number) < 1e-5)
      }
    }
    #expect(run.output.contains("3x3 stride 2"))
  }

  @Test func filesAndTableOfNetworksAgree() throws {
    let run = try run([
      "networks", "--networks", "vgg-small", "--batch", "2", "--sparsity", "0.9", "--optimizer", "sgd", "--threads",
      "1", "--profile",
    ])
    #expect(run.json.isEqual(to: run.csv))
    #expect(run.json.results.map { $0["form"] } == ["dense", "all stored", "uniform", "erk"].map { .text($0) })
    for result in run.json.results {
      #expect(result["status"] == .text("ok"))
      let step = try #require(result["stepMedianSeconds"]?.number)
      #expect(run.output.contains(String(format: "%.3f", step * 1e3)))
      // Momentum is as large as the parameters.
      #expect(result["optimizerBytes"] == result["parameterBytes"])
    }
    #expect(run.output.contains("SparseConv2d") && run.output.contains("BatchNorm2d"))
  }
}
