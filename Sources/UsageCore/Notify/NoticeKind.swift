/// Why people are told of an incident.
package enum NoticeKind: String, Sendable, CaseIterable {
    case opened, escalated, resolved
}
