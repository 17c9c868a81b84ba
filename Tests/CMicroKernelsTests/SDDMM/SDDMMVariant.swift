import CMicroKernels
import Testing

/// A function of a table of f32_sddmm.
struct SDDMMVariant: Sendable, CustomTestStringConvertible {
  let name: String
  let size: SpMMTileSize
  private let table: KernelTable<snn_sddmm_kernel>
  private let index: Int

  /// Every line of the tables that this processor can run; it can run all that is emulated.
  static var runnable: [SDDMMVariant] { all.filter { $0.kernel.isa.rawValue <= snn_cpu_isa().rawValue } }

  /// The others.
  static var unrunnable: [SDDMMVariant] { all.filter { $0.kernel.isa.rawValue > snn_cpu_isa().rawValue } }

  /// Every line of the tables, in their order.
  static var all: [SDDMMVariant] {
    KernelTable.all.flatMap { table in
      table.kernels.enumerated().map { index, kernel in
        SDDMMVariant(
          name: String(cString: kernel.name),
          size: SpMMTileSize(
            lanes: Int(kernel.lanes), rows: Int(kernel.rows), columns: Int(kernel.columns), tail: nil, isPadded: false),
          table: table, index: index)
      }
    }
  }

  var testDescription: String { name }

  /// The instruction set as the name has it, emulated or not.
  var instructionSet: Substring { name.dropFirst("snn_f32_sddmm_\(size.rows)x\(size.columns)_".count) }

  /// The line itself.
  var kernel: snn_sddmm_kernel { table.kernels[index] }
}
