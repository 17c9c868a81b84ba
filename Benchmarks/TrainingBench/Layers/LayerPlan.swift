import BenchmarkReport
import BenchmarkShapes
import SparseKernels
import TensorCore

/// Which layers are measured, how, and against what.
struct LayerPlan {
  let problems: [ConvProblem]
  let settings: RunSettings
  /// What is measured on all weights; the fastest is what sparse steps are compared with.
  var denseKernels: [any ConvKernel]
  var sparseKernel: any ConvKernel = DirectConvKernel()

  static let standard = SharedOptions.Standard(
    batch: 32, threadCount: 1, sparsities: [0.5, 0.7, 0.8, 0.9, 0.95, 0.98], secondsPerCase: 0.6)

  init(problems texts: [String], options: SharedOptions) throws {
    let settings = try options.settings(Self.standard)
    let listed = try ShapeSuite.training.problems()
    var chosen: [ConvProblem] = texts.isEmpty ? listed : []
    for text in texts { chosen += try Self.problems(text, among: listed).filter { !chosen.contains($0) } }
    problems = try chosen.map { problem in
      do throws(ConvProblemError) {
        return try problem.withBatch(settings.batch)
      } catch {
        throw BenchError.usage("--batch \(settings.batch) for \(problem.title): \(error)")
      }
    }
    self.settings = settings
    // By its cost model alone, so that a run does not depend on what was measured before.
    denseKernels = [
      DenseConvKernel(), DirectConvKernel(),
      AutoConvKernel(ConvPlanner(threadCount: settings.threadCount), mode: .model),
    ]
  }

  private static func problems(_ text: String, among listed: [ConvProblem]) throws(BenchError) -> [ConvProblem] {
    let named = listed.filter { !text.isEmpty && $0.name.contains(text) }
    if !named.isEmpty { return named }
    do throws(ConvProblemError) {
      return [try ConvProblem(benchdnn: text)]
    } catch {
      throw .usage("--problem '\(text)': no layer of the list is named so, and as a problem \(error)")
    }
  }
}

extension ConvProblem {
  /// What tables call it.
  var title: String { name.isEmpty ? benchdnn : name }

  /// What the summary groups by.
  var group: String {
    "\(kernelSize) stride \(stride.height == stride.width ? "\(stride.height)" : "\(stride)")"
  }
}
