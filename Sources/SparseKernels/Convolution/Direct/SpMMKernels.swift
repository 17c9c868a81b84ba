import CMicroKernels

/// The micro-kernels of one instruction set, found by the size of their tile.
///
/// Unchecked because the table holds C functions and names, which never change.
struct SpMMKernels: @unchecked Sendable {
  let isa: InstructionSet
  private let functions: [snn_spmm_kernel]

  /// The widest set that the processor has and that has these micro-kernels.
  static let current = SpMMKernels(isa: min(.current, .avx2)) ?? SpMMKernels.scalar

  private static let scalar: SpMMKernels = {
    guard let kernels = SpMMKernels(isa: .scalar) else { preconditionFailure("every build has scalar micro-kernels") }
    return kernels
  }()

  /// Nil if this build has none for the set.
  init?(isa: InstructionSet) {
    var count = 0
    let all = UnsafeBufferPointer(start: snn_f32_spmm_kernels(&count), count: count).filter { $0.isa == isa.isa }
    if all.isEmpty { return nil }
    self.isa = isa
    let columns = Int(SNN_SPMM_VECTORS)
    var table = [snn_spmm_kernel](repeating: snn_spmm_kernel(), count: (TileCut.mostRows + 1) * (columns + 1))
    for kernel in all { table[Int(kernel.rows) * (columns + 1) + Int(kernel.columns)] = kernel }
    functions = table
  }

  /// Runs the micro-kernel of a tile's size on one block of records.
  ///
  /// - Parameter hasTail: whether the last vector of a row is shorter; see `f32_spmm.h`.
  func run(
    rows: Int32, columns: Int32, hasTail: Bool, place: snn_spmm_tile,
    records: UnsafePointer<snn_spmm_record>, recordCount: Int, entries: UnsafePointer<snn_spmm_entry>
  ) {
    let kernel = functions[Int(rows) * (Int(SNN_SPMM_VECTORS) + 1) + Int(columns)]
    guard let function = hasTail ? kernel.tail : kernel.function else {
      preconditionFailure("no micro-kernel for a tile of \(rows)x\(columns) vectors")
    }
    withUnsafePointer(to: place) { function($0, records, recordCount, entries) }
  }
}
