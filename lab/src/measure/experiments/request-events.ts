// What does a request cost in socket buffers, by who answers it? The same requests meet a server behind its kernel, a server with
// its cache in XDP that holds every key asked for, and the same with a cache that holds none of them.
import { hotAndColdKeys, type KeyValueStage, openKeyValue } from "../../keyvalue/index.js";
import { countDuring } from "../../trace/index.js";
import type { Context, Experiment } from "../experiment.js";

/** How many to ask. */
export interface RequestEventsParams {
  /** Requests of each kind. */
  readonly requests: number;
}

/** What one kind of request came to. */
export interface RequestEvents {
  readonly name: string;
  readonly requests: number;
  /** Right answers, by who gave them. */
  readonly fromCache: number;
  readonly fromServer: number;
  /** Answers that were wrong, and requests without one. */
  readonly wrong: number;
  readonly unanswered: number;
  /** Socket buffers that entered a stack, of either host. */
  readonly skbs: number;
  /** Deaths of socket buffers, work done or not. */
  readonly deaths: number;
}

/** The figure that is guessed is the first row's socket buffers. */
export interface RequestEventsOutcome {
  readonly hits: RequestEvents;
  readonly misses: RequestEvents;
  readonly serverOnly: RequestEvents;
}

const KEYS = 256;
const HOT = 64;
const WARM_UP = 256;
const IN_FLIGHT = 128;

async function eventsOf(
  { name, cached, hitShare }: { name: string; cached: number; hitShare: number },
  requests: number,
  context: Context,
): Promise<RequestEvents> {
  let stage: KeyValueStage | undefined;
  context.onClose(() => stage?.close());
  const schedule = hotAndColdKeys({ hot: HOT, keys: KEYS, hitShare }, context.random);
  const consumer = context.cpus.find((cpu) => cpu !== context.cpu) ?? context.cpu;
  stage = await openKeyValue({ keys: KEYS, cached, schedule, cpus: { injector: context.cpu, consumer } });
  const { client, testbed } = stage;
  const options = { inFlight: IN_FLIGHT, signal: context.signal };
  await client.load(WARM_UP, options);
  const namespaces = testbed.spec.hosts.map((host) => testbed.path(host));
  const { result, counts } = await countDuring(
    { skbs: { namespaces } },
    () => client.load(requests, options),
    context.signal,
  );
  await stage.close();
  stage = undefined;
  const { fromCache, fromServer, answers, unanswered } = result;
  const { entered, dropped, consumed } = counts.skbs.own;
  const wrong = answers - fromCache - fromServer;
  return {
    name,
    requests,
    fromCache,
    fromServer,
    wrong,
    unanswered,
    skbs: entered,
    deaths: dropped + consumed,
  };
}

const experiment: Experiment<RequestEventsParams, RequestEventsOutcome> = {
  name: "request-events",
  module: import.meta.url,
  question: "How many socket buffers does a request cost, by who answers it?",
  needs: ["root"],
  unit: "skbs",
  defaults: { requests: 20_000 },
  unseen: [
    "speed: tracing slows what it watches",
    "the client's own socket buffers: it has none, its requests and answers are XDP frames",
  ],
  headline: ({ hits }) => hits.skbs,
  async run({ requests }, context) {
    const kinds = {
      hits: { name: "cached key, answered by XDP", cached: HOT, hitShare: 1 },
      misses: { name: "other key, passed by XDP", cached: HOT, hitShare: 0 },
      serverOnly: { name: "no XDP program", cached: 0, hitShare: 1 },
    };
    const rows: Partial<Record<keyof typeof kinds, RequestEvents>> = {};
    for (const [kind, spec] of Object.entries(kinds)) {
      context.progress(Object.keys(rows).length / 3, spec.name);
      rows[kind as keyof typeof kinds] = await eventsOf(spec, requests, context);
      await context.breathe();
    }
    return rows as RequestEventsOutcome;
  },
};
export default experiment;
