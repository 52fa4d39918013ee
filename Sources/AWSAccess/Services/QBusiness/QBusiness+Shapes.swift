extension QBusiness {
    /// A document to be indexed; everybody who may ask may see it.
    package struct Document: Sendable, Equatable {
        /// What its content is.
        package enum ContentType: String, Sendable {
            case plainText = "PLAIN_TEXT"
            case markdown = "MD"
            case html = "HTML"
            case json = "JSON"
        }

        /// What an attribute says.
        package enum AttributeValue: Sendable, Equatable {
            /// At most 2,048 characters.
            case string(String)
            case strings([String])
            case integer(Int)
            case date(WallTime)

            var json: JSONValue {
                switch self {
                case .string(let text): ["stringValue": .string(text)]
                case .strings(let texts): ["stringListValue": .array(texts.map(JSONValue.string))]
                case .integer(let number): ["longValue": .integer(number)]
                // Whole seconds since the epoch: the model's timestamps are numbers here.
                case .date(let time): ["dateValue": .integer(Int(time.milliseconds / 1000))]
                }
            }
        }

        /// 1 to 1,825 characters, none of them a control character.
        package let id: String
        /// 1 to 1,024 characters.
        package let title: String
        package let contentType: ContentType
        package let content: [UInt8]
        /// By name; what filters use must exist in the index, and `_created_at`, `_category`, `_source_uri` and others have a
        /// meaning of their own.
        package let attributes: [String: AttributeValue]

        /// Takes the parts as they are.
        package init(
            id: String,
            title: String,
            contentType: ContentType,
            content: [UInt8],
            attributes: [String: AttributeValue] = [:]
        ) {
            self.id = id
            self.title = title
            self.contentType = contentType
            self.content = content
            self.attributes = attributes
        }

        var json: JSONValue {
            let attributes = attributes.sorted { $0.key < $1.key }.map { attribute -> JSONValue in
                ["name": .string(attribute.key), "value": attribute.value.json]
            }
            return [
                "id": .string(id), "title": .string(title), "contentType": .string(contentType.rawValue),
                "content": ["blob": .string(Base64Text.encode(content))],
                "attributes": attributes.isEmpty ? nil : .array(attributes),
            ]
        }
    }

    /// What became of a document that an index has taken.
    package struct DocumentDetail: Sendable, Equatable {
        package let id: String
        /// `RECEIVED`, `PROCESSING`, `INDEXED`, `UPDATED`, `FAILED`, `DELETING`, `DELETED` or `DOCUMENT_FAILED_TO_INDEX`.
        package let status: String
        /// When it was last put, or first where that is all that is said.
        package let updatedAt: WallTime?
        /// Why it could not be processed.
        package let error: String?

        init?(_ json: JSONValue) {
            guard let id = json["documentId"]?.string else { return nil }
            self.id = id
            status = json["status"]?.string ?? ""
            let seconds = json["updatedAt"]?.double ?? json["createdAt"]?.double
            updatedAt = seconds.flatMap { Int64(exactly: ($0 * 1000).rounded()) }.map { WallTime(milliseconds: $0) }
            error = json["error"]?["errorMessage"]?.string ?? json["error"]?["errorCode"]?.string
        }
    }

    /// Where a conversation stands.
    package struct Conversation: Sendable, Equatable {
        package let id: String
        /// The last answer's.
        package let lastMessageId: String

        /// Takes the parts as they are.
        package init(id: String, lastMessageId: String) {
            self.id = id
            self.lastMessageId = lastMessageId
        }
    }

    /// What a question was answered with.
    package struct Answer: Sendable, Equatable {
        package let text: String
        package let conversation: Conversation
        package let sources: [Source]

        init?(_ json: JSONValue) {
            guard let text = json["systemMessage"]?.string, let id = json["conversationId"]?.string,
                let message = json["systemMessageId"]?.string
            else { return nil }
            self.text = text
            conversation = Conversation(id: id, lastMessageId: message)
            sources = (json["sourceAttributions"]?.array ?? []).map { source in
                Source(
                    title: source["title"]?.string ?? "",
                    snippet: source["snippet"]?.string ?? "",
                    url: source["url"]?.string,
                    documentId: source["documentId"]?.string
                )
            }
        }
    }

    /// A document that an answer rests on.
    package struct Source: Sendable, Equatable {
        package let title: String
        package let snippet: String
        package let url: String?
        package let documentId: String?
    }
}
