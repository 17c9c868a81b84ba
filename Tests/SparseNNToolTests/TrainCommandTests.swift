import Foundation
import ModelFormats
import SparseTraining
import TestSupport
import Testing

/// `sparsenn train` as a person runs it.
@Suite struct TrainCommandTests {
  private let data: StripeFiles
  private let folder: TemporaryFolder

  init() throws {
    data = try StripeFiles()
    folder = try TemporaryFolder()
  }

  @Test func denseAndSparseAreComparedAndLeaveModelsAndReports() throws {
    let outcome = try BuiltCommand.train(data, output: folder.file("out"), "--compare", "--profile", "--flip")
    #expect(outcome.status == 0, "\(outcome.errors)")
    for words in ["dense", "90.0 % sparse, rigl", "test accuracy", "images/s", "weight gradient", "peak memory"] {
      #expect(outcome.output.contains(words), "\(words)")
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("out")).sorted()
    #expect(
      names == [
        "dense.checkpoint.safetensors", "dense.safetensors", "dense.shapes", "report.csv", "report.html",
        "report.json", "rigl-0.9.checkpoint.safetensors", "rigl-0.9.safetensors", "rigl-0.9.shapes",
      ])
    let report = try TrainingReport(contentsOf: folder.file("out/report.json"))
    #expect(report.records.map(\.name) == ["dense", "90.0 % sparse, rigl"])
    #expect(report.records.allSatisfy { $0.epochs.count == 2 && $0.profile?.isEmpty == false })
    let settings = report.records[1].settings.map { "\($0.name)=\($0.value)" }
    #expect(settings.contains("method=rigl") && settings.contains("distribution=erdosRenyiKernel"))

    // What the last lines say to do next, with less time.
    let next = try #require(outcome.output.split(separator: "\n").last { $0.hasPrefix("model: sparse-bench ") })
    let arguments = next.dropFirst("model: sparse-bench ".count).split(separator: " ").map(String.init)
    let bench = BuiltCommand(
      named: "sparse-bench", arguments + ["--kernels", "dense,direct", "--seconds-per-case", "0.001"])
    try bench.start()
    let benched = try bench.finish()
    #expect(benched.status == 0, "\(benched.errors)")
    #expect(benched.output.contains("features.17.weight"))
  }

  @Test(arguments: [["--help"], ["help"], ["train", "--help"], ["help", "train"]])
  func helpIsNoError(_ arguments: [String]) throws {
    let command = BuiltCommand(named: "sparsenn", arguments)
    try command.start()
    let outcome = try command.finish()
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    #expect(outcome.output.contains("USAGE: sparsenn"), "\(outcome.output)")
    #expect(outcome.output.contains("--sparsity") == arguments.contains("train"))
  }

  @Test(arguments: SparsityMethod.allCases) func everyMethodHasAName(_ method: SparsityMethod) throws {
    let sparsity = method == .dense ? "0" : "0.75"
    let outcome = try BuiltCommand.train(
      data, output: folder.file("out"), "--method", method.rawValue, "--sparsity", sparsity, "--epochs", "1",
      "--limit", "48", "--threads", "1")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let report = try TrainingReport(contentsOf: folder.file("out/report.json"))
    #expect(abs((report.records[0].epochs.last?.sparsity ?? 0) - (Double(sparsity) ?? 1)) < 1e-3)
  }

  @Test(arguments: ["resnet20", "mobilenet-v1", "lenet5"]) func otherNetworks(_ network: String) throws {
    let data =
      network == "lenet5" ? try StripeFiles(size: 28) : network == "resnet20" ? data : try StripeFiles(size: 32)
    let outcome = try BuiltCommand.train(
      data, output: folder.file("out"), "--network", network, "--method", "static", "--epochs", "1", "--limit", "32")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(FileManager.default.fileExists(atPath: folder.file("out/static-0.9.safetensors")))
  }

  @Test func imagesThatAreTooSmallAreRefused() throws {
    let outcome = try BuiltCommand.train(StripeFiles(size: 3), output: folder.file("out"))
    #expect(outcome.status == 65 && outcome.errors.contains("vgg-small takes images of 4x4 or more, these are 3x3"))
  }

  @Test func aNetworkForOtherImagesSaysSo() throws {
    let outcome = try BuiltCommand.train(data, output: folder.file("out"), "--network", "lenet5")
    #expect(outcome.status == 65 && outcome.errors.contains("lenet5 takes images of 28x28, these are 10x10"))
  }

  @Test func ctrlCWritesACheckpointThatGoesOnWithTheSameBits() throws {
    let arguments = [
      "train", "--data", data.path, "--batch", "16", "--method", "rigl", "--epochs", "40", "--threads", "2",
    ]
    let whole = try BuiltCommand.sparsenn(arguments + ["--quiet", "--output", folder.file("whole")])
    #expect(whole.status == 0, "\(whole.errors)")

    let command = BuiltCommand(named: "sparsenn", arguments + ["--output", folder.file("part")])
    try command.start()
    // The report is written after the first epoch: training is under way then.
    while !FileManager.default.fileExists(atPath: folder.file("part/report.json")) && command.process.isRunning {
      Thread.sleep(forTimeInterval: 0.002)
    }
    command.process.interrupt()
    let outcome = try command.finish()
    #expect(outcome.status == 130 && outcome.errors.contains("go on with --resume"), "\(outcome)")
    let checkpoint = folder.file("part/rigl-0.9.checkpoint.safetensors")
    #expect(try TrainingCheckpoint(path: checkpoint).position.epoch < 40)

    let begun = try TrainingReport(contentsOf: folder.file("part/report.json")).records[0].epochs.count
    #expect(begun >= 1)
    let resumed = try BuiltCommand.sparsenn(
      [
        "train", "--data", data.path, "--resume", checkpoint, "--quiet", "--output", folder.file("part"), "--threads",
        "1",
      ])
    #expect(resumed.status == 0 && resumed.errors.contains("resumed after"), "\(resumed.errors)")
    #expect(
      try contents(of: folder.file("part/rigl-0.9.safetensors"))
        == contents(of: folder.file("whole/rigl-0.9.safetensors")))
    #expect(try TrainingReport(contentsOf: folder.file("part/report.json")).records[0].epochs.count == 40)
  }

  @Test func aFullDiskLeavesTheLastCheckpoint() throws {
    let output = folder.file("out")
    let arguments = ["train", "--data", data.path, "--batch", "16", "--method", "static", "--epochs", "1", "--quiet"]
    #expect(try BuiltCommand.sparsenn(arguments + ["--output", output]).status == 0)
    let path = output + "/static-0.9.checkpoint.safetensors"
    let before = try contents(of: path)
    // A limit on files' sizes refuses a write as a full disk does.
    let process = Process()
    let errors = Pipe()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    let command = BuiltCommand(named: "sparsenn", [])
    process.arguments = [
      "-c", "trap '' XFSZ; ulimit -f 100; exec \"$0\" \"$@\"", command.process.executableURL?.path ?? "",
    ]
    process.arguments? += arguments + ["--output", output, "--seed", "2"]
    process.standardError = errors
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    let text = String(decoding: try errors.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 73, "\(text)")
    #expect(text.contains("checkpoint.safetensors: cannot be written"), "\(text)")
    #expect(try contents(of: path) == before)
    #expect(try FileManager.default.contentsOfDirectory(atPath: output).allSatisfy { !$0.hasSuffix(".tmp") })
  }

  @Test func lossesThatAreNoNumbersStopTraining() throws {
    let outcome = try BuiltCommand.train(
      data, output: folder.file("out"), "--optimizer", "sgd", "--learning-rate", "1e30", "--schedule", "constant",
      "--method", "static")
    #expect(outcome.status == 70, "\(outcome)")
    #expect(outcome.errors.contains(" at step "), "\(outcome.errors)")
  }

  @Test func foldersOfImagesNeedEachOther() throws {
    let outcome = try BuiltCommand.sparsenn(["train", "--images", folder.path])
    #expect(outcome.status == 64 && outcome.errors == "sparsenn: error: --images without --test-images\n")
  }

  @Test func aTruncatedFileIsRefused() throws {
    let path = data.path + "/train-images-idx3-ubyte"
    try contents(of: path).dropLast(1).write(to: URL(fileURLWithPath: path))
    let outcome = try BuiltCommand.train(data, output: folder.file("out"))
    #expect(outcome.status == 65 && outcome.errors.contains("train-images-idx3-ubyte"), "\(outcome)")
  }

  @Test func aLabelOutOfRangeIsRefused() throws {
    let path = data.path + "/train-labels-idx1-ubyte"
    var labels = try contents(of: path)
    labels[labels.count - 1] = 10
    try labels.write(to: URL(fileURLWithPath: path))
    let outcome = try BuiltCommand.train(data, output: folder.file("out"))
    #expect(outcome.status == 65 && outcome.errors.contains("label of image 95 is 10, expected a class in 0..<10"))
  }

  @Test func noDataNamesThePackage() throws {
    let outcome = try BuiltCommand.sparsenn(["train", "--data", folder.path, "--output", folder.file("out")])
    #expect(outcome.status == 65)
    #expect(outcome.errors.contains("dataset-fashion-mnist"))
  }

  @Test(arguments: [
    (["--sparsity", "1"], "sparsity is 1.0, expected a fraction in 0..<1"), (["--epochs", "0"], "epochs is 0"),
    (["--threads", "0"], "--threads is 0, expected 1 to 256"), (["--limit", "0"], "--limit is 0"),
    (["--method", "magic"], "'magic' is invalid"), (["--network", "x"], "'x' is invalid"),
    (["--method", "dense", "--sparsity", "0.5"], "expected 0 for the method dense"),
    (["--method", "rigl", "--distribution", "global"], "distribution is global"),
    (["--resume", "a", "--compare"], "both --resume and --compare"),
    (["--resume", "a", "--seed", "2"], "from the checkpoint, expected none beside it"),
    (["--test-images", "x"], "--test-images without --images"),
  ])
  func badFlagsGetOneSentence(_ flags: [String], _ words: String) throws {
    let outcome = try BuiltCommand.sparsenn(
      ["train", "--data", data.path, "--output", folder.file("out")] + flags)
    #expect(outcome.status == 64, "\(outcome)")
    #expect(outcome.errors.contains(words) && outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
  }

  @Test func aCheckpointOfAnotherNetworkIsRefused() throws {
    #expect(try BuiltCommand.train(data, output: folder.file("out"), "--method", "static").status == 0)
    let path = folder.file("out/static-0.9.checkpoint.safetensors")
    let outcome = try BuiltCommand.sparsenn(
      ["train", "--data", data.path, "--output", folder.file("out"), "--resume", path, "--network", "resnet20"])
    #expect(outcome.status == 65 && outcome.errors.contains("is of the network vgg-small, expected resnet20"))
  }
}
