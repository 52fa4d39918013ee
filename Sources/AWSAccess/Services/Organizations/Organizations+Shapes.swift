extension Organizations {
    /// An account as the organization knows it.
    package struct Account: Sendable, Equatable {
        /// 12 digits.
        package let id: String
        package let arn: String
        package let name: String
        package let email: String
        /// `PENDING_ACTIVATION`, `ACTIVE`, `SUSPENDED`, `PENDING_CLOSURE` or `CLOSED`; empty if the service does not say.
        package let state: String
        /// `o-x/r-y/ou-a/ou-b/123456789012/`; empty where the service does not give it, then ask `parent(of:)` upwards.
        package let paths: [String]

        init?(_ json: JSONValue) {
            guard let id = json["Id"]?.string else { return nil }
            self.id = id
            arn = json["Arn"]?.string ?? ""
            name = json["Name"]?.string ?? ""
            email = json["Email"]?.string ?? ""
            // Status is the older name, which the service is about to drop.
            state = json["State"]?.string ?? json["Status"]?.string ?? ""
            paths = (json["Paths"]?.array ?? []).compactMap(\.string)
        }

        /// The ids of the units above the account, outermost first; nil where the service gives no path.
        package var unitIds: [String]? {
            paths.first.map { path in
                path.split(separator: "/").filter { $0.hasPrefix("ou-") }.map(String.init)
            }
        }
    }

    /// What an account or unit lies in.
    package struct Parent: Sendable, Equatable {
        /// `r-...` or `ou-...`.
        package let id: String
        package let isRoot: Bool

        init?(_ json: JSONValue) {
            guard let id = json["Id"]?.string else { return nil }
            self.id = id
            isRoot = json["Type"]?.string == "ROOT"
        }
    }

    /// An organizational unit.
    package struct OrganizationalUnit: Sendable, Equatable {
        package let id: String
        package let name: String
        /// In ids; nil where the service does not give it.
        package let path: String?

        init?(_ json: JSONValue) {
            guard let id = json["Id"]?.string, let name = json["Name"]?.string else { return nil }
            self.id = id
            self.name = name
            path = json["Path"]?.string
        }
    }
}
