import AWSAccess
import TestSupport
import Testing

extension StrictTests {
    @Suite("DynamoDB")
    struct DynamoDBTests {
        private let aws: StrictAWS

        init() throws { aws = try StrictTests.aws.get() }

        private func key(_ pk: String, _ sk: String = "s") -> DynamoDB.Item { ["pk": .string(pk), "sk": .string(sk)] }

        /// A table made by a raw call, as the product never makes one.
        private func table(rules: String = "[]") async throws -> DynamoDB {
            _ = try await aws.session()
            try await aws.makeTable("state")
            let faulty = try await aws.session(rules: rules, keeping: true)
            return DynamoDB(session: faulty)
        }

        @Test func `what is put comes back as it was, of every type`() async throws {
            let dynamo = try await table()
            var item = key("a")
            item["n"] = .number("12345678901234567890.5")
            item["b"] = .binary([0, 255, 10])
            item["t"] = .bool(true)
            item["z"] = .null
            item["l"] = .list([.string("x"), .integer(7), .list([])])
            item["m"] = .map(["k": .string("line\nbreak \u{1F600}")])
            item["ss"] = .stringSet(["p"])
            item["ns"] = .numberSet(["1"])
            try await dynamo.putItem(item, table: "state", deadline: far)
            #expect(try await dynamo.getItem(key("a"), table: "state", isConsistent: true, deadline: far) == item)
            #expect(try await dynamo.getItem(key("none"), table: "state", deadline: far) == nil)
            #expect(try await aws.violations() == [])
        }

        @Test func `a condition decides and says so`() async throws {
            let dynamo = try await table()
            let isNew = DynamoDB.Expression("attribute_not_exists(#pk)", names: ["#pk": "pk"])
            try await dynamo.putItem(key("a"), table: "state", condition: isNew, deadline: far)
            await #expect {
                try await dynamo.putItem(key("a"), table: "state", condition: isNew, deadline: far)
            } throws: { ($0 as? ServiceFailure)?.kind == .conditionFailed }
            await #expect {
                try await dynamo.deleteItem(key("a"), table: "state", condition: isNew, deadline: far)
            } throws: { ($0 as? ServiceFailure)?.kind == .conditionFailed }
            try await dynamo.deleteItem(key("a"), table: "state", deadline: far)
            #expect(try await dynamo.getItem(key("a"), table: "state", deadline: far) == nil)
            #expect(try await aws.violations() == [])
        }

        @Test func `an update counts and gives the item as it then is`() async throws {
            let dynamo = try await table()
            let add = DynamoDB.Expression("ADD #n :n", names: ["#n": "count"], values: [":n": .integer(3)])
            for _ in 0..<2 { try await dynamo.updateItem(key("a"), table: "state", update: add, deadline: far) }
            let isFew = DynamoDB.Expression("#n < :most", names: ["#n": "count"], values: [":most": .integer(7)])
            let item = try await dynamo.updateItem(
                key("a"),
                table: "state",
                update: add,
                condition: isFew,
                deadline: far
            )
            #expect(item["count"]?.int == 9)
            await #expect {
                try await dynamo.updateItem(key("a"), table: "state", update: add, condition: isFew, deadline: far)
            } throws: { ($0 as? ServiceFailure)?.kind == .conditionFailed }
            #expect(try await aws.violations() == [])
        }

        @Test func `a query gives pages in order until the last`() async throws {
            let dynamo = try await table()
            let items = (0..<30).map { key("a", "s\(10 + $0)") }
            try await dynamo.batchWriteItem(put: items, table: "state", deadline: far)
            var query = DynamoDB.Query(
                table: "state",
                key: .init("pk = :pk AND begins_with(sk, :sk)", values: [":pk": .string("a"), ":sk": .string("s")])
            )
            query.limit = 11
            query.isAscending = false
            var found: [DynamoDB.Item] = []
            var pages = 0
            repeat {
                let page = try await dynamo.query(query, deadline: far)
                found += page.items
                query.start = page.next
                pages += 1
            } while query.start != nil
            #expect(found == items.reversed() && pages == 3)

            query.filter = .init("#s > :least", names: ["#s": "sk"], values: [":least": .string("s37")])
            query.projection = "pk"
            query.limit = nil
            #expect(try await dynamo.query(query, deadline: far).items == [["pk": .string("a")], ["pk": .string("a")]])
            #expect(try await aws.violations() == [])
        }

        @Test func `batches are cut to what one request may hold`() async throws {
            let dynamo = try await table()
            let keys = (0..<120).map { key("k\($0)") }
            try await dynamo.batchWriteItem(put: keys, table: "state", deadline: far)
            let found = try await dynamo.batchGetItem(keys + [key("none")], table: "state", deadline: far)
            #expect(Set(found.compactMap { $0["pk"]?.string }).count == 120)
            try await dynamo.batchWriteItem(delete: keys, table: "state", deadline: far)
            #expect(try await dynamo.batchGetItem(keys, table: "state", deadline: far).isEmpty)
            let counts = try await aws.counts()
            #expect(counts["dynamodb.BatchWriteItem"] == 10 && counts["dynamodb.BatchGetItem"] == 4)
            #expect(try await aws.violations() == [])
        }

        @Test func `what stays unprocessed is sent again, and only that`() async throws {
            let dynamo = try await table(
                rules: #"""
                    [{"service":"dynamodb","operation":"BatchGetItem","times":1,"do":{"output":{"Responses":{"state":
                    [{"pk":{"S":"a"},"sk":{"S":"s"}}]},"UnprocessedKeys":{"state":{"Keys":[{"pk":{"S":"b"},"sk":{"S":"s"}}]}}}}},
                    {"service":"dynamodb","operation":"BatchWriteItem","do":{"output":{"UnprocessedItems":{"state":
                    [{"DeleteRequest":{"Key":{"pk":{"S":"b"},"sk":{"S":"s"}}}}]}}}}]
                    """#
            )
            try await dynamo.putItem(key("b"), table: "state", deadline: far)
            let found = try await dynamo.batchGetItem([key("a"), key("b")], table: "state", deadline: far)
            #expect(found == [key("a"), key("b")])
            await #expect {
                try await dynamo.batchWriteItem(delete: [key("a"), key("b")], table: "state", deadline: far)
            } throws: { error in
                let failure = error as? ServiceFailure
                return failure?.kind == .throttled && failure?.tries == 4
            }
            #expect(try await aws.violations() == [])
        }

        @Test func `a transaction is all or nothing and names what stood in its way`() async throws {
            let dynamo = try await table()
            let isNew: DynamoDB.Expression = "attribute_not_exists(pk)"
            let add = DynamoDB.Expression("ADD n :n", values: [":n": .integer(1)])
            let actions: [DynamoDB.WriteAction] = [
                .put(key("batch"), table: "state", condition: isNew), .update(key("count"), table: "state", add),
            ]
            try await dynamo.transactWriteItems(actions, token: "t-1", deadline: far)
            await #expect {
                try await dynamo.transactWriteItems(actions, token: "t-2", deadline: far)
            } throws: { error in
                guard case .transactionCancelled(let reasons)? = (error as? ServiceFailure)?.kind else { return false }
                return reasons.map(\.code) == ["ConditionalCheckFailed", "None"]
            }
            let count = try await dynamo.getItem(key("count"), table: "state", deadline: far)
            #expect(count?["n"]?.int == 1)
            try await dynamo.transactWriteItems(
                [
                    .check(key("count"), table: "state", condition: .init("n = :n", values: [":n": .integer(1)])),
                    .delete(key("batch"), table: "state", condition: "attribute_exists(pk)"),
                ],
                deadline: far
            )
            #expect(try await dynamo.getItem(key("batch"), table: "state", deadline: far) == nil)
            #expect(try await aws.violations() == [])
        }

        @Test(
            "faults lead to the decision that fits them",
            arguments: [
                (#"{"error":"ProvisionedThroughputExceededException"}"#, 1, nil, 2),
                (#"{"error":"ThrottlingException"}"#, 9, .throttled, 4),
                (#"{"status":503,"body":""}"#, 2, nil, 3),
                (#"{"error":"InternalServerError","status":500}"#, 9, .unavailable, 4),
                (#"{"reset":true}"#, 1, nil, 2), (#"{"error":"AccessDeniedException"}"#, 9, .accessDenied, 1),
                (#"{"error":"ResourceNotFoundException"}"#, 9, .notFound, 1), (#"{"truncate":1}"#, 1, nil, 2),
            ] as [(String, Int, ServiceRefusal.Kind?, Int)]
        )
        func faults(fault: String, times: Int, kind: ServiceRefusal.Kind?, requests: Int) async throws {
            let dynamo = try await table(
                rules: #"[{"service":"dynamodb","operation":"GetItem","times":\#(times),"do":\#(fault)}]"#
            )
            do throws(ServiceFailure) {
                _ = try await dynamo.getItem(key("a"), table: "state", deadline: far)
                #expect(kind == nil)
            } catch {
                #expect(error.kind == kind && kind != nil && error.tries == requests, "\(error)")
            }
            #expect(try await aws.counts()["dynamodb.GetItem"] == requests)
            #expect(try await aws.violations() == [])
        }

        @Test func `a counting write whose answer was lost is not done again`() async throws {
            let dynamo = try await table(
                rules: #"[{"service":"dynamodb","operation":"UpdateItem","times":1,"do":{"reset":true}}]"#
            )
            let add = DynamoDB.Expression("ADD n :n", values: [":n": .integer(1)])
            await #expect {
                try await dynamo.updateItem(key("a"), table: "state", update: add, deadline: far)
            } throws: { error in
                guard case .noAnswer(.connectionLost)? = (error as? ServiceFailure)?.cause else { return false }
                return true
            }
            #expect(try await aws.counts()["dynamodb.UpdateItem"] == 1)
        }

        @Test func `silence ends at the deadline`() async throws {
            let dynamo = try await table(rules: #"[{"service":"dynamodb","operation":"GetItem","do":{"hang":3}}]"#)
            await #expect {
                _ = try await dynamo.getItem(key("a"), table: "state", deadline: .now + .milliseconds(300))
            } throws: { error in
                guard case .noAnswer(.timedOut(_, _, sent: true))? = (error as? ServiceFailure)?.cause else {
                    return false
                }
                return true
            }
        }

        @Test func `a clock that is an hour off is corrected`() async throws {
            let session = try await aws.session(clock: CallClock(now: { .now().adding(seconds: -3600) }))
            #expect(try await STS(session: session).callerIdentity(deadline: far).account == "123456789012")
            #expect(try await aws.violations().count == 1)
        }
    }
}
