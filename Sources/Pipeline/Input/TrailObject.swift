import AWSAccess
import UsageCore

/// A trail file in S3, as a notification names it.
package struct TrailObject: Equatable, Sendable {
    package let bucket: String
    /// As S3 knows it, not encoded.
    package let key: String
    /// The Region of the bucket, nil where it is not said.
    package let region: String?
    /// What S3 calls this version of its content, empty where it is not said.
    package let tag: String

    /// Reads a record of an S3 notification, or an `Object Created` event of EventBridge; nil for anything else.
    package init?(_ document: [UInt8]) {
        guard let json = try? UsageCore.JSONValue.parse(document) else { return nil }
        let isNotification = json["s3"] != nil
        guard let part = json["s3"] ?? json["detail"], let bucket = part["bucket"]?["name"]?.string,
            let object = part["object"], let key = object["key"]?.string, !bucket.isEmpty, !key.isEmpty
        else { return nil }
        self.bucket = bucket
        // Notifications have keys as forms do, with a plus for a space (S3 User Guide, "Event message structure"); EventBridge
        // has them plain.
        self.key =
            isNotification
            ? String(decoding: PercentEncoding.decode(key.replacing("+", with: "%20")[...]), as: UTF8.self) : key
        region = json["awsRegion"]?.string ?? json["region"]?.string
        tag = object["eTag"]?.string ?? object["etag"]?.string ?? ""
    }

    /// `s3://bucket/key`.
    package var address: String { "s3://\(bucket)/\(key)" }

    /// Whether records lie there: digests and Insights have folders of their own (CloudTrail User Guide, "CloudTrail log file name
    /// format").
    package var holdsRecords: Bool {
        !key.contains("/CloudTrail-Digest/") && !key.contains("/CloudTrail-Insight/")
    }
}
