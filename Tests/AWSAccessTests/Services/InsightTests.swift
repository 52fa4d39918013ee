import AWSAccess
import Testing

@Suite("Bedrock and Lambda")
struct InsightTests {
    @Test func `a model's ARN is one segment of the path`() async throws {
        let transport = ScriptedTransport([
            .json(#"{"output":{"message":{"content":[{"text":"t"},{"image":{}}]}},"stopReason":"max_tokens"}"#)
        ])
        let reply = try await Bedrock(session: .scripted(transport)).converse(
            "q",
            model: "arn:aws:bedrock:eu-west-1:1:inference-profile/eu.m-v1:0",
            mostTokens: 1,
            deadline: far
        )
        #expect(reply.text == "t" && reply.stopReason == "max_tokens" && reply.inputTokens == 0)
        let request = try #require(transport.requests.first)
        #expect(request.path == "/model/arn%3Aaws%3Abedrock%3Aeu-west-1%3A1%3Ainference-profile%2Feu.m-v1%3A0/converse")
        #expect(request.endpoint == Endpoint(host: "bedrock-runtime.eu-west-1.amazonaws.com"))
        #expect(request.headers["authorization"]?.contains("/eu-west-1/bedrock/aws4_request") == true)
        #expect(
            transport.bodies == [
                #"{"messages":[{"role":"user","content":[{"text":"q"}]}],"inferenceConfig":{"maxTokens":1,"temperature":0.0}}"#
            ]
        )
    }

    @Test func `a payload too large for its mode is not sent`() async throws {
        let transport = ScriptedTransport([])
        let lambda = Lambda(session: try .scripted(transport))
        for (mode, size) in [(Lambda.Mode.event, Lambda.largestEvent), (.requestResponse, Lambda.largestRequest)] {
            await #expect(throws: ServiceFailure.self) {
                let payload = [UInt8](repeating: 0x20, count: size + 1)
                _ = try await lambda.invoke("f", payload: payload, mode: mode, deadline: far)
            }
        }
        #expect(transport.requests.isEmpty)
    }

    @Test func `a function that is waited for is not invoked again when the answer was lost`() async throws {
        let lost = ScriptedTransport.Step.failure(.connectionLost(host: "h", detail: "d"))
        let waiting = ScriptedTransport([lost, .json("{}")])
        await #expect(throws: ServiceFailure.self) {
            _ = try await Lambda(session: .scripted(waiting))
                .invoke("f", payload: [], mode: .requestResponse, deadline: far)
        }
        #expect(waiting.requests.count == 1)
        let queueing = ScriptedTransport([lost, .json("", status: 202)])
        _ = try await Lambda(session: .scripted(queueing)).invoke("f", payload: [], mode: .event, deadline: far)
        #expect(queueing.requests.count == 2)
    }
}
