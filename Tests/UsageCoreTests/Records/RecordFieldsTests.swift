import TestSupport
import Testing
import UsageCore

@Suite struct RecordFieldsTests {
    private static let top: [(String, @Sendable (RecordFields) -> ByteRange)] = [
        ("eventVersion", { $0.eventVersion }), ("eventTime", { $0.eventTime }), ("eventSource", { $0.eventSource }),
        ("eventName", { $0.eventName }), ("awsRegion", { $0.awsRegion }), ("sourceIPAddress", { $0.sourceIPAddress }),
        ("userAgent", { $0.userAgent }), ("errorCode", { $0.errorCode }), ("errorMessage", { $0.errorMessage }),
        ("requestParameters", { $0.requestParameters }), ("responseElements", { $0.responseElements }),
        ("eventID", { $0.eventID }), ("eventType", { $0.eventType }), ("readOnly", { $0.readOnly }),
        ("recipientAccountId", { $0.recipientAccountId }), ("resources", { $0.resources }),
        ("additionalEventData", { $0.additionalEventData }),
        ("sessionCredentialFromConsole", { $0.sessionCredentialFromConsole }),
    ]

    private static let identity: [(String, @Sendable (RecordFields.Identity) -> ByteRange)] = [
        ("type", { $0.type }), ("principalId", { $0.principalId }), ("arn", { $0.arn }),
        ("accountId", { $0.accountId }), ("accessKeyId", { $0.accessKeyId }), ("userName", { $0.userName }),
        ("invokedBy", { $0.invokedBy }), ("identityProvider", { $0.identityProvider }),
    ]

    private func tree(_ scanned: ScannedRecord, _ range: ByteRange) throws -> JSONValue? {
        range.isEmpty ? nil : try JSONValue.parse(Array(scanned.bytes[range.start..<range.end]))
    }

    @Test(.enabled(if: SharedData.has("cloudtrail"), "needs ../shared/data/cloudtrail"))
    func `every field of every real record is what a tree of it holds`() throws {
        var count = 0
        for name in try Folder.names(SharedData.path("cloudtrail")) {
            for text in CollectingSink.read(try Folder.bytes(SharedData.path("cloudtrail/" + name))).sink.records {
                count += 1
                let scanned = try #require(ScannedRecord(text))
                let whole = try JSONValue.parse(scanned.bytes)
                for (key, field) in Self.top {
                    let found = try tree(scanned, field(scanned.fields))
                    if found != whole[key] { Issue.record("\(key) of \(text.prefix(200))") }
                }
                let caller = whole["userIdentity"]
                for (key, field) in Self.identity {
                    let found = try tree(scanned, field(scanned.fields.identity))
                    if found != caller?[key] { Issue.record("userIdentity.\(key) of \(text.prefix(200))") }
                }
                let session = caller?["sessionContext"]
                let issuer = try tree(scanned, scanned.fields.identity.issuerArn)
                #expect(issuer == session?["sessionIssuer"]?["arn"])
                let factor = try tree(scanned, scanned.fields.identity.mfaAuthenticated)
                #expect(factor == session?["attributes"]?["mfaAuthenticated"])
                #expect(scanned.fields.memberCount == whole.members?.count)
                #expect(scanned.fields.record.count == scanned.bytes.count)
                #expect(scanned.fields.repeatedName.isEmpty && scanned.fields.reservedName.isEmpty)
            }
        }
        #expect(count == 2900)
    }

    @Test func `every beginning of a record is incomplete and none is accepted`() {
        let text =
            #"{"eventVersion":"1.09","userIdentity":{"type":"AssumedRole","arn":"a\u00e9","sessionContext":{"sessionIssuer":"#
            + #"{"arn":"é"},"attributes":{"mfaAuthenticated":"false"}}},"n":[-1.5e+3,0,true,false,null,{}],"#
            + "\"eventName\" : \"R\\n\",\r\n\t\"x\":[[],[{}]],\"last\":12}"
        let bytes = Array(text.utf8)
        for count in 0..<bytes.count {
            var part = Array(bytes[..<count])
            part.reserveCapacity(count)
            part.withUnsafeBufferPointer { buffer in
                var scanner = JSONScanner(buffer)
                var fields = RecordFields()
                let isWhole = fields.scan(&scanner)
                #expect(!isWhole)
                #expect(scanner.fault == .incomplete, "\(count)")
                #expect(JSONScanner.fault(in: buffer) == .incomplete, "\(count)")
            }
        }
        #expect(ScannedRecord(text) != nil)
    }

    @Test func `a name that stands twice is found, whatever the name`() throws {
        for (key, _) in Self.top {
            let scanned = try #require(ScannedRecord(#"{"\#(key)":1,"b":2,"\#(key)":3}"#))
            #expect(scanned.text(scanned.fields.repeatedName) == key, "\(key)")
        }
        for key in ["userIdentity", "requestID", "eventCategory", "tlsDetails", "vpcEndpointAccountId", "anything", ""]
        {
            let scanned = try #require(ScannedRecord(#"{"x":0,"\#(key)":{},"b":2,"\#(key)":{}}"#))
            #expect(scanned.fields.memberCount == 4)
            #expect(scanned.fields.repeatedName != .none, "\(key)")
        }
        let scanned = try #require(
            ScannedRecord(#"{"userIdentity":{"arn":"a","arn":"b"},"requestParameters":{"a":1,"a":2}}"#)
        )
        #expect(scanned.fields.repeatedName == .none)
    }

    /// `name` with its letter at `place` written as an escape.
    private static func escaped(_ name: String, at place: Int) -> String {
        var text = ""
        for (index, scalar) in name.unicodeScalars.enumerated() {
            let digits = String(scalar.value, radix: 16)
            text +=
                index == place ? "\\u" + String(repeating: "0", count: 4 - digits.count) + digits : String(scalar)
        }
        return text
    }

    @Test func `an escaped name is the name it denotes`() throws {
        for (key, field) in Self.top {
            for place in [0, key.count / 2, key.count - 1] {
                let name = Self.escaped(key, at: place)
                let scanned = try #require(ScannedRecord(#"{"x":0,"\#(name)":"v"}"#))
                #expect(scanned.text(field(scanned.fields)) == "v", "\(name)")
                #expect(scanned.fields.repeatedName == .none && scanned.fields.reservedName == .none)
                for pair in [(key, name), (name, key), (name, name)] {
                    let twice = try #require(ScannedRecord(#"{"\#(pair.0)":1,"b":2,"\#(pair.1)":3}"#))
                    #expect(twice.fields.repeatedName != .none, "\(pair)")
                }
            }
        }
        let caller = try #require(ScannedRecord(#"{"user\u0049dentity":{"arn":"a"}}"#))
        #expect(caller.text(caller.fields.identity.arn) == "a")
        for name in ["account", "usage", "self", "ingest", "unindexed"] {
            let scanned = try #require(ScannedRecord(#"{"\#(Self.escaped(name, at: 1))":1}"#))
            #expect(scanned.fields.reservedName != .none, "\(name)")
        }
    }

    @Test(arguments: [2, 12, 13, 14, 40, 5000])
    func `of any number of unknown names, one that stands twice is found`(count: Int) throws {
        let names = (0..<count).map { "n\($0)" }
        let apart = try #require(ScannedRecord("{" + names.map { "\"\($0)\":1" }.joined(separator: ",") + "}"))
        #expect(apart.fields.repeatedName == .none)
        for repeated in Set([0, 11, 12, 13, count - 1]) where repeated < count {
            for spelling in ["n\(repeated)", Self.escaped("n\(repeated)", at: 0)] {
                let all = names.map { "\"\($0)\":1" } + ["\"\(spelling)\":2", "\"last\":3"]
                let scanned = try #require(ScannedRecord("{" + all.joined(separator: ",") + "}"))
                #expect(scanned.fields.repeatedName != .none, "\(spelling) of \(count)")
                #expect(scanned.fields.memberCount == count + 2)
            }
        }
    }

    @Test func `unknown names that differ but for their spelling are told apart`() throws {
        let same = [#""a\/b":1,"a/b":2"#, #""\u00e9":1,"é":2"#, #""\ud83d\ude00":1,"😀":2"#, #""\u0041":1,"\u0041":2"#]
        for members in same {
            #expect(try #require(ScannedRecord("{\(members)}")).fields.repeatedName != .none, "\(members)")
        }
        for members in [#""\u0041":1,"a":2"#, #""\\u0041":1,"A":2"#, #""\u0000":1,"":2"#] {
            #expect(try #require(ScannedRecord("{\(members)}")).fields.repeatedName == .none, "\(members)")
        }
    }

    @Test(arguments: ["account", "usage", "self", "ingest", "unindexed"])
    func `our own names are found at the top level only`(name: String) throws {
        let scanned = try #require(ScannedRecord(#"{"a":{"\#(name)":1},"\#(name)":1}"#))
        #expect(scanned.text(scanned.fields.reservedName) == name)
        let inner = try #require(ScannedRecord(#"{"requestParameters":{"\#(name)":1}}"#))
        #expect(inner.fields.reservedName == .none)
    }

    @Test func `names are told apart by case and by every letter`() throws {
        let scanned = try #require(
            ScannedRecord(
                #"{"EventName":"a","eventname":"b","eventNama":"c","awsregion":"d","evantTime":"e","errorCodf":"f"}"#
            )
        )
        #expect(scanned.fields.eventName.isEmpty && scanned.fields.awsRegion.isEmpty)
        #expect(scanned.fields.eventTime.isEmpty && scanned.fields.errorCode.isEmpty)
    }

    @Test func `an error code of null is no failure`() throws {
        #expect(try #require(ScannedRecord(#"{"errorCode":"AccessDenied"}"#)).fields.isFailure)
        #expect(try #require(ScannedRecord(#"{"errorCode":null}"#)).fields.isFailure == false)
        #expect(try #require(ScannedRecord("{}")).fields.isFailure == false)
    }

    @Test func `parts of the identity that are null are absent`() throws {
        let scanned = try #require(
            ScannedRecord(
                #"{"recipientAccountId":null,"userIdentity":{"arn":null,"accountId":"111122223333","userName":"ann","#
                    + #""sessionContext":{"sessionIssuer":{"arn":null}}}}"#
            )
        )
        #expect(scanned.principal == "ann")
        #expect(scanned.text(scanned.fields.account) == "111122223333")
    }

    private func identity(_ text: String) throws -> (digest: Digest128, text: String) {
        let scanned = try #require(ScannedRecord(text))
        return scanned.read { ($0.identityDigest($1), $0.identityText($1)) }
    }

    @Test func `a record is named by its account and event id`() throws {
        let one = try identity(#"{"recipientAccountId":"111122223333","eventID":"e","a":1}"#)
        #expect(one.text == "111122223333-e")
        #expect(try identity(#"{"a":2, "eventID":"e","recipientAccountId":"111122223333"}"#) == one)
        #expect(try identity(#"{"recipientAccountId":"111122223334","eventID":"e"}"#).digest != one.digest)
        #expect(try identity(#"{"recipientAccountId":"111122223333","eventID":"f"}"#).digest != one.digest)
    }

    @Test(arguments: [#""eventID":null"#, #""eventID":"""#, #""x":1"#])
    func `records without an event id are named by their bytes`(member: String) throws {
        let one = try identity(#"{"recipientAccountId":"111122223333",\#(member),"a":1}"#)
        let other = try identity(#"{"recipientAccountId":"111122223333",\#(member),"a":2}"#)
        #expect(one.digest != other.digest)
        #expect(one.text != other.text)
        #expect(one.text == one.digest.hexadecimal)
    }
}
