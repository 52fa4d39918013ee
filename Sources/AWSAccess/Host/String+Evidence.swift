extension String {
    /// Foreign text as it may stand in a message: one line of at most 200 bytes without control characters.
    var asEvidence: String {
        var kept = ""
        var size = 0
        for scalar in unicodeScalars {
            let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            let isBreak = scalar.value == 0x2028 || scalar.value == 0x2029
            size += isControl || isBreak ? 1 : UTF8.width(scalar)
            guard size <= 200 else { return kept + "..." }
            kept.unicodeScalars.append(isControl || isBreak ? " " : scalar)
        }
        return kept
    }
}
