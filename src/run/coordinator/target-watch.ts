// Asks the target once a second what memory it has, where it tells so, and puts the answer into the log.
import type { TargetRecord } from "../../model/log/run-log.js";
import type { Scenario } from "../../scenarios/scenario.js";
import { createHttpClient } from "../../wire/http.js";

const EVERY_MS = 1000;
const GAUGE = "process_resident_memory_bytes";

export interface TargetWatch {
  stop(): Promise<void>;
}

export interface WatchOptions {
  readonly scenario: Pick<Scenario, "target" | "via">;
  /** Knows where the target itself is, past the fault proxy. */
  readonly header: { readonly target: { readonly url: string } };
  /** Start barrier. */
  readonly startUs: number;
  readonly emit: (record: TargetRecord) => void;
  /** Told once, when it is first not answered as expected. */
  readonly note: (text: string) => void;
}

/** Nothing is asked of a target that has no `metrics`. A second without an answer stays without one. */
export function watchTarget({ scenario, header, startUs, emit, note }: WatchOptions): TargetWatch {
  const { target } = scenario;
  if (target.metrics === undefined) return { stop: async () => {} };
  const { tls, proxy, headers } = target;
  const http = createHttpClient({
    ...{ tls, proxy, headers, connections: 1 },
    timeoutUs: 5_000_000,
    bodyBytes: 4_194_304,
  });
  // What is broken on the way says nothing of the target's memory.
  const url = scenario.via === "proxy" ? header.target.url : target.url;
  const at = `${url.replace(/\/$/, "")}${target.metrics}`;
  let asking = false;
  let heard = false;
  let told = false;
  let stopped = false;
  const ask = async (): Promise<void> => {
    if (asking) return;
    asking = true;
    const answer = await http.request({ method: "GET", url: at, headers: { accept: "text/plain" } });
    asking = false;
    if (stopped) return;
    const memoryBytes = answer.ok ? gaugeIn(answer.body) : undefined;
    const second = Math.floor((answer.doneUs - startUs) / 1_000_000);
    if (memoryBytes !== undefined && second >= 0) emit({ type: "target", second, memoryBytes });
    // A target that has told before may be down on purpose.
    heard ||= memoryBytes !== undefined;
    if (heard || told || second < 0) return;
    told = true;
    const why = answer.ok ? `no ${GAUGE} in it` : `answered ${answer.status || (answer.error ?? "nothing")}`;
    note(`the target does not tell its memory at ${target.metrics}: ${why}`);
  };
  const timer = setInterval(() => void ask(), EVERY_MS);
  return {
    async stop() {
      stopped = true;
      clearInterval(timer);
      await http.close();
    },
  };
}

/**
 * The gauge in Prometheus text (exposition format 0.0.4), bytes; several series of it (processes behind one address) are
 * summed. `undefined` where there is none.
 */
export function gaugeIn(text: string): number | undefined {
  let sum: number | undefined;
  for (const line of text.split("\n")) {
    if (!line.startsWith(GAUGE)) continue;
    const match = /^(?:\{[^}]*\})?[ \t]+([0-9.eE+]+)(?:[ \t]+-?\d+)?\s*$/.exec(line.slice(GAUGE.length));
    const bytes = Number(match?.[1] ?? Number.NaN);
    if (Number.isFinite(bytes)) sum = (sum ?? 0) + Math.round(bytes);
  }
  return sum;
}
