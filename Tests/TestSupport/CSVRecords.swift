/// What a reader of RFC 4180 sees.
package struct CSVRecords {
  package let header: [String]
  package let rows: [[String]]

  struct Fault: Error {}

  package init(_ text: String) throws {
    var records: [[String]] = [[""]]
    var isQuoted = false
    var bytes = Array(text.utf8)[...]
    var field: [UInt8] = []
    func endField() {
      records[records.count - 1][records[records.count - 1].count - 1] = String(decoding: field, as: UTF8.self)
      field = []
    }
    while let byte = bytes.popFirst() {
      switch (byte, isQuoted) {
      case (UInt8(ascii: "\""), true) where bytes.first == UInt8(ascii: "\""): field.append(bytes.removeFirst())
      case (UInt8(ascii: "\""), _): isQuoted.toggle()
      case (UInt8(ascii: ","), false):
        endField()
        records[records.count - 1].append("")
      case (UInt8(ascii: "\r"), false):
        guard bytes.popFirst() == UInt8(ascii: "\n") else { throw Fault() }
        endField()
        records.append([""])
      case (UInt8(ascii: "\n"), false): throw Fault()
      default: field.append(byte)
      }
    }
    guard !isQuoted, records.removeLast() == [""], !records.isEmpty else { throw Fault() }
    header = records.removeFirst()
    rows = records
  }
}
