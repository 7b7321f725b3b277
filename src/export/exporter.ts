// Sends telemetry during a run: on its own timer, bounded in memory and time, without delaying the run.
//
// Only the exporter waits for its requests. What cannot be sent is dropped and counted: a receiver that is
// unreachable, slow or broken only changes the counts.
import type { KeptTurn } from "../model/turn/turn.js";
import { within } from "../support/clock.js";
import { redactUrl } from "../support/redaction.js";
import type { HttpAnswer, HttpClient } from "../wire/http/http.js";
import { ExportMemory, metricsRequest, type RunTotals } from "./metrics.js";
import type { ExportedRun } from "./otlp.js";
import { protobufOf } from "./protobuf.js";
import type { OtlpSettings } from "./settings.js";
import { tracesRequest } from "./spans.js";

const EVERY_MS = 5000;
/** The first round is as early as possible, to notice an unreachable receiver at once. */
const FIRST_MS = 1000;
/** Most turns waiting to be sent; a turn takes a few kilobytes. */
const MAX_WAITING = 1000;
const MAX_BATCH = 100;
/** Statuses after which OTLP allows a retry. */
const AGAIN = [429, 502, 503, 504];
/** Statuses of a receiver that does not accept this kind of telemetry. */
const NEVER = [404, 405, 501];

export interface ExporterOptions {
  readonly run: ExportedRun;
  readonly settings: OtlpSettings;
  readonly http: HttpClient;
  /** Wall time now, microseconds since the epoch. */
  readonly wallNowUs: () => number;
  /** The run's totals so far; `undefined` before there are any. */
  readonly totals: () => RunTotals | undefined;
  /** The start barrier, microseconds since the epoch. */
  readonly startWallUs: () => number;
  /** Prints a warning; called at most once. */
  readonly warn: (text: string) => void;
  readonly everyMs?: number;
  /** How often the first round is tried while there are no totals. */
  readonly firstMs?: number;
}

/** Counts of what was sent and dropped. */
export interface ExportAccount {
  readonly sent: number;
  readonly failed: number;
  readonly turnsSent: number;
  readonly turnsLost: number;
}

type Signal = "metrics" | "traces";

export class Exporter {
  readonly #options: ExporterOptions;
  readonly #memory = new ExportMemory();
  readonly #fromUs: number;
  readonly #timer: NodeJS.Timeout;
  readonly #first: NodeJS.Timeout;
  readonly #urls: Record<Signal, string | undefined>;
  #waiting: KeptTurn[] = [];
  #sending: Promise<void> | undefined;
  #warned = false;
  #ended = false;
  #sent = 0;
  #failed = 0;
  #turnsSent = 0;
  #turnsLost = 0;

  constructor(options: ExporterOptions) {
    this.#options = options;
    const { metricsUrl, tracesUrl } = options.settings;
    this.#urls = { metrics: metricsUrl, traces: tracesUrl };
    this.#fromUs = options.wallNowUs();
    const { everyMs = EVERY_MS, firstMs = FIRST_MS } = options;
    this.#timer = setInterval(() => this.#send(), everyMs).unref();
    this.#first = setInterval(() => this.#sendFirst(), Math.min(firstMs, everyMs)).unref();
  }

  get account(): ExportAccount {
    // After closing, what still waits is never sent.
    const turnsLost = this.#turnsLost + (this.#ended ? this.#waiting.length : 0);
    return { sent: this.#sent, failed: this.#failed, turnsSent: this.#turnsSent, turnsLost };
  }

  /** Queues a failed or slow turn for the next batch. */
  turn(turn: KeptTurn): void {
    if (turn.why === "sample" || this.#options.settings.tracesUrl === undefined) return;
    if (this.#urls.traces === undefined || this.#waiting.length >= MAX_WAITING) this.#turnsLost++;
    else this.#waiting.push(turn);
  }

  /** Sends the rest within the given time, then releases everything. */
  async end(withinMs: number): Promise<void> {
    clearInterval(this.#timer);
    clearInterval(this.#first);
    await within(withinMs * 1000, this.#flush());
    this.#ended = true;
    await this.#options.http.close();
  }

  async #flush(): Promise<void> {
    await this.#sending;
    await this.#sendMetrics();
    while (this.#waiting.length > 0 && (await this.#sendTurns()));
  }

  #sendFirst(): void {
    if (this.#options.totals() === undefined) return;
    clearInterval(this.#first);
    this.#send();
  }

  /** One round at a time: a slow receiver skips rounds, which cumulative sums do not mind. */
  #send(): void {
    this.#sending ??= this.#sendMetrics()
      .then(() => this.#sendTurns())
      .then(() => {
        this.#sending = undefined;
      });
  }

  async #sendMetrics(): Promise<void> {
    const { run, totals, wallNowUs } = this.#options;
    const now = totals();
    if (!now || this.#urls.metrics === undefined) return;
    const times = { fromUs: this.#fromUs, atUs: wallNowUs() };
    await this.#post("metrics", metricsRequest(run, now, this.#memory, times));
  }

  /** @returns whether there may be more to send */
  async #sendTurns(): Promise<boolean> {
    const batch = this.#waiting.slice(0, MAX_BATCH);
    if (batch.length === 0) return false;
    const { run, startWallUs } = this.#options;
    const result = await this.#post("traces", tracesRequest(run, batch, startWallUs()));
    if (result === "again") return false;
    this.#waiting = this.#waiting.slice(batch.length);
    if (result === "sent") this.#turnsSent += batch.length;
    else this.#turnsLost += batch.length;
    if (this.#urls.traces === undefined) this.#turnsLost += this.#waiting.splice(0).length;
    return result === "sent";
  }

  async #post(signal: Signal, body: object): Promise<"sent" | "again" | "lost"> {
    const url = this.#urls[signal];
    if (url === undefined) return "lost";
    const { http, settings } = this.#options;
    const { headers, json } = settings;
    const content = json
      ? { headers, json: body }
      : { headers: { "content-type": "application/x-protobuf", ...headers }, bytes: protobufOf(body) };
    const answer = await http.request({ method: "POST", url, ...content });
    const refused = answer.ok ? refusedIn(answer.body) : "";
    if (answer.ok && refused === "") {
      this.#sent++;
      return "sent";
    }
    this.#failed++;
    if (NEVER.includes(answer.status)) this.#urls[signal] = undefined;
    this.#warnOnce(`${signal} to ${redactUrl(url)}: ${answer.ok ? refused : causeOf(answer)}`);
    return answer.status === 0 || AGAIN.includes(answer.status) ? "again" : "lost";
  }

  #warnOnce(what: string): void {
    if (this.#warned) return;
    this.#warned = true;
    this.#options.warn(`telemetry could not be sent (${what}); the run goes on without it`);
  }
}

function causeOf({ status, code, error }: HttpAnswer): string {
  return status > 0 ? `HTTP ${status}` : (code ?? error ?? "no answer");
}

/** Why a receiver rejected part of an accepted request; empty if it did not. */
function refusedIn(body: string): string {
  try {
    const { partialSuccess } = JSON.parse(body === "" ? "{}" : body) as {
      readonly partialSuccess?: Readonly<Record<string, unknown>> | null;
    };
    const count = Number(partialSuccess?.rejectedSpans ?? partialSuccess?.rejectedDataPoints ?? 0);
    return count > 0 ? `the receiver rejected ${count} of the items sent` : "";
  } catch {
    // Receivers may answer with plain text; only the status counts.
    return "";
  }
}
