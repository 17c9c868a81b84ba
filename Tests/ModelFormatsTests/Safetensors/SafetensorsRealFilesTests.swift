import Foundation
import ModelFormats
import TensorCore
import TestSupport
import Testing

/// Files that other programs wrote, from a folder beside the package that not every checkout has.
@Suite(.enabled(if: SharedFolder.isPresent, Comment(rawValue: SharedFolder.absence)))
struct SafetensorsRealFilesTests {
  /// What the files' own free text says of a layer's weights.
  struct Layer: Decodable {
    let name: String
    let shape: [Int]
    let nnz: Int
  }

  @Test func thereAreFiles() throws {
    #expect(!Self.paths().isEmpty)
  }

  @Test func everyTensorIsRead() throws {
    for path in Self.paths() {
      let file = try SafetensorsFile(path: path)
      #expect(!file.tensorNames.isEmpty, "\(path)")
      for name in file.tensorNames {
        let info = try #require(file.info(name))
        #expect(try file.bytes(named: name).count == info.byteRange.count, "\(path) \(name)")
        if info.dtype.isReadable {
          #expect(try file.tensor(named: name).shape == info.shape, "\(path) \(name)")
        } else {
          #expect(throws: FormatError.self, "\(path) \(name)") { try file.tensor(named: name) }
        }
      }
    }
  }

  @Test func theWeightsAreAsTheFilesSay() throws {
    var checked = 0
    for path in Self.paths() {
      let file = try SafetensorsFile(path: path)
      guard let text = file.metadata["layers"] else { continue }
      for layer in try JSONDecoder().decode([Layer].self, from: Data(text.utf8)) {
        let tensor = try file.tensor(named: layer.name)
        #expect(tensor.shape.dimensions == layer.shape, "\(path) \(layer.name)")
        #expect(tensor.values.count { $0 != 0 } == layer.nnz, "\(path) \(layer.name)")
        checked += 1
      }
    }
    #expect(checked > 0)
  }

  @Test func whatIsReadIsWrittenAlike() throws {
    let folder = try TemporaryFolder()
    for path in Self.paths() {
      let file = try SafetensorsFile(path: path)
      var writer = SafetensorsWriter(metadata: file.metadata)
      let names = file.tensorNames.filter { file.info($0)?.dtype.isReadable == true }
      for name in names { try writer.add(file.tensor(named: name), named: name) }
      try writer.write(to: folder.file("copy"))
      let copy = try SafetensorsFile(path: folder.file("copy"))
      #expect(copy.metadata == file.metadata && copy.tensorNames == names, "\(path)")
      for name in names {
        #expect(try copy.tensor(named: name) == file.tensor(named: name), "\(path) \(name)")
      }
    }
  }

  private static func paths() -> [String] {
    SharedFolder.files(in: "data", extension: "safetensors").map(\.path)
  }
}
