import BenchmarkShapes
import Foundation
import SparseKernels

/// Reads the problems that the options name.
enum ProblemSource {
  static func layers(of options: BenchOptions, batch: Int?) throws(BenchError) -> [BenchLayer] {
    var layers: [BenchLayer] = []
    for suite in try suites(of: options) {
      layers += try read(suite.text, origin: suite.rawValue, file: "suite \(suite.rawValue)", batch: batch)
    }
    for path in options.problemFiles {
      let text = try contents(of: path)
      layers += try read(text, origin: "problems", file: path, batch: batch)
    }
    for line in options.problems {
      do throws(ConvProblemError) {
        let problem = try ConvProblem(benchdnn: line)
        let batched = try problem.withBatch(batch ?? problem.batch)
        layers.append(BenchLayer(problem: batched, origin: "problems", place: "--problem \(line)", faultStatus: .usage))
      } catch {
        throw .usage("--problem '\(line)': \(error)")
      }
    }
    return layers
  }

  private static func suites(of options: BenchOptions) throws(BenchError) -> [ShapeSuite] {
    let names = OptionText.items(options.suites)
    if names.isEmpty {
      return options.problems.isEmpty && options.problemFiles.isEmpty ? [.tutorial, .resnet50] : []
    }
    var suites: [ShapeSuite] = []
    for name in names {
      let known = ShapeSuite.timed.filter { name == "all" || name == $0.rawValue }
      if known.isEmpty {
        let expected = (ShapeSuite.timed.map(\.rawValue) + ["all"]).joined(separator: ", ")
        throw .usage("--suite: there is no suite '\(name)', expected one of \(expected)")
      }
      suites += known.filter { !suites.contains($0) }
    }
    return suites
  }

  private static func read(
    _ text: String, origin: String, file: String, batch: Int?
  ) throws(BenchError) -> [BenchLayer] {
    let entries: [(line: Int, problem: ConvProblem)]
    do throws(ConvProblemListError) {
      entries = try ConvProblem.lines(benchdnn: text)
    } catch {
      throw BenchError(status: .badData, description: "\(file): \(error)")
    }
    if entries.isEmpty {
      throw BenchError(status: .badData, description: "\(file): there is no problem in it, expected one a line")
    }
    return try entries.map { line, problem throws(BenchError) in
      let place = "\(file): line \(line)"
      do throws(ConvProblemError) {
        return BenchLayer(
          problem: try problem.withBatch(batch ?? problem.batch), origin: origin, place: place, faultStatus: .badData)
      } catch {
        throw BenchError(status: .badData, description: "\(place): \(error)")
      }
    }
  }

  private static func contents(of path: String) throws(BenchError) -> String {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw BenchError(status: .noInput, description: "\(path): cannot be read, expected a file of problems")
    }
    guard let text = String(data: data, encoding: .utf8) else {
      throw BenchError(status: .badData, description: "\(path): is not UTF-8, expected text with one problem a line")
    }
    return text
  }
}
