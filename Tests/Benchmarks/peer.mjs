// peer.mjs EVENT ROUNDS: what ingest-bench measures, as a plain Node.js handler does it; prints the best time in nanoseconds.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

const contexts = new Map([
  ["111122223333", { alias: "prod-main", type: "production", ouPath: "Root/Workloads/Prod", owner: "team@example.com" }],
]);
const unknown = { alias: "prod-main", type: "production", ouPath: "Root/Workloads/Prod", owner: "team@example.com" };
const bodyLimit = 5 << 20;

function handle(event) {
  const batch = JSON.parse(gunzipSync(Buffer.from(event.awslogs.data, "base64")).toString("utf8"));
  const bodies = [];
  let lines = [];
  let size = 0;
  let count = 0;
  for (const logEvent of batch.logEvents) {
    const record = JSON.parse(logEvent.message);
    const account = record.recipientAccountId ?? record.userIdentity?.accountId ?? "";
    record.account = { id: account, ...(contexts.get(account) ?? unknown) };
    record.self = false;
    record.ingest = { receivedAt: "2023-07-10T12:00:00Z", source: batch.logStream };
    const index = "usage-records-" + record.eventTime.slice(0, 10).replaceAll("-", ".");
    const line =
      JSON.stringify({ create: { _index: index, _id: `${account}-${record.eventID}` } }) + "\n" + JSON.stringify(record) + "\n";
    if (size + line.length > bodyLimit && lines.length > 0) {
      bodies.push(Buffer.from(lines.join("")));
      lines = [];
      size = 0;
    }
    lines.push(line);
    size += line.length;
    count += 1;
  }
  if (lines.length > 0) bodies.push(Buffer.from(lines.join("")));
  return { count, bytes: bodies.reduce((sum, body) => sum + body.length, 0) };
}

const [, , path, rounds] = process.argv;
const text = readFileSync(path, "utf8");
let best = Infinity;
let outcome = { count: 0, bytes: 0 };
for (let round = 0; round < Number(rounds); round += 1) {
  // The runtime of Node.js parses the event before it calls the handler. Processor time, as ingest-bench takes it.
  const start = process.cpuUsage();
  outcome = handle(JSON.parse(text));
  const used = process.cpuUsage(start);
  best = Math.min(best, (used.user + used.system) * 1000);
}
const peak = /^VmHWM:\s*(\d+)/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? 0;
console.log(`ingest ${best}\nrecords ${outcome.count}\nbytes ${outcome.bytes}\npeak ${peak}`);
