import HTMLReport
import SparseKernels

extension SeriesStyle {
  /// The weights in CSR, which are no kernel's.
  static let csr = SeriesStyle(className: "csr", marker: .bar)

  /// - Parameter kernel: one of the list has its place there, so that it looks the same in every report.
  init(kernel: String, others: [String]) {
    let known = ConvKernelList.all.map(\.name).filter { $0 != ReferenceConvKernel().name }
    let names = known + others.filter { !known.contains($0) }
    self.init(index: names.firstIndex(of: kernel) ?? names.count)
  }
}
