import Foundation
import ModelFormats
import TensorCore
import Testing

/// Damaged copies of good files of every type: whatever the damage, the file is read or refused.
@Suite struct NPYMutationTests {
  @Test(.timeLimit(.minutes(5))) func everyDamagedFileIsReadOrRefused() {
    var read = 0
    let samples = [("f", 2), ("f", 4), ("f", 8), ("i", 1), ("i", 2), ("i", 4), ("i", 8), ("u", 1), ("u", 8), ("b", 1)]
      .flatMap { kind, size in
        ["<", ">"].flatMap { order in
          [("(2, 3)", 6), ("(0, 3)", 0), ("()", 1), ("(2, 1, 2)", 4)].map { shape, count in
            npyBytes(
              descr: "\(order)\(kind)\(size)", isFortranOrder: count.isMultiple(of: 3), shape: shape,
              data: [UInt8](repeating: kind == "b" ? 1 : 0, count: count * size))
          }
        }
      }
    let refused = Mutations(swap: .headerNumbers(lengthField: 8..<10), seed: 20_240_919).check(samples) {
      (bytes, place) throws(FormatError) in
      let tensor = try NPYFile.tensor(data: bytes, name: "f")
      read += 1
      let again = try NPYFile.tensor(data: NPYFile.data(tensor), name: "again")
      #expect(again == tensor, place)
    }
    #expect(read + refused == Mutations.count)
    #expect(read > 100 && refused > 100)
  }
}
