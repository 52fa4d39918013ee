import AWSAccess
import Pipeline
import TestSupport
import Testing

/// Vega itself, by way of Python's vl_convert: draws a panel with an answer in place of its search.
enum VegaProgram {
    static let isAvailable = (try? ProgramRun(shell: "python3 -c 'import vl_convert'"))?.code == 0

    private static let program = """
        import json, sys, vl_convert
        spec = json.loads(json.loads(open(sys.argv[1]).read())["params"]["spec"])
        source = spec["data"][0]
        del source["url"]
        source["values"] = json.load(open(sys.argv[2]))
        spec["width"], spec["height"] = 800, 600
        def walk(node):
            if isinstance(node, dict):
                if node.get("name") == "squares":
                    for item in node["items"]: print(item["description"])
                for part in node.values(): walk(part)
            elif isinstance(node, list):
                for part in node: walk(part)
        walk(vl_convert.vega_to_scenegraph(spec))
        """

    /// The value of each pair of accounts, as the panel tells it.
    static func values(of panel: Panel, _ answer: JSONValue) throws -> [String: Double] {
        let folder = try TemporaryFolder()
        try folder.write(program, to: "draw.py")
        try folder.write(panel.object.attributes["visState"]?.string ?? "", to: "state.json")
        try folder.write(String(decoding: answer.bytes, as: UTF8.self), to: "answer.json")
        let run = try ProgramRun(shell: "cd '\(folder.path)' && python3 draw.py state.json answer.json")
        try #require(run.code == 0, "\(run.messages)")
        var values: [String: Double] = [:]
        for line in run.output.split(separator: "\n") {
            let parts = line.split(separator: ": ")
            try #require(parts.count == 2, "\(line)")
            // Vega writes a minus sign, not a hyphen.
            let value: Double = try #require(Double(String(parts[1].replacing("\u{2212}", with: "-"))))
            values[String(parts[0])] = value
        }
        return values
    }
}
