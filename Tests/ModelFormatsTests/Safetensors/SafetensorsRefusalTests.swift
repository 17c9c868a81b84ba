import Foundation
import ModelFormats
import TestSupport
import Testing

/// A wrong file and what is said of it.
struct Refusal: Sendable, CustomTestStringConvertible {
  let bytes: Data
  let message: String

  /// A whole file.
  init(_ bytes: Data, _ message: String) {
    self.bytes = bytes
    self.message = message
  }

  /// A header and as many bytes of data.
  init(_ header: String, dataCount: Int = 0, _ message: String) {
    self.init(safetensorsBytes(header: header, data: [UInt8](repeating: 0, count: dataCount)), message)
  }

  /// The header of one tensor, `a`, and as many bytes of data.
  init(tensor: String, dataCount: Int = 0, _ message: String) {
    self.init(#"{"a":\#(tensor)}"#, dataCount: dataCount, message)
  }

  var testDescription: String { message }
}

@Suite struct SafetensorsRefusalTests {
  static let lengths = [
    Refusal(Data(), "is 0 bytes long, expected at least the 8 of a header length"),
    Refusal(Data(count: 7), "is 7 bytes long, expected at least the 8 of a header length"),
    Refusal(Data(count: 8), "byte 8: header ends, expected '{'"),
    Refusal(
      littleEndianBytes([UInt64(1) << 60]) + Data("{}".utf8),
      "byte 0: header length is 1152921504606846976, expected at most 100000000"),
    Refusal(
      littleEndianBytes([UInt64.max]) + Data("{}".utf8),
      "byte 0: header length is 18446744073709551615, expected at most 100000000"),
    Refusal(
      littleEndianBytes([UInt64(100_000_001)]), "byte 0: header length is 100000001, expected at most 100000000"),
    Refusal(
      littleEndianBytes([UInt64(3)]) + Data("{}".utf8),
      "byte 0: header length is 3, expected at most the 2 bytes that follow"),
  ]

  static let syntax = [
    Refusal("[]", "byte 8: found '[', expected '{'"),
    Refusal(" {}", "byte 8: found ' ', expected '{'"),
    Refusal("{", "byte 9: header ends, expected a key"),
    Refusal("{}\n", "byte 10: found 0xA, expected only spaces to the end of the header"),
    Refusal("{} {}", "byte 11: found '{', expected only spaces to the end of the header"),
    Refusal("{a}", "byte 9: found 'a', expected a key"),
    Refusal(#"{"a" 1}"#, "byte 13: found '1', expected ':'"),
    Refusal(#"{"a":1}"#, "byte 13: found '1', expected '{'"),
    Refusal(#"{"a":[[[[[[[["#, "byte 13: found '[', expected '{'"),
    Refusal(#"{"a":{}"#, "tensor 'a': has no dtype, expected one"),
    Refusal(#"{"__metadata__":{}"#, "byte 26: header ends, expected ',' or '}'"),
    Refusal(#"{"__metadata__":{},}"#, "byte 27: found '}', expected a key"),
    Refusal(#"{"__metadata__":{} "a":{}}"#, "byte 27: found '\"', expected ',' or '}'"),
    Refusal(#"{"__metadata__":null}"#, "byte 24: found 'n', expected '{'"),
    Refusal(#"{"__metadata__":{"a":1}}"#, "byte 29: found '1', expected a string"),
    Refusal(#"{"__metadata__":{"a":{}}}"#, "byte 29: found '{', expected a string"),
    Refusal(#"{"a"#, "byte 11: header ends in a string, expected '\"'"),
    Refusal("{\"a\n\"", "byte 11: found 0xA in a string, expected it escaped"),
    Refusal(safetensorsBytes(header: Data("{\"".utf8) + [0xC3, 0x22]), "byte 9: string is not valid UTF-8"),
    Refusal(
      safetensorsBytes(header: Data("{\"".utf8) + [0xED, 0xA0, 0x80, 0x22]), "byte 9: string is not valid UTF-8"),
    Refusal(safetensorsBytes(header: Data("{".utf8) + [0xFF]), "byte 9: found 0xFF, expected a key"),
    Refusal(#"{"\x"#, "byte 11: found 'x', expected an escape sequence"),
    Refusal(#"{"\"#, "byte 11: header ends, expected an escape sequence"),
    Refusal(#"{"\u12g4""#, "byte 14: found 'g', expected four hexadecimal digits"),
    Refusal(#"{"\u12"#, "byte 14: header ends, expected four hexadecimal digits"),
    Refusal(#"{"\ud83d""#, "byte 10: escape is half of a surrogate pair, expected both"),
    Refusal(#"{"\ude00""#, "byte 10: escape is half of a surrogate pair, expected both"),
    Refusal(#"{"\ud83d\u0041""#, "byte 10: escape is half of a surrogate pair, expected both"),
    Refusal(#"{"\ud83d\n""#, "byte 10: escape is half of a surrogate pair, expected both"),
  ]

  static let repeats = [
    Refusal(
      #"{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"\u0061":{}}"#,
      "byte 62: key 'a' is repeated, expected it once"),
    Refusal(#"{"__metadata__":{},"__metadata__":{}}"#, "byte 27: key '__metadata__' is repeated, expected it once"),
    Refusal(#"{"__metadata__":{"k":"1","k":"1"}}"#, "byte 33: key 'k' is repeated, expected it once"),
    Refusal(tensor: #"{"dtype":"F32","dtype":"F32"}"#, "byte 28: key 'dtype' is repeated, expected it once"),
    Refusal(
      "{\"__metadata__\":{\"\u{E9}\":\"\",\"e\u{301}\":\"\"}}", "byte 33: key 'e\u{301}' is repeated, expected it once"),
  ]

  static let numbers = [
    ("-1", "found '-', expected an integer, zero or more"),
    ("1.0", "found '.', expected an integer without fraction and exponent"),
    ("1e3", "found 'e', expected an integer without fraction and exponent"),
    ("1E3", "found 'E', expected an integer without fraction and exponent"),
    ("", "found ']', expected an integer, zero or more"),
    ("null", "found 'n', expected an integer, zero or more"),
    ("\"1\"", "found '\"', expected an integer, zero or more"),
    ("[1]", "found '[', expected an integer, zero or more"),
    ("01", "number starts with 0, expected no leading zeros"),
    ("00", "number starts with 0, expected no leading zeros"),
    ("9223372036854775808", "number is too large, expected at most 9223372036854775807"),
    ("92233720368547758070", "number is too large, expected at most 9223372036854775807"),
    ("99999999999999999999999999999999", "number is too large, expected at most 9223372036854775807"),
    ("1 1", "found '1', expected ',' or ']'"),
  ].map { number, problem in
    // The number starts at byte 25 after `[1,`; a fraction and the like, one later, a number after a space, two.
    let position = 25 + (problem.contains("without") ? 1 : problem.hasSuffix("']'") ? 2 : 0)
    return Refusal(tensor: #"{"shape":[1,\#(number)]}"#, "byte \(position): \(problem)")
  }

  static let fields = [
    Refusal(tensor: "{}", "tensor 'a': has no dtype, expected one"),
    Refusal(tensor: #"{"dtype":"F32","data_offsets":[0,0]}"#, "tensor 'a': has no shape, expected one"),
    Refusal(tensor: #"{"dtype":"F32","shape":[0]}"#, "tensor 'a': has no data_offsets, expected them"),
    Refusal(
      tensor: #"{"dtype":"F32","shape":[0],"data_offsets":[0,0],"note":""}"#,
      "tensor 'a': field 'note' is unknown, expected only dtype, shape and data_offsets"),
    Refusal(tensor: #"{"dtype":32}"#, "byte 22: found '3', expected a string"),
    Refusal(tensor: #"{"shape":3}"#, "byte 22: found '3', expected '['"),
    Refusal(
      tensor: #"{"dtype":"f32","shape":[0],"data_offsets":[0,0]}"#,
      "tensor 'a': dtype is 'f32', expected one of BOOL, F4, F6_E2M3, F6_E3M2, U8, I8, F8_E5M2, F8_E4M3, F8_E5M2FNUZ, "
        + "F8_E4M3FNUZ, F8_E8M0, I16, U16, F16, BF16, I32, U32, F32, C64, F64, I64, U64"),
    Refusal(
      tensor: #"{"dtype":"F32","shape":[0],"data_offsets":[0]}"#, "tensor 'a': data_offsets has 1 elements, expected 2"),
    Refusal(
      tensor: #"{"dtype":"F32","shape":[0],"data_offsets":[0,0,0]}"#,
      "tensor 'a': data_offsets has 3 elements, expected 2"),
    Refusal(
      tensor: #"{"dtype":"F32","shape":[1],"data_offsets":[4,0]}"#, dataCount: 4,
      "tensor 'a': data_offsets is [4, 0], expected a beginning that is not after the end"),
    Refusal(
      tensor: #"{"dtype":"F32","shape":[2,3],"data_offsets":[0,20]}"#, dataCount: 20,
      "tensor 'a': data_offsets is [0, 20], expected a span of 24 bytes for shape [2, 3] of F32"),
    Refusal(
      tensor: #"{"dtype":"F4","shape":[3],"data_offsets":[0,2]}"#, dataCount: 2,
      "tensor 'a': shape [3] of F4 takes 12 bits, expected whole bytes"),
    Refusal(
      tensor: #"{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0]}"#,
      "tensor 'a': shape [4294967296, 4294967296]: the number of elements does not fit in 63 bits of address"),
    Refusal(
      tensor: #"{"dtype":"F64","shape":[576460752303423488],"data_offsets":[0,0]}"#,
      "tensor 'a': shape [576460752303423488] is too large for elements of F64"),
  ]

  /// Two tensors of 8 bytes. With offsets `[0,8]` and `[8,16]` the data starts at byte 116.
  static func two(_ first: String, _ second: String, dataCount: Int, _ message: String) -> Refusal {
    let fields = #""dtype":"F32","shape":[2],"data_offsets":"#
    return Refusal(#"{"a":{\#(fields)\#(first)},"b":{\#(fields)\#(second)}}"#, dataCount: dataCount, message)
  }

  static let coverage = [
    two("[0,8]", "[8,16]", dataCount: 12, "tensor 'b': data_offsets ends at 16, expected at most 12"),
    two("[0,8]", "[8,16]", dataCount: 17, "byte 132: 1 bytes belong to no tensor, expected none"),
    two("[4,12]", "[12,20]", dataCount: 20, "tensor 'a': data_offsets begins at 4, expected 0, the start of the data"),
    two("[8,16]", "[0,8]", dataCount: 15, "tensor 'a': data_offsets ends at 16, expected at most 15"),
    two(
      "[0,8]", "[4,12]", dataCount: 12,
      "tensor 'b': data_offsets begins at 4, expected 8, the end of tensor 'a'"),
    two("[0,8]", "[0,8]", dataCount: 8, "tensor 'b': data_offsets begins at 0, expected 8, the end of tensor 'a'"),
    two("[12,20]", "[0,8]", dataCount: 20, "tensor 'a': data_offsets begins at 12, expected 8, the end of tensor 'b'"),
    Refusal("{}", dataCount: 1, "byte 10: 1 bytes belong to no tensor, expected none"),
    Refusal(
      tensor: #"{"dtype":"F32","shape":[0],"data_offsets":[4,4]}"#,
      "tensor 'a': data_offsets ends at 4, expected at most 0"),
  ]

  @Test(arguments: [lengths, syntax, repeats, numbers, fields, coverage].flatMap(\.self))
  func theFileIsRefused(refusal: Refusal) {
    let error = #expect(throws: FormatError.self) { try SafetensorsFile(data: refusal.bytes, name: "f") }
    #expect(error?.description == "f: \(refusal.message)")
    #expect(error?.kind == .badData)
  }

  @Test func everyCutOfAGoodFileIsRefused() throws {
    let folder = try TemporaryFolder()
    for count in 0..<sampleFile.count {
      let cut = sampleFile.prefix(count)
      #expect(throws: FormatError.self, "\(count) bytes") { try SafetensorsFile(data: cut, name: "f") }
      let path = try folder.file("cut", holding: cut)
      #expect(throws: FormatError.self, "\(count) bytes") { try SafetensorsFile(path: path) }
    }
    #expect(throws: Never.self) { try SafetensorsFile(data: sampleFile, name: "f") }
  }

  @Test func aHeaderOfOpenBracketsCannotExhaustTheStack() {
    let header = #"{"a":{"shape":"# + String(repeating: "[", count: 1_000_000)
    let error = #expect(throws: FormatError.self) {
      try SafetensorsFile(data: safetensorsBytes(header: header), name: "f")
    }
    #expect(error?.description == "f: byte 23: found '[', expected an integer, zero or more")
  }
}
