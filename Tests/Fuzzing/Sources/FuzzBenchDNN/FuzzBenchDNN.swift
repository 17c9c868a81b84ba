import FuzzSupport
import SparseNN

/// Reads a list of problem lines, and prints and reads each again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzBenchDNN(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  fuzz(start, count) { data in
    for problem in try ConvProblem.list(benchdnn: String(decoding: data, as: UTF8.self)) {
      let again = try ConvProblem(benchdnn: problem.benchdnn)
      precondition(again == problem, "printed and read back: \(again.benchdnn)")
    }
  }
}
