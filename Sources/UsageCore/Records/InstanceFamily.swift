/// The family of an EC2 or SageMaker instance type.
package enum InstanceFamily {
    /// `g5` of `g5.48xlarge`, `ml.g5` of `ml.g5.2xlarge`, `db.r6g` of `db.r6g.large`.
    package static func of(_ instanceType: String) -> String {
        guard let dot = instanceType.lastIndex(of: ".") else { return instanceType }
        return String(instanceType[..<dot])
    }

    /// Whether the type has GPUs or other accelerators: what miners and model thieves want.
    ///
    /// AWS EC2 instance types, "Accelerated computing": p, g, trn, inf, dl, vt and f families.
    package static func isAccelerated(_ instanceType: String) -> Bool {
        let family = of(instanceType).split(separator: ".").last.map(String.init) ?? instanceType
        let letters = family.prefix { $0.isLetter }
        return ["p", "g", "gr", "trn", "inf", "dl", "vt", "f"].contains { $0 == letters }
    }
}
