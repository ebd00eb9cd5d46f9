// What a claim may ask of the machine. Several claims rest on one experiment, so each is run once for a whole ledger.
import type { SysError } from "../base/index.js";
import { noGuess, type Options, type Result } from "../measure/index.js";
import type { Claim, Finding } from "./claim.js";

/** A function of `measure`: one experiment. */
export type Measurement<Params extends object, Outcome> = (
  options: Options<Params>,
) => Promise<Result<Outcome>>;

/** Runs experiments for claims. */
export class Examiner {
  private readonly results = new Map<string, Promise<Result<unknown>>>();
  private readonly signal: AbortSignal | undefined;

  constructor(signal?: AbortSignal) {
    this.signal = signal;
  }

  /**
   * Runs an experiment, or gives the result that it has given before.
   *
   * @param measurement a function of `measure`
   * @param unit unit of its guess: nobody predicts here, and a run cannot do without one
   * @param params what differs from its defaults
   * @param judge what its outcome says of the claim
   */
  async ask<Params extends object, Outcome>(
    measurement: Measurement<Params, Outcome>,
    unit: string,
    params: Partial<Params>,
    judge: (outcome: Outcome, result: Result<Outcome>) => Omit<Finding, "results">,
  ): Promise<Finding> {
    const result = await this.once(measurement, unit, params);
    const results = [result.id];
    if (result.status === "ok") return { ...judge(result.outcome, result), results };
    return {
      verdict: "inconclusive here",
      because: `No figure: ${result.reason} -> ${result.next}.`,
      results,
    };
  }

  private once<Params extends object, Outcome>(
    measurement: Measurement<Params, Outcome>,
    unit: string,
    params: Partial<Params>,
  ): Promise<Result<Outcome>> {
    const key = `${measurement.name} ${JSON.stringify(params)}`;
    const known = this.results.get(key);
    if (known !== undefined) return known as Promise<Result<Outcome>>;
    const own = {
      guess: noGuess(unit),
      replay: false,
      onProgress: () => undefined,
      ...(this.signal && { signal: this.signal }),
    };
    const fresh = measurement({ ...params, ...own } as Options<Params>);
    this.results.set(key, fresh);
    return fresh;
  }

  /**
   * Examines one claim. What this machine cannot do makes it not testable here. Any other error is one of ours: it costs this claim its
   * verdict, and the rest of the ledger nothing.
   *
   * @throws the signal's reason, once it is aborted
   */
  async examine(claim: Claim): Promise<Finding | null> {
    if (claim.examine === undefined) return null;
    try {
      return await claim.examine(this);
    } catch (error) {
      this.signal?.throwIfAborted();
      const because = error instanceof Error ? error.message : String(error);
      if (isForbidden(error)) return { verdict: "not testable here", because, results: [] };
      return {
        verdict: "inconclusive here",
        because: `Its experiment broke off: ${because}`,
        results: [],
        isBroken: true,
      };
    }
  }
}

/** By name and code, because an error of the measuring process comes without its class. */
function isForbidden(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { name, code } = error as Partial<SysError>;
  return name === "NotSupportedError" || code === "EPERM" || code === "EACCES";
}
