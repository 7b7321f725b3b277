// A service that exists only in memory: threads with rows, read page by page; and what settling needs around it.

import { SampleRecorder } from "../../src/metrics/samples.js";
import type { RequestFailure } from "../../src/model/log/failed-request.js";
import type { Lookup, Probe, Recall } from "../../src/model/log/observation.js";
import type { SettledTurn } from "../../src/model/turn/turn.js";
import type { Failure, HistoryRow, PageRequest, Protocol, Session } from "../../src/profiles/profile.js";
import type { Schedule } from "../../src/session/services.js";
import type { Leak, Observer, Repeat } from "../../src/session/turn/observer.js";
import type { Clock } from "../../src/support/clock.js";
import type { FakeClock } from "./fake-clock.js";
import { USUAL_ORDER } from "./turns.js";

export const SESSION: Session = {
  token: "t",
  refreshToken: undefined,
  userId: "user-0",
  expiresAtWallUs: undefined,
};

export class FakeService {
  /** Thread → rows, oldest first. */
  readonly rows = new Map<string, HistoryRow[]>();
  readonly requests: (PageRequest & { readonly threadId: string })[] = [];
  /** When set, every call fails with it. */
  failure: Failure["kind"] | undefined;
  /** The code of that failure. */
  failureCode: string | undefined;
  /** Most rows of one page, whatever is asked for, and whether the service tells how many there are. */
  mostRows = Number.POSITIVE_INFINITY;
  tellsTotal = true;
  /** It knows pages by their number, each as long as it allows, and no other places to begin at. */
  countsPages = false;
  /** What happens to the store after each page that was read. */
  afterPage: () => void = () => {};

  constructor(readonly clock: FakeClock) {}

  store(threadId: string, ...rows: readonly Partial<HistoryRow>[]): void {
    const known = this.rows.get(threadId) ?? [];
    this.rows.set(threadId, known);
    for (const row of rows) {
      known.push({ id: `row-${threadId}-${known.length}`, role: "user", text: "", links: [], ...row });
    }
  }

  get protocol(): Protocol {
    return {
      capabilities: {
        history: true,
        search: false,
        resume: true,
        idempotent: false,
        expects: [],
        order: USUAL_ORDER,
      },
      ready: "open",
      login: async () => ({ ok: true, doneUs: this.clock.nowUs(), session: SESSION }),
      refresh: async () =>
        this.#failed() ?? { ok: true, doneUs: this.clock.nowUs(), session: { ...SESSION, token: "new" } },
      createThread: async () => ({ ok: true, doneUs: this.clock.nowUs(), threadId: "thread-new" }),
      listThreads: async () =>
        this.#failed() ?? { ok: true, doneUs: this.clock.nowUs(), threadIds: [...this.rows.keys()] },
      deleteThread: async () => ({ ok: true, doneUs: this.clock.nowUs() }),
      history: async (_session, threadId, page) => {
        this.requests.push({ ...page, threadId });
        const failed = this.#failed();
        if (failed) return failed;
        const rows = [...(this.rows.get(threadId) ?? [])];
        this.afterPage();
        if (page.order === "desc") rows.reverse();
        return {
          ok: true,
          doneUs: this.clock.nowUs(),
          page: {
            rows: this.#pageOf(rows, page),
            total: this.tellsTotal ? rows.length : undefined,
          },
        };
      },
      search: async () =>
        this.#failed() ?? { ok: true, doneUs: this.clock.nowUs(), page: { rows: [], total: 0 } },
      socket: () => ({ url: "ws://127.0.0.1:1", protocols: [], headers: {} }),
      encodeMessage: ({ text }) => text,
      encodePing: () => undefined,
      encodePong: () => undefined,
      encodeResume: () => undefined,
      decode: () => {},
      shapeOf: () => "",
    };
  }

  #pageOf<Row>(rows: readonly Row[], { limit, offset }: { limit: number; offset: number }): readonly Row[] {
    const size = Math.min(limit, this.mostRows);
    const from = this.countsPages ? Math.floor(offset / limit) * size : offset;
    return rows.slice(from, from + size);
  }

  #failed(): Failure | undefined {
    if (this.failure === undefined) return undefined;
    const doneUs = this.clock.nowUs();
    const code = this.failureCode;
    return { ok: false, kind: this.failure, status: 0, code, message: this.failure, doneUs };
  }
}

export function scheduleOf(clock: Clock): Schedule & { readonly recorder: SampleRecorder } {
  const recorder = new SampleRecorder();
  return { clock, recorder, rampUs: 0, phaseAt: () => "hold", samplesAt: () => recorder.phase("hold") };
}

/** Remembers what it is told. */
export class RecordingObserver implements Observer {
  readonly wantsAnswers = false;
  readonly keepsToolRuns = false;
  answered(): void {}

  readonly leaks: Leak[] = [];
  readonly repeats: Repeat[] = [];
  readonly settledTurns: SettledTurn[] = [];
  readonly troubles: string[] = [];
  readonly failures: RequestFailure[] = [];
  readonly strays: string[] = [];

  leak(leak: Leak): void {
    this.leaks.push(leak);
  }
  repeated(repeat: Repeat): void {
    this.repeats.push(repeat);
  }
  stray(anomaly: string): void {
    this.strays.push(anomaly);
  }
  stamped(): void {}
  settled(turn: SettledTurn): void {
    this.settledTurns.push(turn);
  }
  readonly lookups: Lookup[] = [];
  readonly probes: Probe[] = [];
  readonly recalls: Recall[] = [];
  lookup(lookup: Lookup): void {
    this.lookups.push(lookup);
  }
  recalled(recall: Recall): void {
    this.recalls.push(recall);
  }

  probed(probe: Probe): void {
    this.probes.push(probe);
  }
  mayKeep(): boolean {
    return true;
  }

  trouble(cause: string, _user?: number, failure?: RequestFailure): void {
    this.troubles.push(cause);
    if (failure) this.failures.push(failure);
  }
}
