// A process that opens every path in both directions, uses each, reports the processes that it started, and waits to be ended.
import { readFileSync } from "node:fs";
import { paths, SendStage, Stage, sendPaths } from "ringside/paths";

for (const { name, load } of paths) {
  const stage = await Stage.open({ path: name });
  await stage.run(load === "itself" ? { seconds: 0.01 } : { frames: 500, inFlight: 256 });
}
for (const { name } of sendPaths) {
  const stage = await SendStage.open({ path: name });
  await stage.run({ packets: 500, inFlight: 128 });
}
const children = readFileSync(`/proc/self/task/${process.pid}/children`, "utf8").trim();
process.send({ started: children.split(" ").filter(Boolean).map(Number) });
setInterval(() => {}, 1000);
