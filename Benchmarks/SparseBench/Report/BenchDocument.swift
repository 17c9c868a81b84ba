import SparseKernels

/// The JSON file: what was measured, on what, by what.
struct BenchDocument: Encodable {
  let schemaVersion = 1
  let environment: BenchEnvironment
  let ceilings: MachineCeilings
  let results: [BenchResult]
}
