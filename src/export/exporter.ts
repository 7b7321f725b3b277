// Sends a run's telemetry while it goes on: by a timer of its own, bounded in memory and time, and never in its way.
//
// Nobody waits for a request but the exporter itself. What cannot be sent is dropped and counted: a receiver that is
// away, slow or broken changes nothing but the account.
import type { KeptTurn } from "../model/turn/turn.js";
import { within } from "../support/clock.js";
import { redactUrl } from "../support/redaction.js";
import type { HttpAnswer, HttpClient } from "../wire/http.js";
import { ExportMemory, metricsRequest, type RunTotals } from "./metrics.js";
import type { ExportedRun } from "./otlp.js";
import { protobufOf } from "./protobuf.js";
import type { OtlpSettings } from "./settings.js";
import { tracesRequest } from "./spans.js";

const EVERY_MS = 5000;
/** The first round comes sooner, as soon as there is anything to tell: a receiver that is away is known at once. */
const FIRST_MS = 1000;
/** Turns that wait to be sent; a turn is a few kilobytes. */
const MAX_WAITING = 1000;
const MAX_BATCH = 100;
/** Statuses after which OTLP lets a client try again. */
const AGAIN = [429, 502, 503, 504];
/** Statuses of a receiver that does not take this kind of telemetry at all. */
const NEVER = [404, 405, 501];

export interface ExporterOptions {
  readonly run: ExportedRun;
  readonly settings: OtlpSettings;
  readonly http: HttpClient;
  /** Wall time now, microseconds since the epoch. */
  readonly wallNowUs: () => number;
  /** How the run stands; `undefined` before there is anything to tell. */
  readonly totals: () => RunTotals | undefined;
  /** The start barrier, microseconds since the epoch. */
  readonly startWallUs: () => number;
  /** Says something to people; called at most once. */
  readonly warn: (text: string) => void;
  readonly everyMs?: number;
  /** How often the first round is tried while there is nothing to tell. */
  readonly firstMs?: number;
}

/** What became of what was to be sent. */
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
    // Once the exporter is let go of, nobody sends what waits.
    const turnsLost = this.#turnsLost + (this.#ended ? this.#waiting.length : 0);
    return { sent: this.#sent, failed: this.#failed, turnsSent: this.#turnsSent, turnsLost };
  }

  /** Takes a failed or slow turn, to be sent with the next batch. */
  turn(turn: KeptTurn): void {
    if (turn.why === "sample" || this.#options.settings.tracesUrl === undefined) return;
    if (this.#urls.traces === undefined || this.#waiting.length >= MAX_WAITING) this.#turnsLost++;
    else this.#waiting.push(turn);
  }

  /** Sends what is left, for so long at most; then lets go of everything. */
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

  /** One round at a time: where the receiver is slow, rounds are left out, and sums lose nothing by it. */
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

  /** @returns whether there may be more that can be sent */
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

/** Why a receiver that said yes left something out; empty if it did not. */
function refusedIn(body: string): string {
  try {
    const { partialSuccess } = JSON.parse(body === "" ? "{}" : body) as {
      readonly partialSuccess?: Readonly<Record<string, unknown>> | null;
    };
    const count = Number(partialSuccess?.rejectedSpans ?? partialSuccess?.rejectedDataPoints ?? 0);
    return count > 0 ? `the receiver rejected ${count} of the items sent` : "";
  } catch {
    // Receivers may answer in words; their status is what counts.
    return "";
  }
}
