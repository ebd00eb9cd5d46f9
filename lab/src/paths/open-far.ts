// Opens the far end of a wire: a consuming thread for a path that ends in one, or what the path puts in place elsewhere.
import type { Testbed } from "../net/index.js";
import { ConsumerThread } from "./consumer-thread.js";
import { type FarEnd, openElsewhere } from "./far-end.js";
import type { Path, PathOptions, Place } from "./path.js";
import type { Cpus, StageSpec } from "./stage.js";
import { openWayBack } from "./way-back.js";

/** Opens a path at host b of the testbed. @throws what opening it threw */
export async function openFar(
  path: Path,
  {
    touch = "headers",
    language = "typescript",
    paced = false,
  }: Pick<StageSpec, "touch" | "language" | "paced">,
  at: { testbed: Testbed; place: Place; options: PathOptions; cpus: Cpus },
): Promise<FarEnd> {
  const { testbed, place, options, cpus } = at;
  if (path.ends === "elsewhere") {
    const timed = paced && path.timedUntil !== null;
    return openElsewhere(path, { testbed, place, options, cpu: cpus.consumer, timed });
  }
  const namespace = testbed.path("b");
  const { consumer: cpu } = cpus;
  const sharesCpu = cpu === cpus.injector;
  const back = path.ends === "thread" && path.leadsBack === true ? openWayBack(testbed, paced) : undefined;
  const how = { path: path.name, place, options, namespace, cpu, sharesCpu, touch, language, paced };
  return ConsumerThread.open(how, back);
}
