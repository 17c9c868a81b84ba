import CMicroKernels

/// The SDDMM micro-kernels of one instruction set, found by the size of their tile.
///
/// Unchecked because the table holds C functions and names, which never change.
struct SDDMMKernels: @unchecked Sendable {
  let isa: InstructionSet
  /// Floats of a vector.
  let lanes: Int
  private let functions: [snn_sddmm_kernel]

  /// Vectors of the largest tile.
  static let mostVectors = Int(SNN_SDDMM_VECTORS)

  /// Those that may run here, widest vectors first.
  static let current: [SDDMMKernels] = {
    let sets = InstructionSet.current.included.reversed()
    let vectorised = sets.filter { $0 > .scalar }.compactMap(SDDMMKernels.init(isa:))
    return vectorised.isEmpty ? sets.compactMap(SDDMMKernels.init(isa:)) : vectorised
  }()

  /// The micro-kernels with vectors of so many floats.
  ///
  /// - Precondition: `lanes` is one of ``LanePlan/laneCounts``.
  static func with(lanes: Int) -> SDDMMKernels {
    guard let kernels = current.first(where: { $0.lanes == lanes }) else {
      preconditionFailure("no SDDMM micro-kernels with \(lanes) lanes")
    }
    return kernels
  }

  /// Nil if this build has none for the set.
  init?(isa: InstructionSet) {
    var count = 0
    let all = UnsafeBufferPointer(start: snn_f32_sddmm_kernels(&count), count: count).filter { $0.isa == isa.isa }
    guard let first = all.first else { return nil }
    self.isa = isa
    lanes = Int(first.lanes)
    var table = [snn_sddmm_kernel](
      repeating: snn_sddmm_kernel(), count: (TileCut.mostRows + 1) * (Self.mostVectors + 1))
    for kernel in all { table[Int(kernel.rows) * (Self.mostVectors + 1) + Int(kernel.columns)] = kernel }
    functions = table
  }

  /// Runs the micro-kernel of a tile's size on one block of records.
  func run(
    rows: Int32, columns: Int32, place: snn_sddmm_tile, records: UnsafePointer<snn_spmm_record>, recordCount: Int,
    entries: UnsafePointer<snn_spmm_entry>, sums: UnsafeMutablePointer<Float>
  ) {
    guard let function = functions[Int(rows) * (Self.mostVectors + 1) + Int(columns)].function else {
      preconditionFailure("no micro-kernel for a tile of \(rows)x\(columns) vectors")
    }
    withUnsafePointer(to: place) { function($0, records, recordCount, entries, sums) }
  }
}
