import AWSAccess
import Testing

@Suite("DynamoDB")
struct DynamoDBTests {
    @Test func `an item that cannot be read whole is refused`() async throws {
        for text in [
            #"{"Item":{"a":{"S":"x"},"b":{"Q":"y"}}}"#, #"{"Item":{"a":{"S":1}}}"#, #"{"Item":{"a":{"B":"?"}}}"#,
            #"{"Item":{"a":{"L":[{"S":"x"},{}]}}}"#, #"{"Item":[]}"#, #"{"Item":{"a":{"NS":["1",2]}}}"#,
        ] {
            let dynamo = DynamoDB(session: try .scripted(ScriptedTransport([.json(text)])))
            await #expect {
                _ = try await dynamo.getItem(["a": .string("x")], table: "t", deadline: far)
            } throws: { ($0 as? ServiceFailure)?.cause == .unreadable("an item that is none") }
        }
    }

    @Test func `expressions share their names and values and empty ones are left out`() async throws {
        let transport = ScriptedTransport([.json("{}"), .json("{}")])
        let dynamo = DynamoDB(session: try .scripted(transport))
        try await dynamo.updateItem(
            ["pk": .string("a")],
            table: "t",
            update: .init("ADD #n :n", names: ["#n": "n"], values: [":n": .integer(1)]),
            condition: .init("#n < :m", names: ["#n": "n"], values: [":m": .integer(2)]),
            deadline: far
        )
        try await dynamo.putItem(["pk": .string("a")], table: "t", condition: "attribute_not_exists(pk)", deadline: far)
        #expect(
            transport.bodies == [
                ##"{"ConditionExpression":"#n < :m","ExpressionAttributeNames":{"#n":"n"},"ExpressionAttributeValues":"##
                    + ##"{":m":{"N":"2"},":n":{"N":"1"}},"Key":{"pk":{"S":"a"}},"ReturnValues":"ALL_NEW","##
                    + ##""TableName":"t","UpdateExpression":"ADD #n :n"}"##,
                #"{"ConditionExpression":"attribute_not_exists(pk)","Item":{"pk":{"S":"a"}},"TableName":"t"}"#,
            ]
        )
    }

    @Test func `a transaction that only met another one is tried again under its token`() async throws {
        let met = ScriptedTransport.Step.json(
            #"{"__type":"TransactionCanceledException","CancellationReasons":[{"Code":"None"},{"Code":"TransactionConflict"}]}"#,
            status: 400
        )
        let transport = ScriptedTransport([met, .json("{}")])
        let action = DynamoDB.WriteAction.put(["pk": .string("a")], table: "t")
        try await DynamoDB(session: .scripted(transport)).transactWriteItems([action], token: "t-1", deadline: far)
        #expect(Set(transport.bodies).count == 1 && transport.bodies.count == 2)

        let failed = ScriptedTransport([
            .json(
                #"{"__type":"TransactionCanceledException","CancellationReasons":[{"Code":"ConditionalCheckFailed"}]}"#,
                status: 400
            ), .json("{}"),
        ])
        await #expect(throws: ServiceFailure.self) {
            try await DynamoDB(session: .scripted(failed)).transactWriteItems([action], token: "t-1", deadline: far)
        }
        #expect(failed.requests.count == 1)
    }

    @Test func `a transaction that DynamoDB would refuse for its form is not sent`() async throws {
        let transport = ScriptedTransport([])
        let dynamo = DynamoDB(session: try .scripted(transport))
        let action = DynamoDB.WriteAction.put(["pk": .string("a")], table: "t")
        for (count, token) in [(0, "t"), (101, "t"), (1, ""), (1, String(repeating: "t", count: 37))] {
            await #expect {
                let actions = Array(repeating: action, count: count)
                try await dynamo.transactWriteItems(actions, token: token, deadline: far)
            } throws: { error in
                guard case .invalidInput? = (error as? ServiceFailure)?.cause else { return false }
                return true
            }
        }
        #expect(transport.requests.isEmpty)
    }

    @Test func `no key at all asks nothing`() async throws {
        let dynamo = DynamoDB(session: try .scripted(ScriptedTransport([])))
        #expect(try await dynamo.batchGetItem([], table: "t", deadline: far).isEmpty)
        try await dynamo.batchWriteItem(table: "t", deadline: far)
    }
}
