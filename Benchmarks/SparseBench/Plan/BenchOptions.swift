import SparseKernels

/// The options as the person wrote them, not yet checked.
package struct BenchOptions {
  var suites: [String]
  var problems: [String]
  var problemFiles: [String]
  var weightsFile: String?
  var matrixFiles: [String]
  var sparsities: [String]
  var kernels: [String]
  var pass: String?
  var planMode: String?
  var explains: Bool
  var batch: String?
  var threads: String?
  var secondsPerCase: String?
  var seed: String?

  package init(
    suites: [String] = [], problems: [String] = [], problemFiles: [String] = [], weightsFile: String? = nil,
    matrixFiles: [String] = [], sparsities: [String] = [], kernels: [String] = [], pass: String? = nil,
    planMode: String? = nil, explains: Bool = false, batch: String? = nil, threads: String? = nil,
    secondsPerCase: String? = nil, seed: String? = nil
  ) {
    self.suites = suites
    self.problems = problems
    self.problemFiles = problemFiles
    self.weightsFile = weightsFile
    self.matrixFiles = matrixFiles
    self.sparsities = sparsities
    self.kernels = kernels
    self.pass = pass
    self.planMode = planMode
    self.explains = explains
    self.batch = batch
    self.threads = threads
    self.secondsPerCase = secondsPerCase
    self.seed = seed
  }
}

// Each option's text to its value, or a sentence that says what was expected.
extension BenchOptions {
  static let defaultSparsities = [0.5, 0.8, 0.9, 0.95, 0.99]

  func parsedSparsities() throws(BenchError) -> [Double] {
    try OptionText.sparsities(sparsities, standard: Self.defaultSparsities)
  }

  /// Refuses weights from two places, and weights from a file without the problems that they belong to.
  func checkOriginOfWeights() throws(BenchError) {
    let files = [("--weights", weightsFile != nil), ("--matrix", !matrixFiles.isEmpty)].filter(\.1).map(\.0)
    guard let option = files.first else { return }
    if files.count > 1 { throw .usage("--weights and --matrix exclude each other: weights come from one place") }
    if !sparsities.isEmpty {
      throw .usage("--sparsity and \(option) exclude each other: weights from a file keep their sparsity")
    }
    if problems.isEmpty && problemFiles.isEmpty {
      throw .usage(
        "\(option) needs --problem or --problems, which say "
          + (weightsFile == nil ? "what the matrix is convolved with" : "by name which tensors to take"))
    }
  }

  func parsedKernels() throws(BenchError) -> [any ConvKernel] {
    var chosen: [any ConvKernel] = []
    for name in OptionText.items(kernels) {
      do throws(KernelError) {
        let kernel = try ConvKernelList.named(name)
        if !chosen.contains(where: { $0.name == kernel.name }) { chosen.append(kernel) }
      } catch {
        throw .usage("--kernels: \(error)")
      }
    }
    return chosen.isEmpty ? ConvKernelList.all.filter { $0.name != ReferenceConvKernel().name } : chosen
  }

  func parsedPass() throws(BenchError) -> ConvPass {
    guard let text = pass else { return .forward }
    guard let pass = ConvPass(rawValue: text) else {
      let expected = ConvPass.allCases.map(\.rawValue).joined(separator: ", ")
      throw .usage("--pass: there is no pass '\(text)', expected one of \(expected)")
    }
    return pass
  }

  /// How `auto` plans.
  ///
  /// - Parameter kernels: what will run; both options are about `auto`.
  func parsedPlanMode(kernels: [any ConvKernel]) throws(BenchError) -> PlanMode {
    if !kernels.contains(where: { $0.name == AutoConvKernel.name }) {
      for (option, isGiven) in [("--plan", planMode != nil), ("--explain", explains)] where isGiven {
        throw .usage("\(option) is about \(AutoConvKernel.name), which is not among the --kernels")
      }
    }
    guard let text = planMode else { return .auto }
    guard let mode = PlanMode(rawValue: text) else {
      let expected = PlanMode.allCases.map(\.rawValue).joined(separator: ", ")
      throw .usage("--plan: there is no mode '\(text)', expected one of \(expected)")
    }
    return mode
  }

  func parsedBatch() throws(BenchError) -> Int? { try OptionText.batch(batch) }

  func parsedThreads() throws(BenchError) -> Int { try OptionText.threads(threads, standard: 1) }

  func parsedSeconds() throws(BenchError) -> Double {
    try OptionText.secondsPerCase(secondsPerCase, standard: 0.6)
  }

  func parsedSeed() throws(BenchError) -> UInt64 { try OptionText.seed(seed) }
}
