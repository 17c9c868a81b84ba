import Foundation
import SparseKernels
import SparseTraining

/// The trainings of one command: each with its files, all in one report.
final class TrainingSession {
  private let network: NetworkName
  private let training: any LabelledImages
  private let test: any LabelledImages
  private let output: OutputFolder
  private let context: ComputeContext
  private let profiles: Bool
  private let isQuiet: Bool
  private var results: [TrainingResult] = []

  init(
    network: NetworkName, training: any LabelledImages, test: any LabelledImages, output: OutputFolder,
    context: ComputeContext, profiles: Bool, isQuiet: Bool
  ) {
    self.network = network
    self.training = training
    self.test = test
    self.output = output
    self.context = context
    self.profiles = profiles
    self.isQuiet = isQuiet
  }

  /// Runs one training and writes its files.
  ///
  /// - Throws: ``ToolError`` of status `interrupted` after Ctrl-C, when the checkpoint is written; what training throws.
  func train(_ settings: TrainingSettings, from checkpoint: TrainingCheckpoint?) throws {
    let model = try network.model(for: training, settings)
    let trainer = try Trainer(model, settings: settings, training: training, test: test, context: context)
    let name = settings.runName
    trainer.networkName = network.rawValue
    trainer.checkpointPath = output.file(name + ".checkpoint.safetensors")
    let printer = ProgressPrinter(isQuiet: isQuiet)
    let threads = context.threadCount == 1 ? "1 thread" : "\(context.threadCount) threads"
    printer.note("\(network.rawValue), \(settings.words), \(training.count) images, \(threads)")
    trainer.observers = [printer]
    if profiles { trainer.profile = OperationProfile() }
    if let checkpoint {
      try trainer.resume(from: checkpoint)
      printer.note(
        "resumed after \(trainer.position.step) steps, in epoch \(min(trainer.position.epoch + 1, settings.epochs))")
    }
    var begun = record(of: settings)
    begun.epochs = trainer.position.history
    let keeper = RecordKeeper(record: begun) { [self] record in
      do { try report(adding: record).write(.json, to: output.file("report.json")) } catch { printer.note("\(error)") }
    }
    trainer.observers.append(keeper)
    let ending: Trainer.Ending
    do {
      let interrupts = InterruptHandler(stopRequest: trainer.stopRequest)
      defer { interrupts.end() }
      ending = try trainer.run()
    }
    printer.clear()
    if ending == .interrupted {
      let path = trainer.checkpointPath ?? ""
      throw ToolError(
        status: .interrupted, description: "interrupted; go on with --resume \(path) --output \(output.path)")
    }
    try finish(trainer, name: name, record: keeper.record)
    if trainer.stopRequest.isMade { throw ToolError(status: .interrupted, description: "interrupted; \(name) is done") }
  }

  private func finish(_ trainer: Trainer, name: String, record: TrainingRecord) throws {
    var record = record
    record.epochs = trainer.position.history
    record.peakMemoryByteCount = PeakMemory.byteCount
    if let profile = trainer.profile {
      record.profile = profile.rows
      print(profile.table)
      if let bytes = record.peakMemoryByteCount {
        print("peak memory of the process: \(bytes >> 20) MiB\n")
      }
    }
    let path = output.file(name + ".safetensors")
    let list = try TrainedModel.write(trainer.model.model, data: trainer.data, to: path)
    results.append(
      TrainingResult(record: record, model: trainer.model, weightsPath: path, problemsPath: list))
    let report = report(adding: nil)
    for form in TrainingReport.Form.allCases { try report.write(form, to: output.file("report.\(form.rawValue)")) }
  }

  /// What all trainings so far came to, side by side, and what to do with the last model.
  var summary: String { TrainingSummary(results: results, report: output.file("report.html")).text }

  private func record(of settings: TrainingSettings) -> TrainingRecord {
    TrainingRecord(
      name: settings.words, settings: settings.list(network: network.rawValue, imageCount: training.count),
      environment: TrainingEnvironment(threads: context.threadCount))
  }

  private func report(adding record: TrainingRecord?) -> TrainingReport {
    TrainingReport(
      title: "\(network.rawValue) on \(training.count) images",
      records: results.map(\.record) + (record.map { [$0] } ?? []))
  }
}

/// One training that is done.
struct TrainingResult {
  let record: TrainingRecord
  let model: SparseModel
  let weightsPath: String
  let problemsPath: String
}

/// Keeps what each epoch came to, and writes it down at once.
private final class RecordKeeper: TrainingObserver {
  private(set) var record: TrainingRecord
  private let write: (TrainingRecord) -> Void

  init(record: TrainingRecord, write: @escaping (TrainingRecord) -> Void) {
    self.record = record
    self.write = write
  }

  func stepEnded(_ progress: StepProgress) {}

  func epochEnded(_ metrics: EpochMetrics, epochCount: Int) {
    record.epochs.append(metrics)
    write(record)
  }

  func note(_ text: String) {}
}
