// Stages that stay open while an experiment runs, and are closed with it. Each must deliver before anything is measured on it.
import { Stage, type StageSpec } from "../paths/index.js";
import type { Context } from "./experiment.js";

/** Opens one stage; another one in tests. */
type Open = (spec: StageSpec) => Promise<Stage>;

/** Opens stages and closes them with the experiment. @throws Error naming the hop for one that delivers nothing; what opening it threw */
export async function openStages<Key extends string>(
  specs: ReadonlyMap<Key, StageSpec>,
  context: Context,
): Promise<Map<Key, Stage>> {
  const { stages, failed } = await openWhatOpens(specs, context);
  for (const error of failed.values()) throw error;
  return stages;
}

/**
 * Opens those stages that can be opened and deliver, so that a comparison goes on without the others.
 *
 * @returns the open ones, and for each of the others why not
 * @throws the signal's reason once the experiment is stopped
 */
export async function openWhatOpens<Key extends string>(
  specs: ReadonlyMap<Key, StageSpec>,
  context: Context,
  open: Open = Stage.open,
): Promise<{ stages: Map<Key, Stage>; failed: Map<Key, Error> }> {
  const stages = new Map<Key, Stage>();
  const failed = new Map<Key, Error>();
  context.onClose(async () => {
    for (const stage of [...stages.values()].reverse()) await stage.close();
  });
  for (const [key, spec] of specs) {
    context.progress(0, `opening ${spec.path}`);
    try {
      stages.set(key, await openDelivering(spec, open));
    } catch (error) {
      failed.set(key, failureOf(error, context));
    }
    await context.breathe();
  }
  return { stages, failed };
}

/** Opens a stage and sees packets come; one that does not deliver is closed again. @throws Error naming the hop; what opening it threw */
export async function openDelivering(spec: StageSpec, open: Open = Stage.open): Promise<Stage> {
  const stage = await open(spec);
  try {
    await stage.assertDelivery();
    return stage;
  } catch (error) {
    await stage.close();
    throw error;
  }
}

/** What a path failed with. @throws the signal's reason where the experiment was stopped: that is no path's failure */
export function failureOf(error: unknown, { signal }: Pick<Context, "signal">): Error {
  signal.throwIfAborted();
  return error instanceof Error ? error : new Error(String(error));
}
