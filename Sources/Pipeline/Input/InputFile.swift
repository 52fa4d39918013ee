/// A file to read records from.
package struct InputFile: Equatable, Sendable {
    package let path: String
    /// In bytes.
    package let size: Int

    package init(path: String, size: Int) {
        self.path = path
        self.size = size
    }
}
