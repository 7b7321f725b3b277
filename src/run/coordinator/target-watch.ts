// Reads the target's own Prometheus metrics once a second, and writes them to the log.
import type { TargetRecord } from "../../model/log/run-log.js";
import type { MetricsSource, Scenario, SeriesChoice } from "../../scenarios/scenario.js";
import { nowUs } from "../../support/clock.js";
import { createHttpClient, type HttpAnswer, type HttpClient } from "../../wire/http/http.js";
import { readSeries } from "../../wire/reading/prometheus-text.js";

const SECOND_US = 1_000_000;
/** Longest page that is read; a longer one counts as no data. */
const PAGE_BYTES = 10 * 1_048_576;
const PATIENCE_US = 5_000_000;
const MEMORY: SeriesChoice = { name: "process_resident_memory_bytes", labels: {}, combine: "sum" };

export interface TargetWatch {
  stop(): Promise<void>;
}

export interface WatchOptions {
  readonly scenario: Pick<Scenario, "target" | "via">;
  /** Has the address of the target itself, behind the fault proxy. */
  readonly header: { readonly target: { readonly url: string } };
  /** Start barrier. */
  readonly startUs: number;
  readonly emit: (record: TargetRecord) => void;
  /** Called once for each page, the first time it is not as expected. */
  readonly note: (text: string) => void;
}

/** Sends nothing to a target without `metrics`. A second without an answer stays empty. */
export function watchTarget(options: WatchOptions): TargetWatch {
  const pages = (options.scenario.target.metrics ?? []).map((source) => new WatchedPage(source, options));
  return {
    async stop() {
      await Promise.all(pages.map((page) => page.stop()));
    },
  };
}

class WatchedPage {
  readonly #source: MetricsSource;
  readonly #options: WatchOptions;
  readonly #url: string;
  readonly #http: HttpClient;
  /** Counter → its last value, and when it was read. */
  readonly #counted = new Map<string, readonly [value: number, atUs: number]>();
  #timer: NodeJS.Timeout | undefined;
  #asking = false;
  #heard = false;
  #warned = false;
  #stopped = false;

  constructor(source: MetricsSource, options: WatchOptions) {
    this.#source = source;
    this.#options = options;
    const { scenario, header } = options;
    const { tls, proxy, headers, url: front } = scenario.target;
    // Bypasses the fault proxy, whose faults say nothing about the target. Headers are only for the target itself.
    const own = scenario.via === "proxy" ? header.target.url : front;
    this.#url = source.own ? `${own.replace(/\/$/, "")}${source.url}` : source.url;
    this.#http = createHttpClient({
      ...{ tls, proxy: source.own ? proxy : undefined, connections: 1 },
      headers: { ...(source.own ? headers : {}), ...source.headers },
      timeoutUs: PATIENCE_US,
      bodyBytes: PAGE_BYTES,
    });
    this.#askNext();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#http.close();
  }

  /** In the middle of each second, so that each has one answer. */
  #askNext(): void {
    const sinceUs = nowUs() - this.#options.startUs;
    const second = Math.max(0, Math.ceil(sinceUs / SECOND_US - 0.5));
    const waitUs = (second + 0.5) * SECOND_US - sinceUs;
    this.#timer = setTimeout(
      () => {
        void this.#ask(second);
        this.#askNext();
      },
      Math.max(1, Math.ceil(waitUs / 1000)),
    );
  }

  async #ask(second: number): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    const answer = await this.#http.request({
      method: "GET",
      url: this.#url,
      headers: { accept: "text/plain" },
    });
    this.#asking = false;
    if (this.#stopped) return;
    const { memory, named } = this.#source;
    const choices = [...(memory ? [MEMORY] : []), ...named.map(({ series }) => series)];
    const values = answer.ok ? readSeries(answer.body, choices) : choices.map(() => undefined);
    const reported = memory ? values.shift() : undefined;
    const memoryBytes = reported !== undefined && reported >= 0 ? reported : undefined;
    const record: TargetRecord = {
      ...{ type: "target", second },
      ...(memoryBytes === undefined ? {} : { memoryBytes: Math.round(memoryBytes) }),
      ...this.#seen(values, answer),
    };
    if (Object.keys(record).length > 2) this.#options.emit(record);
    // A target that has answered before may be down on purpose.
    this.#heard ||= memoryBytes !== undefined || record.values !== undefined;
    this.#tellSilence(answer, memory && memoryBytes === undefined);
  }

  /** Values by name, and why others have none. A counter has one from its second reading on, unless it was reset. */
  #seen(read: readonly (number | undefined)[], answer: HttpAnswer): Pick<TargetRecord, "values" | "missing"> {
    const values: Record<string, number> = {};
    const missing: Record<string, string> = {};
    for (const [at, { name, kind, series }] of this.#source.named.entries()) {
      const value = read[at];
      if (value === undefined) missing[name] = whyNot(answer, series.name);
      else if (kind === "gauge") values[name] = value;
      else {
        const before = this.#counted.get(name);
        this.#counted.set(name, [value, answer.doneUs]);
        if (before && value >= before[0] && answer.doneUs > before[1])
          values[name] = ((value - before[0]) * SECOND_US) / (answer.doneUs - before[1]);
      }
    }
    return {
      ...(Object.keys(values).length > 0 ? { values } : {}),
      ...(Object.keys(missing).length > 0 ? { missing } : {}),
    };
  }

  #tellSilence(answer: HttpAnswer, noMemory: boolean): void {
    if (this.#warned || this.#heard) return;
    const [first] = this.#source.named;
    if (!noMemory && (!first || answer.ok)) return;
    this.#warned = true;
    const where = this.#source.own ? this.#source.url : "its metrics page";
    const what = first ? "what it is asked for" : "its memory";
    this.#options.note(
      `the target does not report ${what} at ${where}: ${whyNot(answer, first?.series.name ?? MEMORY.name)}`,
    );
  }
}

function whyNot(answer: HttpAnswer, name: string): string {
  if (answer.ok) return `no ${name} in it`;
  return answer.status >= 400 ? `answered ${answer.status}` : (answer.error ?? `answered ${answer.status}`);
}
