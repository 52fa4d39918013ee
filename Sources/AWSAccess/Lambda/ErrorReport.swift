/// An error in the form of the Runtime API: `{"errorMessage","errorType"}` and the type once more for the header.
struct ErrorReport: Equatable {
    /// `Function.` and the letters of the error's type: Lambda keeps only what looks like `Category.Reason`.
    let type: String
    private let message: String

    init(_ error: any Error) {
        let letters = String(describing: Swift.type(of: error)).unicodeScalars.filter { scalar in
            ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
        }
        var name = String(String.UnicodeScalarView(letters))
        if let first = name.first { name = first.uppercased() + name.dropFirst() }
        // One letter alone would not match either.
        type = "Function." + (name.utf8.count > 1 ? name : "Unknown")
        message = String(describing: error)
    }

    /// The JSON body.
    ///
    /// No stack is sent: ours would name inlined frames at best.
    var body: [UInt8] {
        var body = Array("{\"errorMessage\":".utf8)
        JSONText.append(message, to: &body, limit: Log.longestText)
        body.append(contentsOf: ",\"errorType\":".utf8)
        JSONText.append(type, to: &body)
        body.append(UInt8(ascii: "}"))
        return body
    }
}
