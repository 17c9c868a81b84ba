import ArgumentParser
import SparseTraining
import TensorCore

/// Where images come from.
struct DataOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A folder with MNIST's four IDX files, as they are or as .gz. (default: Fashion-MNIST of Debian's dataset-fashion-mnist)",
      valueName: "folder"))
  var data: String?

  @Option(
    help: ArgumentHelp(
      "A folder with a folder for each class, of PNG and JPEG files, to learn from; needs --test-images.",
      valueName: "folder"))
  var images: String?

  @Option(help: ArgumentHelp("The same, to evaluate on.", valueName: "folder"))
  var testImages: String?

  @Option(help: ArgumentHelp("Rows and columns that --images are brought to.", valueName: "pixels"))
  var imageSize = 32

  @Flag(help: "Takes --images without their colours.")
  var grey = false

  @Option(
    help: ArgumentHelp(
      "Trains on so many images only, spread evenly, and evaluates on as many at most.", valueName: "count"))
  var limit: Int?

  /// The images to learn from and those to evaluate on.
  func load() throws -> (training: any LabelledImages, test: any LabelledImages) {
    let (training, test) = try loadAll()
    guard let limit else { return (training, test) }
    guard limit >= 1 else { throw ToolError.usage("--limit is \(limit), expected 1 or more") }
    return (EvenlySpreadImages(training, count: limit), EvenlySpreadImages(test, count: limit))
  }

  private func loadAll() throws -> (training: any LabelledImages, test: any LabelledImages) {
    guard let images else {
      if testImages != nil { throw ToolError.usage("--test-images without --images") }
      let folder = data ?? FashionMNIST.systemFolder
      return (
        try FashionMNIST.images(.training, folder: folder), try FashionMNIST.images(.test, folder: folder)
      )
    }
    guard let testImages else { throw ToolError.usage("--images without --test-images") }
    if data != nil { throw ToolError.usage("both --data and --images, expected one of them") }
    guard (1...1024).contains(imageSize) else {
      throw ToolError.usage("--image-size is \(imageSize), expected 1 to 1024")
    }
    func folder(_ path: String) throws -> ImageFolder {
      try ImageFolder(path: path, size: Size2D(imageSize), channels: grey ? .grey : .rgb)
    }
    let (training, test) = (try folder(images), try folder(testImages))
    guard training.classNames == test.classNames else {
      throw ToolError(
        status: .badData,
        description: "\(testImages): its classes are not those of \(images), expected folders of the same names")
    }
    return (training, test)
  }
}
