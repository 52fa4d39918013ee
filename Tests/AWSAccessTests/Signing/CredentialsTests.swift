import AWSAccess
import Testing

@Suite("Credentials")
struct CredentialsTests {
    @Test func `no way of printing shows a secret`() {
        let credentials = Credentials(
            accessKeyId: "AKIDEXAMPLE",
            secretAccessKey: "very-secret",
            sessionToken: "token-secret",
            expiration: WallTime(milliseconds: 0)
        )
        var dumped = ""
        dump(credentials, to: &dumped)
        dump([Optional(credentials)], to: &dumped)
        let printed = "\(credentials) \(String(reflecting: credentials)) \([credentials]) \(dumped)"
        #expect(printed.contains("AKIDEXAMPLE"))
        #expect(!printed.contains("secret-") && !printed.contains("-secret"))
        #expect("\(credentials)" == "Credentials(AKIDEXAMPLE, expires: 1970-01-01T00:00:00.000Z)")
    }
}
