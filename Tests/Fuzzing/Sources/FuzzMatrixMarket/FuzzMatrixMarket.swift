import FuzzSupport
import SparseNN

/// Reads a matrix in both its forms, which must agree, and writes and reads it again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzMatrixMarket(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  fuzz(start, count) { data in
    let file = try MatrixMarketFile(data: data, name: "f")
    _ = fuzz(start, count) { _ in
      let matrix = try file.matrix()
      try matrix.checkInvariants()
      let again = try MatrixMarketFile(data: MatrixMarketWriter.data(matrix), name: "again").matrix()
      precondition(again == matrix, "written and read back: \(again)")
    }
    let tensor = try file.tensor()
    let again = try MatrixMarketFile(data: MatrixMarketWriter.data(tensor, name: "again"), name: "again").tensor()
    precondition(again == tensor, "written and read back: \(again)")
  }
}
