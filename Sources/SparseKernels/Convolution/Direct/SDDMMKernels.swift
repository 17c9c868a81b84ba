import CMicroKernels

/// The SDDMM micro-kernels of one instruction set.
///
/// Unchecked because the table holds C functions, which never change.
struct SDDMMKernels: TileKernels, @unchecked Sendable {
  static let current = findCurrent()

  /// Vectors of the largest tile.
  static let mostVectors = Int(SNN_SDDMM_VECTORS)

  let isa: InstructionSet
  let lanes: Int
  private var kernels = TileTable<snn_sddmm_kernel>(mostColumns: Self.mostVectors)

  init?(isa: InstructionSet) {
    var count = 0
    let all = UnsafeBufferPointer(start: snn_f32_sddmm_kernels(&count), count: count).filter { $0.isa == isa.isa }
    guard let first = all.first else { return nil }
    self.isa = isa
    lanes = Int(first.lanes)
    for kernel in all { kernels[Int32(kernel.rows), Int32(kernel.columns)] = kernel }
  }

  /// Runs the micro-kernel of a tile's size on one block of records.
  func run(
    rows: Int32, columns: Int32, place: snn_sddmm_tile, records: UnsafePointer<snn_spmm_record>, recordCount: Int,
    entries: UnsafePointer<snn_spmm_entry>, sums: UnsafeMutablePointer<Float>
  ) {
    guard let function = kernels[rows, columns]?.function else {
      preconditionFailure("SDDMMKernels: no micro-kernel for a tile of \(rows)x\(columns) vectors")
    }
    withUnsafePointer(to: place) { function($0, records, recordCount, entries, sums) }
  }
}
