import Foundation
import ModelFormats
import TensorCore
import Testing

/// Damaged copies of good files: whatever the damage, the file is refused, or its tensors and matrices are readable or
/// refused.
@Suite struct SafetensorsMutationTests {
  @Test(.timeLimit(.minutes(5))) func everyDamagedFileIsReadOrRefused() {
    var (opened, tensorsRead, tensorsRefused) = (0, 0, 0)
    let mutations = Mutations(swap: .headerNumbers(lengthField: 0..<8), seed: 20_240_917)
    let refused = mutations.check([sampleFile]) { (bytes, place) throws(FormatError) in
      let file = try SafetensorsFile(data: bytes, name: "f")
      opened += 1
      // An opened file keeps its promise: the tensors tile the data.
      var end = 0
      for name in file.tensorNames {
        #expect(file.info(name)?.byteRange.lowerBound == end, place)
        end = file.info(name)?.byteRange.upperBound ?? -1
        do throws(FormatError) {
          let tensor = try file.tensor(named: name)
          tensorsRead += 1
          #expect(tensor.shape == file.info(name)?.shape, place)
        } catch {
          tensorsRefused += 1
        }
      }
      let headerLength = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
      #expect(8 + headerLength + end == bytes.count, place)
    }
    #expect(opened + refused == Mutations.count)
    #expect(opened > 100 && refused > 100 && tensorsRead > 100 && tensorsRefused > 100)
  }

  @Test(.timeLimit(.minutes(5))) func everyDamagedMatrixIsReadOrRefused() {
    var (opened, matricesRead, matricesRefused) = (0, 0, 0)
    let samples = [MatrixFile(), MatrixFile(valueType: "BF16"), MatrixFile(shape: "2,4")].map(\.bytes)
    let mutations = Mutations(swap: .headerNumbers(lengthField: 0..<8), seed: 20_240_918)
    let refused = mutations.check(samples) { (bytes, place) throws(FormatError) in
      let file = try SafetensorsFile(data: bytes, name: "f")
      opened += 1
      for name in file.matrixNames {
        do throws(FormatError) {
          let matrix = try file.matrix(named: name)
          matricesRead += 1
          let shape = try file.matrixShape(named: name)
          #expect(matrix.rows == shape[0] && matrix.rows * matrix.columns == shape.elementCount, place)
          #expect((try? matrix.checkInvariants()) != nil, place)
        } catch {
          matricesRefused += 1
          #expect(error.kind == .badData && !error.description.contains("\n"), place)
        }
      }
    }
    #expect(opened + refused == Mutations.count)
    #expect(opened > 100 && refused > 100 && matricesRead > 100 && matricesRefused > 100)
  }
}
