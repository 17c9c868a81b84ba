import CAllocationCounter
import Foundation
import ModelFormats
import TensorCore
import TestSupport
import Testing

/// Headers made to cost their reader as much memory as possible for each of their bytes.
@Suite struct HostileHeaderTests {
  /// A header and what it is made of.
  struct Header: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let text: String
  }

  /// As many entries as bring the tables to various points before and after they grow.
  static let counts = [3_000, 20_000, 50_000, 98_400, 200_000]

  /// Short different names, and such as are just too long to be kept in place.
  static let names: [@Sendable (Int) -> String] = [
    { String($0, radix: 36) }, { "name" + String($0 + 1 << 48, radix: 16) },
  ]

  static let headers: [Header] =
    counts.flatMap { count in
      names.enumerated().flatMap { kind, name in
        let texts = (0..<count).map { "\"\(name($0))\":\"\"" }.joined(separator: ",")
        let tensors = (0..<count / 4).map { "\"\(name($0))\":{\"dtype\":\"I8\",\"shape\":[0],\"data_offsets\":[0,0]}" }
        return [
          Header(testDescription: "\(count) texts, names \(kind)", text: "{\"__metadata__\":{\(texts)}}"),
          Header(
            testDescription: "\(count / 4) tensors, names \(kind)", text: "{\(tensors.joined(separator: ","))}"),
        ]
      }
    }
    + [
      ("extents", #"{"a":{"dtype":"I8","shape":[\#(zeros)],"data_offsets":[0,0]}}"#),
      ("offsets", #"{"a":{"dtype":"I8","shape":[],"data_offsets":[\#(zeros)]}}"#),
      ("a name", #"{"\#(long)":{"dtype":"I8","shape":[0],"data_offsets":[0,0]}}"#),
      ("a text", #"{"__metadata__":{"a":"\#(long)"}}"#),
      ("a dtype", #"{"a":{"dtype":"\#(long)"}}"#),
      ("a text with escapes", #"{"__metadata__":{"a":"\#(String(repeating: #"\""#, count: 2_000_000))"}}"#),
      ("a text without an end", #"{"__metadata__":{"a":"\#(long)"#),
    ].map { Header(testDescription: $0, text: $1) }

  private static let isCounted = snn_allocation_counter_is_active()
  private static let notCounted: Comment = "allocations are counted on glibc, unsanitized"

  private static let zeros = String(repeating: "0,", count: 1_000_000) + "0"
  private static let long = String(repeating: "x", count: 3_000_000)

  @Test(.enabled(if: isCounted, notCounted), arguments: headers) func safetensorsTakesFourTimesTheFileAtMost(
    header: Header
  ) {
    let file = safetensorsBytes(header: header.text)
    let peak = peakAllocatedByteCount { _ = try? SafetensorsFile(data: file, name: "f") }
    #expect(peak ?? 0 <= 4 * file.count + (1 << 20))
  }

  @Test(
    .enabled(if: isCounted, notCounted),
    arguments: [zeros, long, "'" + long, "'descr': '" + long + "'", "'shape': (\(zeros)"])
  func npyTakesFourTimesTheFileAtMost(header: String) {
    let file = npyBytes(header: "{" + header, version: 2)
    let peak = peakAllocatedByteCount { _ = try? NPYFile.tensor(data: file, name: "f") }
    #expect(peak ?? 0 <= 4 * file.count + (1 << 20))
  }

  @Test func manyEntriesWithoutDataAreRefused() {
    let header =
      "{"
      + (0..<20_000).map { #""\#($0)":{"dtype":"I8","shape":[0],"data_offsets":[0,0]}"# }
      .joined(separator: ",") + "}"
    let error = #expect(throws: FormatError.self) {
      try SafetensorsFile(data: safetensorsBytes(header: header), name: "f")
    }
    #expect(
      error?.description.hasPrefix("f: header goes on after ") == true
        && error?.description.hasSuffix(" tensors and 0 texts, expected fewer in so small a file") == true)
  }

  @Test func asManyWithAFewDataAreRead() throws {
    var writer = SafetensorsWriter()
    let tensor = Tensor(repeating: 1, shape: [64])
    for index in 0..<20_000 { try writer.add(tensor, named: "layers.\(index).bias") }
    let file = try SafetensorsFile(data: writer.data(name: "f"), name: "f")
    #expect(file.tensorNames.count == 20_000)
    #expect(try file.tensor(named: "layers.19999.bias") == tensor)
  }
}
