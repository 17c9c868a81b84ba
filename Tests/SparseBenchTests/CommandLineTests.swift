import Foundation
import ModelFormats
import TensorCore
import TestSupport
import Testing

@Suite struct CommandLineTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private let small = "mb1ic4ih6oc4kh3ph1n\"conv\""

  /// One line on standard error that contains the words, nothing else, and the status.
  private func expectFailure(
    _ status: Int32, _ words: [String], _ arguments: [String], sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let command = BuiltCommand(arguments)
    try command.start()
    let outcome = try command.finish()
    #expect(outcome.status == status, "\(outcome.errors)", sourceLocation: sourceLocation)
    #expect(outcome.output.isEmpty, "\(arguments)", sourceLocation: sourceLocation)
    #expect(outcome.errors.hasPrefix("sparse-bench: error: "), sourceLocation: sourceLocation)
    #expect(outcome.errors.filter(\.isNewline).count == 1, "\(outcome.errors)", sourceLocation: sourceLocation)
    for word in words {
      #expect(outcome.errors.contains(word), "'\(word)' in: \(outcome.errors)", sourceLocation: sourceLocation)
    }
  }

  @Test func wrongFlagsAreUsageErrors() throws {
    try expectFailure(64, ["--sparsity", "1.2", "0...1"], ["--sparsity", "1.2"])
    try expectFailure(64, ["--sparsity", "nan"], ["--sparsity", "0.5,nan"])
    try expectFailure(64, ["--sparsity", "''"], ["--sparsity", "0.5,"])
    try expectFailure(64, ["--kernels", "'fast'", "dense"], ["--kernels", "dense,fast"])
    try expectFailure(64, ["--suite", "'resnet18'", "resnet50"], ["--suite", "resnet18"])
    try expectFailure(
      64, ["--pass", "'backward'", "forward, input-gradient, weight-gradient"], ["--pass", "backward"])
    try expectFailure(64, ["--pass", "''", "forward"], ["--pass", ""])
    try expectFailure(64, ["--plan", "'guess'", "auto, model, measured"], ["--plan", "guess"])
    try expectFailure(64, ["--plan", "--kernels"], ["--plan", "model", "--kernels", "dense"])
    try expectFailure(64, ["--explain", "--kernels"], ["--explain", "--kernels", "dense,direct"])
    try expectFailure(64, ["--batch", "'0'", "1..."], ["--batch", "0"])
    try expectFailure(64, ["--batch", "'99999999999999999999'"], ["--batch", "99999999999999999999"])
    try expectFailure(64, ["--threads", "'1e3'", "1...1024"], ["--threads", "1e3"])
    try expectFailure(64, ["--seconds-per-case", "'-1'"], ["--seconds-per-case=-1"])
    try expectFailure(64, ["--seconds-per-case", "'inf'"], ["--seconds-per-case", "inf"])
    try expectFailure(64, ["--seed", "'-3'"], ["--seed=-3"])
    try expectFailure(64, ["--nonsense"], ["--nonsense"])
    try expectFailure(64, ["--json"], ["--json"])
    try expectFailure(64, ["--weights", "--problem"], ["--weights", "x.safetensors"])
    try expectFailure(
      64, ["--sparsity", "--weights"], ["--weights", "x.safetensors", "--problem", small, "--sparsity", "0.5"])
  }

  @Test func wrongProblemsNameTheFieldOrTheLine() throws {
    try expectFailure(64, ["--problem", "kh"], ["--problem", "mb1ic4ih6oc4"])
    let enormous = "mb1000000ic1000000ih1000000oc1000000kh1"
    try expectFailure(64, ["input", "63 bits"], ["--problem", enormous])
    try expectFailure(64, ["GiB of memory"], ["--problem", "mb100000ic1000ih1000oc8kh1"])
    let lines = try folder.file("list.shapes", holding: Data("# layers\n\(small)\nmb1ic4ih6oc4kh9\n".utf8))
    try expectFailure(65, ["list.shapes: line 3", "kh"], ["--problems", lines])
    let large = try folder.file("large.shapes", holding: Data("\n\nmb100000ic1000ih1000oc8kh1\n".utf8))
    try expectFailure(65, ["large.shapes: line 3", "GiB of memory"], ["--problems", large])
    try expectFailure(
      65, ["large.shapes: line 3"], ["--problems", large, "--batch", "2000000000"])
    let empty = try folder.file("empty.shapes", holding: Data("# nothing\n".utf8))
    try expectFailure(65, ["empty.shapes", "no problem"], ["--problems", empty])
    let binary = try folder.file("binary.shapes", holding: Data([0xFF, 0xFE, 0x00]))
    try expectFailure(65, ["binary.shapes", "UTF-8"], ["--problems", binary])
    try expectFailure(66, ["missing.shapes"], ["--problems", folder.path + "/missing.shapes"])
    try expectFailure(66, [folder.path], ["--problems", folder.path])
  }

  @Test func wrongWeightsNameTheFileAndTheTensor() throws {
    try expectFailure(
      66, ["missing.safetensors"], ["--weights", folder.path + "/missing.safetensors", "--problem", small])
    let path = folder.path + "/weights.safetensors"
    var writer = SafetensorsWriter()
    try writer.add(Tensor(repeating: 1, shape: [4, 4, 5, 5]), named: "conv")
    try writer.add(Tensor(repeating: .nan, shape: [4, 4, 3, 3]), named: "broken")
    try writer.write(to: path)
    try expectFailure(
      65, ["weights.safetensors", "'conv'", "[4, 4, 5, 5]", "[4, 4, 3, 3]"], ["--weights", path, "--problem", small])
    try expectFailure(
      65, ["weights.safetensors", "'absent'"], ["--weights", path, "--problem", "mb1ic4ih6oc4kh3n\"absent\""])
    try expectFailure(
      65, ["'broken'", "element 0"], ["--weights", path, "--problem", "mb1ic4ih6oc4kh3n\"broken\""])
    try expectFailure(64, ["no name"], ["--weights", path, "--problem", "mb1ic4ih6oc4kh3"])

    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    let short = try folder.file("short.safetensors", holding: whole.dropLast())
    try expectFailure(65, ["short.safetensors"], ["--weights", short, "--problem", small])
    let lying = try folder.file("lying.safetensors", holding: Data([0, 0, 0, 0, 0, 0, 0, 0x10]) + whole.dropFirst(8))
    try expectFailure(65, ["lying.safetensors", "1152921504606846976"], ["--weights", lying, "--problem", small])
  }

  @Test func wrongMatricesNameTheFile() throws {
    let pointwise = "mb1ic3ih4oc2kh1"
    try expectFailure(64, ["--matrix", "--problem"], ["--matrix", "x.mtx"])
    try expectFailure(64, ["--matrix", "--weights"], ["--matrix", "x.mtx", "--weights", "y", "--problem", pointwise])
    try expectFailure(
      64, ["--sparsity", "--matrix"], ["--matrix", "x.mtx", "--problem", pointwise, "--sparsity", "0.5"])
    try expectFailure(64, ["'x.csv'", ".smtx"], ["--matrix", "x.csv", "--problem", pointwise])
    try expectFailure(66, ["missing.mtx"], ["--matrix", folder.path + "/missing.mtx", "--problem", pointwise])
    let banner = "%%MatrixMarket matrix coordinate real general\n"
    let cut = try folder.file("cut.mtx", holding: Data((banner + "2 3 2\n1 1 5\n").utf8))
    try expectFailure(65, ["cut.mtx: line 2", "2 lines"], ["--matrix", cut, "--problem", pointwise])
    let other = try folder.file("other.smtx", holding: Data("3, 2, 1\n0 0 1 1\n1\n".utf8))
    try expectFailure(
      65, ["other.smtx", "3 x 2", "2 x 3", "--problem"], ["--matrix", other, "--problem", pointwise])
  }

  @Test func matricesOfFilesAreMeasured() throws {
    let banner = "%%MatrixMarket matrix coordinate real general\n"
    let first = try folder.file("first.mtx", holding: Data((banner + "2 3 2\n2 3 0.5\n1 1 5\n").utf8))
    let second = try folder.file("second.smtx", holding: Data("2, 3, 3\n0 2 3\n0 2 1\n".utf8))
    let report = folder.path + "/report.json"
    let outcome = try BuiltCommand.run(
      "--matrix", first, "--matrix", second, "--problem", "mb1ic3ih4oc2kh1n\"layer\"", "--kernels", "dense,csparse",
      "--seconds-per-case", "0.001", "--json", report)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("layer first.mtx") && outcome.output.contains("layer second.smtx"))
    let json = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: report)))
    let results = try #require((json as? [String: Any])?["results"] as? [[String: Any]])
    #expect(results.map { $0["nnz"] as? Int } == [2, 2, 3, 3])
    #expect(results.allSatisfy { $0["status"] as? String == "ok" })
  }

  @Test func anUnwritableReportFailsBeforeAnythingRuns() throws {
    let place = folder.path + "/nowhere/report.json"
    try expectFailure(73, ["nowhere/report.json"], ["--json", place, "--problem", small])
    try expectFailure(73, [folder.path], ["--json", folder.path, "--problem", small])
  }

  @Test func aFailedRunLeavesAnOlderReport() throws {
    let report = try folder.file("report.json", holding: Data("older".utf8))
    try expectFailure(
      65, ["empty"], ["--json", report, "--problems", try folder.file("empty.shapes", holding: Data("".utf8))])
    #expect(try String(contentsOfFile: report, encoding: .utf8) == "older")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 2)
  }

  @Test func aRunEndsWithTableSummaryAndReport() throws {
    let report = folder.path + "/report.json"
    let outcome = try BuiltCommand.run(
      "--problem", small, "--sparsity", "0.5,0.9", "--seconds-per-case", "0.002", "--json", report)
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    for word in ["nonzero GFLOP/s", "vs dense", "csparse", "Speed-up over dense", "faster from"] {
      #expect(outcome.output.contains(word), "\(word)")
    }
    let json = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: report)))
    let document = try #require(json as? [String: Any])
    #expect(document["schemaVersion"] as? Int == 1)
    #expect((document["ceilings"] as? [String: Any])?["l1FmaGflops"] as? Double ?? 0 > 0)
    #expect((document["environment"] as? [String: Any])?["libraries"] is [String: Any])
    let results = try #require(document["results"] as? [[String: Any]])
    #expect(results.count == 2 * (try BuiltCommand.run("--list").output.kernelCount))
    for result in results {
      #expect(result["status"] as? String == "ok")
      #expect(result["batch"] as? Int == 1)
      #expect(result["pass"] as? String == "forward")
      #expect((result["samples"] as? [Double])?.count == result["sampleCount"] as? Int)
      let expectedKeys = [
        "problem", "name", "kernel", "batch", "threads", "pass", "sparsity", "nnz", "medianSeconds", "minimumSeconds",
        "madSeconds", "sampleCount", "samples", "nonzeroGflops", "denseEquivalentGflops", "speedupOverDense",
        "speedupOverBestDense", "weightBytes", "scratchBytes", "maxRelativeError", "predictedSeconds", "chosenKernel",
        "chosenBy", "regret", "costTerms", "status",
      ]
      #expect(Set(result.keys) == Set(expectedKeys))
    }
  }

  /// Also where the head of the report has a caution, which OpenBLAS's kernels for Haswell bring on a wider processor.
  @Test(arguments: [[:], ["OPENBLAS_CORETYPE": "Haswell"]])
  func quietPrintsTheSummaryOnly(environment: [String: String]) throws {
    let command = BuiltCommand(
      ["--quiet", "--problem", small, "--seconds-per-case", "0.001"], environment: environment)
    try command.start()
    let outcome = try command.finish()
    #expect(outcome.status == 0)
    #expect(outcome.output.hasPrefix("Speed-up over dense"), "\(outcome.output)")
  }

  @Test func theListCanBeReadBack() throws {
    let listed = try BuiltCommand.run("--list", "--suite", "all").output
    let again = try BuiltCommand.run("--list", "--problems", try folder.file("all.shapes", holding: Data(listed.utf8)))
      .output
    let problems = { (text: String) in text.split(separator: "\n").filter { !$0.hasPrefix("#") } }
    #expect(problems(listed).count > 55)
    #expect(listed.contains("\n# pass: forward\n"))
    #expect(problems(again) == problems(listed))
  }

  @Test func interruptingEndsWithWhatWasMeasured() throws {
    let report = folder.path + "/report.json"
    let command = BuiltCommand(
      ["--problem", "mb1ic256ih56oc256kh3ph1", "--seconds-per-case", "3600", "--json", report])
    try command.start()
    command.waitForOutput()
    // Lets it reach the layer; if the machine is slower than that, the run still ends, with less in it.
    Thread.sleep(forTimeInterval: 2)
    command.process.interrupt()
    let outcome = try command.finish()
    #expect(outcome.status == 130)
    #expect(outcome.errors.contains("interrupted"))
    let json = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: report)))
    #expect((json as? [String: Any])?["results"] is [Any])
  }

  @Test func weightsOfAFileKeepTheirSparsity() throws {
    let path = folder.path + "/weights.safetensors"
    var generator = SeededGenerator(seed: 4)
    let weights = Tensor.random([4, 4, 3, 3], using: &generator).magnitudePruned(sparsity: 0.75)
    var writer = SafetensorsWriter()
    try writer.add(weights, named: "conv")
    try writer.add(weights.reshaped(to: [12, 12]), named: "matrix")
    try writer.write(to: path)
    let outcome = try BuiltCommand.run(
      "--weights", path, "--problem", small, "--problem", "mb1ic12ih5oc12kh1n\"matrix\"", "--seconds-per-case", "0.001")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("75 %") && outcome.output.contains("as found"))
  }

  @Test func sparseMatricesOfAFileAreWeightsToo() throws {
    let path = folder.path + "/weights.safetensors"
    var generator = SeededGenerator(seed: 5)
    let weights = Tensor.random([4, 4, 3, 3], using: &generator).magnitudePruned(sparsity: 0.75)
    var writer = SafetensorsWriter()
    try writer.add(CSRMatrix(weights), named: "conv", shape: weights.shape)
    try writer.add(CSRMatrix(weights), named: "other")
    try writer.write(to: path)
    let outcome = try BuiltCommand.run("--weights", path, "--problem", small, "--seconds-per-case", "0.001")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("75 %") && outcome.output.contains("as found"))

    try expectFailure(
      65, ["weights.safetensors", "'other'", "4 x 36", "8 x 36"],
      ["--weights", path, "--problem", "mb1ic4ih6oc8kh3ph1n\"other\""])
    try expectFailure(
      65, ["weights.safetensors", "'other'", "4 x 36", "4 x 100"],
      ["--weights", path, "--problem", "mb1ic4ih6oc4kh5ph1n\"other\""])
    var broken = try Data(contentsOf: URL(fileURLWithPath: path))
    // The last bytes are a value of the last matrix.
    broken.replaceSubrange(broken.count - 4..<broken.count, with: [0, 0, 0xC0, 0x7F])
    try expectFailure(
      65, ["broken.safetensors", "'other.values'", "element 35 is nan"],
      [
        "--weights", try folder.file("broken.safetensors", holding: broken), "--problem",
        "mb1ic4ih6oc4kh3ph1n\"other\"",
      ])
  }
}

extension String {
  /// The kernels on the list's first line.
  fileprivate var kernelCount: Int { prefix { !$0.isNewline }.split(separator: ",").count }
}
