@testable import AWSAccess
import TestSupport
import Testing

extension StrictTests {
    @Suite("Organizations, STS and OpenSearch")
    struct AccountTests {
        private let aws: StrictAWS

        init() throws { aws = try StrictTests.aws.get() }

        private func setUp(
            _ session: AWSSession,
            _ operation: String,
            _ input: JSONValue
        ) async throws -> JSONValue {
            let identity = ServiceIdentity(
                name: "Organizations",
                endpointKey: "ORGANIZATIONS",
                hostPrefix: "organizations",
                reach: .global
            )
            return try await AWSService(identity, session: session).json(
                operation,
                JSONDialect(version: "1.1", target: "AWSOrganizationsV20161128"),
                input,
                isSafeToRepeat: false,
                deadline: far
            )
        }

        @Test func `accounts, units, parents and tags are read`() async throws {
            let session = try await aws.session()
            _ = try await setUp(session, "CreateOrganization", ["FeatureSet": "ALL"])
            let roots = try await setUp(session, "ListRoots", [:])
            let root = try #require(roots["Roots"]?.array?.first?["Id"]?.string)
            let made = try await setUp(
                session,
                "CreateOrganizationalUnit",
                ["ParentId": .string(root), "Name": "Workloads"]
            )
            let unit = try #require(made["OrganizationalUnit"]?["Id"]?.string)
            let status = try await setUp(
                session,
                "CreateAccount",
                ["AccountName": "prod-main", "Email": "a@example.com"]
            )
            let id = try #require(status["CreateAccountStatus"]?["AccountId"]?.string)
            _ = try await setUp(
                session,
                "MoveAccount",
                [
                    "AccountId": .string(id), "SourceParentId": .string(root), "DestinationParentId": .string(unit),
                ]
            )
            let tag: JSONValue = ["Key": "environment", "Value": "production"]
            _ = try await setUp(session, "TagResource", ["ResourceId": .string(id), "Tags": [tag]])

            let organizations = Organizations(session: session)
            let account = try await organizations.describeAccount(id, deadline: far)
            #expect(account.name == "prod-main" && account.email == "a@example.com" && account.state == "ACTIVE")
            #expect(try await organizations.listAccounts(deadline: far).map(\.id).contains(id))
            #expect(try await organizations.parent(of: id, deadline: far)?.id == unit)
            #expect(try await organizations.parent(of: unit, deadline: far)?.isRoot == true)
            #expect(try await organizations.describeOrganizationalUnit(unit, deadline: far).name == "Workloads")
            #expect(try await organizations.tags(of: id, deadline: far) == ["environment": "production"])
            await #expect {
                _ = try await organizations.describeAccount("999999999999", deadline: far)
            } throws: { ($0 as? ServiceFailure)?.kind == .notFound }
            #expect(try await aws.violations() == [])
        }

        @Test func `a listing goes on over an empty page`() async throws {
            let page = { (accounts: String, next: String) in
                #"{"service":"organizations","operation":"ListAccounts","times":1,"do":{"output":{"Accounts":[\#(accounts)]\#(next)}}}"#
            }
            let session = try await aws.session(
                rules: "["
                    + [
                        page(#"{"Id":"111122223333","State":"ACTIVE","Status":"SUSPENDED"}"#, #","NextToken":"a""#),
                        page("", #","NextToken":"b""#),
                        page(#"{"Id":"444455556666","Paths":["o-x/r-y/ou-a/ou-b/444455556666/"]}"#, ""),
                    ].joined(separator: ",") + "]"
            )
            let accounts = try await Organizations(session: session).listAccounts(deadline: far)
            #expect(accounts.map(\.id) == ["111122223333", "444455556666"])
            #expect(accounts.map(\.state) == ["ACTIVE", ""])
            #expect(accounts.map(\.unitIds) == [nil, ["ou-a", "ou-b"]])
            #expect(try await aws.violations() == [])
        }

        @Test(
            "throttled is tried again, denied is not",
            arguments: [("TooManyRequestsException", .throttled, 4), ("AccessDeniedException", .accessDenied, 1)]
                as [(String, ServiceRefusal.Kind, Int)]
        )
        func faults(code: String, kind: ServiceRefusal.Kind, requests: Int) async throws {
            let session = try await aws.session(rules: #"[{"service":"organizations","do":{"error":"\#(code)"}}]"#)
            await #expect {
                _ = try await Organizations(session: session).describeAccount("111122223333", deadline: far)
            } throws: { ($0 as? ServiceFailure)?.kind == kind }
            #expect(try await aws.counts()["organizations.DescribeAccount"] == requests)
        }

        @Test func `a role is assumed once for all calls that wait`() async throws {
            let session = try await aws.session()
            let role = AssumedRole(
                arn: AssumedRole.arn(
                    account: "111122223333",
                    roleName: "AnomalyDetectorReadRole",
                    region: session.region
                ),
                sessionName: "usage-anomalies",
                externalId: "a:b/c=d",
                durationSeconds: 900
            )
            let member = session.assuming(role)
            try await withThrowingTaskGroup(of: Credentials.self) { group in
                for _ in 0..<8 { group.addTask { try await member.credentials.credentials() } }
                for try await credentials in group {
                    #expect(credentials.sessionToken != nil && credentials.expiration.map { $0 > .now() } == true)
                }
            }
            #expect(try await aws.counts() == ["sts.AssumeRole": 1])
            #expect(try await aws.violations() == [])
        }

        @Test func `a role that may not be assumed is a failure that names it`() async throws {
            let session = try await aws.session(
                rules: #"[{"service":"sts","operation":"AssumeRole","do":{"error":"AccessDenied","status":403}}]"#
            )
            let member = session.assuming(AssumedRole(arn: "arn:aws:iam::111122223333:role/R", sessionName: "ab"))
            await #expect {
                _ = try await Organizations(session: member).listAccounts(deadline: far)
            } throws: { error in
                guard case .noAnswer(.credentials(let source, let detail))? = (error as? ServiceFailure)?.cause else {
                    return false
                }
                return source == "arn:aws:iam::111122223333:role/R" && detail.contains("AccessDenied")
            }
        }

        @Test(
            "OpenSearch gives every final answer and repeats what throttles the whole request",
            arguments: [
                (#"{"status":200,"body":"{}"}"#, 1, 200, 1), (#"{"status":404,"body":"{}"}"#, 9, 404, 1),
                (#"{"status":409,"body":"{}"}"#, 9, 409, 1), (#"{"status":413,"body":""}"#, 9, 413, 1),
                (#"{"status":429,"body":"429 Too Many Requests /usage/_bulk"}"#, 9, 429, 4),
                (
                    #"{"status":403,"body":"{\"message\":\"403 Request throttled due to too many requests\"}"}"#, 9,
                    403, 4
                ),
                (#"{"status":403,"body":"{\"Message\":\"User: x is not authorized\"}"}"#, 9, 403, 1),
                (#"{"status":504,"body":""}"#, 9, 504, 4), (#"{"reset":true}"#, 1, 503, 5),
            ]
        )
        func openSearch(fault: String, times: Int, status: Int, requests: Int) async throws {
            let path = "/usage-records-2026.01.02/_bulk"
            let session = try await aws.session(
                rules: #"[{"service":"es","operation":"POST \#(path)","times":\#(times),"do":\#(fault)}]"#
            )
            let search = OpenSearch(session: session, endpoint: aws.endpoint)
            let response = try await search.send(
                .post,
                path,
                query: "filter_path=took,errors,items.*.status",
                headers: ["Content-Type": "application/x-ndjson"],
                body: Array("{\"create\":{\"_id\":\"a\"}}\n{}\n".utf8),
                isSafeToRepeat: true,
                deadline: far
            )
            // Without a domain behind it the stand-in says 503 to what no rule meets.
            #expect(response.status == status)
            #expect(try await aws.counts().values.reduce(0, +) == min(requests, 4))
            #expect(try await aws.violations() == [])
        }

        @Test func `a serverless collection is signed for under its own name`() async throws {
            let session = try await aws.session(
                rules: #"[{"service":"aoss","do":{"status":200,"body":"{}"}}]"#
            )
            let search = OpenSearch(session: session, endpoint: aws.endpoint, kind: .serverless)
            let response = try await search.send(.get, "/logs-*/_search%20x", query: "q=a%20b&size=1", deadline: far)
            #expect(response.status == 200)
            #expect(try await aws.violations() == [])
        }
    }
}
