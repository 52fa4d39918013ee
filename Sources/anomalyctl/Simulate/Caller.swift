/// Who calls: the `userIdentity` of a record with its address and tool.
///
/// A class, because one caller makes many records and is handed from hand to hand. The identity is written once; only a session's access key and creation date change while a run goes on.
final class Caller: Sendable {
    private let head: [UInt8]
    private let tail: [UInt8]
    private let sessionSeed: UInt64
    /// How long a session lives before its credentials are renewed; 0 for a long-lived key or none.
    private let sessionSeconds: Int
    /// Address and tool as the record has them, from after `awsRegion`'s value to the user agent's closing quote.
    let origin: [UInt8]
    /// Whether the caller reached an AWS endpoint itself, so that the record has `tlsDetails`.
    let direct: Bool
    let console: Bool
    /// What a label names: the ARN of the user or of the role.
    let principal: String

    /// Writes the JSON object at `time`.
    @inline(__always)
    func write(to text: inout RecordText, at time: Int) {
        text.raw(head)
        if sessionSeconds > 0 {
            let phase = Int(sessionSeed % UInt64(sessionSeconds))
            let session = (time + phase) / sessionSeconds
            text.accessKey("ASIA", SplitMix64.mix(sessionSeed, UInt64(session)))
            text.raw(tail)
            text.time(session * sessionSeconds - phase)
            text.raw(#"","mfaAuthenticated":""#)
            text.raw(console ? "true" : "false")
            text.raw(closing)
        }
    }

    private let closing: [UInt8]

    /// An AWS service that acts for itself.
    static func service(_ name: String) -> Caller {
        Caller(
            head: #"{"type":"AWSService","invokedBy":""# + name + #""}"#,
            address: name,
            tool: name,
            principal: name
        )
    }

    /// An IAM user by a long-lived access key.
    static func user(_ name: String, in place: Place, address: String, tool: String) -> Caller {
        let seed = SplitMix64(seed: place.accountSeed, part: "user " + name).peek
        let arn = "arn:aws:iam::\(place.accountID):user/\(name)"
        let head = RecordText.text {
            $0.raw(#"{"type":"IAMUser","principalId":""#)
            $0.accessKey("AIDA", seed)
            $0.raw(#"","arn":"\#(arn)","accountId":"\#(place.accountID)","accessKeyId":""#)
            $0.accessKey("AKIA", seed &+ 1)
            $0.raw(#"","userName":"\#(name)"}"#)
        }
        return Caller(head: head, address: address, tool: tool, direct: true, principal: arn)
    }

    /// An IAM user who signed in to the console with a second factor.
    static func consoleUser(_ name: String, in place: Place, address: String, tool: String) -> Caller {
        let seed = SplitMix64(seed: place.accountSeed, part: "user " + name).peek
        let arn = "arn:aws:iam::\(place.accountID):user/\(name)"
        let head = RecordText.text {
            $0.raw(#"{"type":"IAMUser","principalId":""#)
            $0.accessKey("AIDA", seed)
            $0.raw(#"","arn":"\#(arn)","accountId":"\#(place.accountID)","accessKeyId":""#)
        }
        return Caller(
            head: head,
            tail: #"","userName":"\#(name)","sessionContext":{"attributes":{"creationDate":""#,
            closing: #""}}}"#,
            sessionSeed: seed,
            sessionSeconds: 28_800,
            address: address,
            tool: tool,
            direct: true,
            console: true,
            principal: arn
        )
    }

    /// A role's session.
    ///
    /// `path` is the role's, such as `aws-service-role/autoscaling.amazonaws.com/`; `invokedBy` the service that calls with the role or
    /// forwards the caller's own session; `provider` the ARN of the web identity provider that vouched for it.
    static func role(
        _ name: String,
        path: String = "",
        session: String,
        in place: Place,
        address: String,
        tool: String,
        invokedBy: String? = nil,
        provider: String? = nil,
        sourceIdentity: String? = nil,
        fromInstance: Bool = false,
        console: Bool = false,
        sessionSeconds: Int = 3600
    ) -> Caller {
        let seed = SplitMix64(seed: place.accountSeed, part: "role " + name).peek
        let account = place.accountID
        let issuer = "arn:aws:iam::\(account):role/\(path)\(name)"
        let key = RecordText.text { $0.accessKey("AROA", seed) }
        let head =
            #"{"type":"AssumedRole","principalId":"\#(key):\#(session)","arn":"arn:aws:sts::\#(account)"#
            + #":assumed-role/\#(name)/\#(session)","accountId":"\#(account)","accessKeyId":""#
        var tail =
            #"","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"\#(key)","arn":"\#(issuer)"#
            + #"","accountId":"\#(account)","userName":"\#(name)"},"#
        if let provider {
            tail += #""webIdFederationData":{"federatedProvider":"\#(provider)","attributes":{}},"#
        }
        if let sourceIdentity { tail += #""sourceIdentity":"\#(sourceIdentity)","# }
        if fromInstance { tail += #""ec2RoleDelivery":"2.0","# }
        tail += #""attributes":{"creationDate":""#
        let closing = invokedBy.map { #""}},"invokedBy":"\#($0)"}"# } ?? #""}}}"#
        return Caller(
            head: head,
            tail: tail,
            closing: closing,
            sessionSeed: SplitMix64(seed: seed, part: session).peek,
            sessionSeconds: sessionSeconds,
            address: address,
            tool: tool,
            direct: invokedBy == nil,
            console: console,
            principal: issuer
        )
    }

    /// A service-linked role as the service itself uses it.
    static func serviceLinked(_ role: String, session: String, service: String, in place: Place) -> Caller {
        .role(
            role,
            path: "aws-service-role/\(service)/",
            session: session,
            in: place,
            address: service,
            tool: service,
            invokedBy: service,
            sessionSeconds: 900
        )
    }

    /// A job that proved itself to an identity provider and has no AWS credentials yet.
    static func webIdentity(provider: String, subject: String, address: String, tool: String) -> Caller {
        Caller(
            head: #"{"type":"WebIdentityUser","principalId":"\#(provider):sts.amazonaws.com:\#(subject)","#
                + #""userName":"\#(subject)","identityProvider":"\#(provider)"}"#,
            address: address,
            tool: tool,
            direct: true,
            principal: subject
        )
    }

    /// The owner of the account.
    static func root(in place: Place, address: String, tool: String) -> Caller {
        let arn = "arn:aws:iam::\(place.accountID):root"
        return Caller(
            head:
                #"{"type":"Root","principalId":"\#(place.accountID)","arn":"\#(arn)","accountId":"\#(place.accountID)","accessKeyId":""}"#,
            address: address,
            tool: tool,
            direct: true,
            principal: arn
        )
    }

    /// A person of IAM Identity Center who has no role yet.
    static func identityCenter(user: String, in place: Place, address: String, tool: String) -> Caller {
        var random = SplitMix64(seed: 0, part: user)
        let id = RecordText.text { $0.identifier(EventID(&random)) }
        return Caller(
            head: #"{"type":"IdentityCenterUser","accountId":"\#(place.accountID)","onBehalfOf":{"userId":"\#(id)","#
                + #""identityStoreArn":"arn:aws:identitystore::\#(place.accountID):identitystore/d-9067a1b2c3"},"credentialId":"\#(id)"}"#,
            address: address,
            tool: tool,
            direct: true,
            principal: user
        )
    }

    /// A principal of another account, as the account that is called sees it.
    static func otherAccount(_ account: String, address: String, tool: String) -> Caller {
        let seed = SplitMix64(seed: 0, part: account).peek
        let head = RecordText.text {
            $0.raw(#"{"type":"AWSAccount","principalId":""#)
            $0.accessKey("AROA", seed)
            $0.raw(#":session","accountId":"\#(account)"}"#)
        }
        return Caller(head: head, address: address, tool: tool, direct: true, principal: account)
    }

    private init(
        head: String,
        tail: String = "",
        closing: String = "",
        sessionSeed: UInt64 = 0,
        sessionSeconds: Int = 0,
        address: String,
        tool: String,
        direct: Bool = false,
        console: Bool = false,
        principal: String
    ) {
        self.head = Array(head.utf8)
        self.tail = Array(tail.utf8)
        self.closing = Array(closing.utf8)
        self.sessionSeed = sessionSeed
        self.sessionSeconds = sessionSeconds
        origin = Array(
            RecordText.text {
                $0.raw(#"","sourceIPAddress":""# + address + #"","userAgent":"#)
                $0.quoted(tool)
            }.utf8
        )
        self.direct = direct
        self.console = console
        self.principal = principal
    }
}
