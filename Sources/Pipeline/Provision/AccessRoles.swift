/// The roles of the domain's fine-grained access control, each with no more than its function needs.
enum AccessRoles {
    /// With the IAM roles that are to have them.
    static func all(_ request: ProvisionRequest) -> [(RolePart, [String])] {
        [
            (
                RolePart(
                    name: "usage_anomalies_writer",
                    summary: "MultiAccountLogs: adds records",
                    clusterPermissions: ["indices:data/write/bulk"],
                    indexPermissions: [
                        (
                            ["usage-records-*"],
                            [
                                "indices:admin/create", "indices:admin/mapping/put", "indices:data/write/bulk*",
                                "indices:data/write/index",
                            ]
                        )
                    ]
                ), request.writers
            ),
            (
                RolePart(
                    name: "usage_anomalies_reader",
                    summary: "QBusinessConnector: reads incidents, keeps its checkpoint beside them",
                    clusterPermissions: [],
                    indexPermissions: [
                        (
                            ["usage-incidents"],
                            [
                                "indices:admin/create", "indices:admin/mapping/put", "indices:data/read/get",
                                "indices:data/read/search", "indices:data/write/bulk*", "indices:data/write/index",
                            ]
                        )
                    ]
                ), request.readers
            ),
            (
                RolePart(
                    name: "usage_anomalies_viewer",
                    summary: "People at Dashboards: read records, incidents and results",
                    clusterPermissions: ["indices:data/read/mget", "indices:data/read/msearch"],
                    indexPermissions: [
                        (
                            ["usage-records-*", "usage-incidents", "opensearch-ad-plugin-result-usage*"],
                            ["indices:admin/mappings/get", "indices:admin/resolve/index", "indices:data/read/*"]
                        )
                    ],
                    globalTenantPermissions: ["kibana_all_read"]
                ), request.viewers
            ),
        ]
    }
}
