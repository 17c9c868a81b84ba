import FuzzSupport
import SparseNN

/// Opens a file and reads every tensor and every sparse matrix.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzSafetensors(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  fuzz(start, count) { data in
    let file = try SafetensorsFile(data: data, name: "f")
    // Each on its own, so that one which is refused does not hide the next.
    for name in file.tensorNames {
      _ = fuzz(start, count) { _ in
        let tensor = try file.tensor(named: name)
        precondition(tensor.shape == file.info(name)?.shape, "shape \(tensor.shape)")
      }
      _ = try file.bytes(named: name)
    }
    for name in file.matrixNames {
      _ = fuzz(start, count) { _ in
        let matrix = try file.matrix(named: name)
        try matrix.checkInvariants()
        var writer = SafetensorsWriter()
        try writer.add(matrix, named: name, shape: file.matrixShape(named: name))
        let again = try SafetensorsFile(data: writer.data(name: "again"), name: "again").matrix(named: name)
        precondition(again == matrix, "written and read back: \(again)")
      }
    }
  }
}
