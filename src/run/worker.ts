// One worker: a slice of the users, from log-in to the last settled turn, told second by second.
import { baselineUsers, peakUsers, phaseSpans, sliceOf, userWindows } from "../load/users.js";
import { type PhaseSamples, SampleRecorder } from "../metrics/samples.js";
import { nonceCodec } from "../model/nonce.js";
import type { PhaseSpan } from "../model/phase.js";
import { profileNamed } from "../profiles/index.js";
import type { Protocol } from "../profiles/profile.js";
import { promptSet } from "../scenarios/prompts/library.js";
import { walkJourney } from "../session/journey.js";
import type { Services } from "../session/services.js";
import { Settler } from "../session/settling.js";
import { VirtualUser } from "../session/virtual-user.js";
import { systemClock, wallMinusMonoUs } from "../support/clock.js";
import { randomFrom } from "../support/random.js";
import { createHttpClient, type HttpClient } from "../wire/http.js";
import { openWebSocket } from "../wire/websocket.js";
import type { FromWorker, Snapshot, ToWorker, WorkerPlan } from "./messages.js";
import { createPace } from "./pace.js";
import { UserRegistry } from "./registry.js";
import { loopDelaySamples, type SelfMonitor, startSelfMonitor, TICK_MS } from "./self-monitor.js";
import { WorkerTurnAccount } from "./turn-account.js";
import { WorkerObserver } from "./worker-observer.js";
import { prepareUsers } from "./worker-prepare.js";

const clock = systemClock;
const MAX_CONNECTIONS = 128;
const MAX_BODY_BYTES = 8 * 1_048_576;

export class Worker {
  readonly #plan: WorkerPlan;
  readonly #tell: (message: FromWorker) => void;
  readonly #http: HttpClient;
  readonly #protocol: Protocol;
  readonly #recorder = new SampleRecorder();
  readonly #phaseKeys = new Map<PhaseSamples, string>();
  readonly #registry = new UserRegistry();
  readonly #users = new Map<number, VirtualUser>();
  readonly #account: WorkerTurnAccount;
  readonly #observer: WorkerObserver;
  readonly #settler: Settler;
  readonly #services: Services;
  readonly #stop = new AbortController();
  #monitor: SelfMonitor | undefined;
  #spans: readonly PhaseSpan[] = [];
  #startUs = 0;
  #rampUs: number | undefined;
  #usersStarted = 0;
  #second = 0;
  #turnsLeft: number;
  #timers: NodeJS.Timeout[] = [];
  #cancelSecond: () => void = () => {};
  #onRamp: (() => void) | undefined;

  constructor(plan: WorkerPlan, tell: (message: FromWorker) => void) {
    this.#plan = plan;
    this.#tell = tell;
    const { scenario } = plan;
    const { target } = scenario;
    const profile = profileNamed(target.profile);
    if (!profile) throw new Error(`no profile named ${target.profile}`);
    this.#http = createHttpClient({
      tls: target.tls,
      proxy: target.proxy,
      headers: target.headers,
      timeoutUs: target.connect.timeoutUs,
      connections: MAX_CONNECTIONS,
      bodyBytes: MAX_BODY_BYTES,
    });
    this.#protocol = profile.open(target, target.options, this.#http);
    this.#turnsLeft = plan.turnBudget ?? Number.POSITIVE_INFINITY;
    this.#account = new WorkerTurnAccount({
      settings: scenario.turn,
      limits: plan.goodLimits,
      nowUs: clock.nowUs,
      startUs: () => this.#startUs,
      userOf: (turn) => this.#users.get(turn.user),
    });
    this.#observer = new WorkerObserver({
      checks: scenario.checks,
      clock: target.clock,
      wallOffsetUs: wallMinusMonoUs(),
      startUs: () => this.#startUs,
      anomalies: this.#account.anomalies,
      shapeOf: (frame) => this.#protocol.shapeOf(frame),
      onSettled: (turn) => this.#account.settle(turn),
      onTrouble: (cause) => this.#account.count(cause),
    });
    const codec = nonceCodec(plan.runSeed);
    const schedule = {
      clock,
      phaseAt: (us: number) => this.#spanAt(us)?.key ?? "prepare",
      samplesAt: (us: number) => this.#samples(this.#spanAt(us)?.key ?? "prepare"),
    };
    this.#settler = new Settler({
      schedule,
      protocol: this.#protocol,
      codec,
      observer: this.#observer,
      settleUs: scenario.settleUs,
      everyTurn: scenario.checks.some(({ check }) => check === "history"),
    });
    this.#services = {
      schedule,
      protocol: this.#protocol,
      wire: {
        openChannel: (request, handlers) => openWebSocket({ ...request, ...this.#socketOptions() }, handlers),
      },
      codec,
      turnSettings: scenario.turn,
      account: this.#account,
      observer: this.#observer,
      registry: this.#registry,
      settler: this.#settler,
      prompts: promptSet(),
      mayStartTurn: () => this.#turnsLeft-- > 0,
      connection: {
        timeoutUs: target.connect.timeoutUs,
        pingUs: target.connect.pingUs,
        reconnects: target.connect.reconnects,
        pace: createPace(clock, this.#share(target.connect.ratePerSecond)),
      },
    };
  }

  #socketOptions() {
    const { tls, proxy, origin, limits, connect, headers } = this.#plan.scenario.target;
    return {
      tls,
      proxy,
      origin,
      frameBytes: limits.frameBytes,
      timeoutUs: connect.timeoutUs,
      extraHeaders: headers,
    };
  }

  /** A rate for the whole run, divided among the workers. */
  #share(ratePerSecond: number | undefined): number | undefined {
    return ratePerSecond === undefined ? undefined : ratePerSecond / this.#plan.workers;
  }

  /** Handles one message of the coordinator. Rejects only for a bug of ours. */
  async handle(message: Exclude<ToWorker, { type: "prepare" }>): Promise<void> {
    switch (message.type) {
      case "start":
        this.#registry.setUsers(message.userIds);
        return this.#run(message.startUs, message.rampUs);
      case "ramp":
        this.#setRamp(message.rampUs);
        return;
      case "stop":
        this.#stop.abort();
        this.#settler.hurry();
        this.#account.abort();
        return;
    }
  }

  async prepare(): Promise<void> {
    const { scenario, worker, workers, runLabel, runSeed } = this.#plan;
    const { sessions, failures } = await prepareUsers({
      users: sliceOf(peakUsers(scenario.load), worker, workers),
      accounts: scenario.target.accounts,
      runLabel,
      connect: scenario.target.connect,
      protocol: this.#protocol,
      wire: this.#services.wire,
      clock,
      recorder: this.#recorder,
      pace: this.#services.connection.pace,
      onProgress: (ready, failed) => this.#tell({ type: "preparing", worker, ready, failed }),
    });
    const userIds: (readonly [string, number])[] = [];
    for (const [number, session] of sessions) {
      const random = randomFrom(scenario.seed, "user", number, runSeed === 0 ? 0 : "");
      this.#users.set(number, new VirtualUser(this.#services, number, random, session));
      if (session.userId !== undefined) userIds.push([session.userId, number]);
    }
    this.#tell({
      type: "prepared",
      worker,
      userIds,
      ready: sessions.size,
      failures,
      batches: this.#recorder.take(),
    });
  }

  async #run(startUs: number, rampUs: number | undefined): Promise<void> {
    this.#startUs = startUs;
    this.#monitor = startSelfMonitor();
    if (rampUs !== undefined) this.#setRamp(rampUs);
    else this.#spans = phaseSpans(this.#plan.scenario.load, startUs, undefined);
    this.#timers.push(setInterval(() => this.#tick(), TICK_MS));
    this.#scheduleSecond();
    await Promise.all([...this.#users.values()].map((user) => this.#stay(user)));
    await this.#windDown();
  }

  #setRamp(rampUs: number): void {
    this.#rampUs = rampUs;
    this.#spans = phaseSpans(this.#plan.scenario.load, this.#startUs, rampUs);
    this.#onRamp?.();
  }

  /** One user's part of the run: in the baseline step if it is among the first, then in its windows of the load. */
  async #stay(user: VirtualUser): Promise<void> {
    const { load, journey } = this.#plan.scenario;
    const first = baselineUsers(load);
    const windows = userWindows(load, user.number);
    const endOf = (index: number): number => {
      const window = windows[index];
      return this.#rampUs === undefined || !window ? Number.POSITIVE_INFINITY : this.#rampUs + window.toUs;
    };
    const walk = async (fromUs: number, untilUs: () => number): Promise<void> => {
      this.#usersStarted++;
      await walkJourney(user, journey, { fromUs, untilUs, signal: this.#stop.signal }, this.#services);
    };
    let next = 0;
    if (user.number < first) {
      // Spread over the first second, so that the baseline is no burst; it goes on into the ramp without a break.
      await walk(this.#startUs + Math.floor((1_000_000 * user.number) / first), () => endOf(0));
      next = 1;
    } else await this.#untilRamp();
    for (; next < windows.length && !this.#stop.signal.aborted; next++) {
      const index = next;
      await walk((this.#rampUs ?? 0) + (windows[index]?.fromUs ?? 0), () => endOf(index));
    }
  }

  readonly #rampWaiters: (() => void)[] = [];

  #untilRamp(): Promise<void> {
    if (this.#rampUs !== undefined) return Promise.resolve();
    this.#onRamp ??= () => {
      for (const waiter of this.#rampWaiters.splice(0)) waiter();
    };
    this.#stop.signal.addEventListener("abort", () => this.#onRamp?.(), { once: true });
    return new Promise((resolve) => this.#rampWaiters.push(resolve));
  }

  /** Drain, then settle: every turn gets its outcome. */
  async #windDown(): Promise<void> {
    const { worker } = this.#plan;
    const drainEndUs = clock.nowUs() + this.#plan.scenario.turn.timeoutUs + 1_000_000;
    this.#tell({ type: "phase", worker, phase: "drain", left: this.#account.inFlight });
    while (this.#account.inFlight > 0 && clock.nowUs() < drainEndUs && !this.#stop.signal.aborted)
      await pause(TICK_MS);
    this.#account.abort();
    if (!this.#stop.signal.aborted) await pause(this.#plan.scenario.turn.graceUs / 1000 + TICK_MS);
    this.#account.releaseAll();
    let threads = [...this.#users.values()].reduce(
      (sum, user) => sum + user.threads.filter((t) => t.unsettled.length > 0).length,
      0,
    );
    this.#tell({ type: "phase", worker, phase: "settle", left: threads });
    await this.#settler.finish(this.#users.values(), () => {
      threads--;
      if (threads % 20 === 0) this.#tell({ type: "phase", worker, phase: "settle", left: threads });
    });
    if (this.#plan.scenario.cleanup) await this.#cleanUp();
    await this.#end();
  }

  async #cleanUp(): Promise<void> {
    for (const user of this.#users.values()) {
      for (const thread of user.threads) await this.#protocol.deleteThread(user.session, thread.id);
    }
  }

  async #end(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#cancelSecond();
    for (const user of this.#users.values()) user.channel.close();
    const last = this.#snapshot();
    this.#monitor?.stop();
    await pause(100);
    for (const user of this.#users.values()) user.channel.terminate();
    await this.#http.close();
    this.#tell({ type: "done", worker: this.#plan.worker, last });
  }

  #tick(): void {
    const now = clock.nowUs();
    this.#monitor?.tick(loopDelaySamples(this.#recorder, this.#spanAt(now)?.key ?? "prepare"));
    this.#account.tick(now);
    this.#pingSome();
  }

  #pingCursor = 0;

  /** Pings a share of the users each tick, so that each is pinged once in its interval and never all at once. */
  #pingSome(): void {
    const users = [...this.#users.values()];
    if (users.length === 0) return;
    const now = clock.nowUs();
    const share = (users.length * TICK_MS * 1000) / this.#plan.scenario.target.connect.pingUs;
    const from = this.#pingCursor;
    this.#pingCursor += share;
    for (let i = Math.floor(from); i < Math.floor(this.#pingCursor); i++)
      users[i % users.length]?.channel.tick(now);
  }

  #scheduleSecond(): void {
    this.#cancelSecond = clock.at(this.#startUs + (this.#second + 1) * 1_000_000, () => {
      this.#tell(this.#snapshot());
      this.#second++;
      this.#scheduleSecond();
    });
  }

  #snapshot(): Snapshot {
    const now = clock.nowUs();
    const { started, ended, errors, goodput } = this.#account.take();
    const { kept, deltas } = this.#observer.take((samples) => this.#phaseKeys.get(samples) ?? "prepare");
    let usersLive = 0;
    for (const user of this.#users.values()) if (user.channel.liveAt(now)) usersLive++;
    const { interval } = this.#observer;
    return {
      type: "snapshot",
      worker: this.#plan.worker,
      second: this.#second,
      usersLive,
      usersStarted: this.#usersStarted,
      turnsStarted: started,
      turnsEnded: ended,
      turnsInFlight: this.#account.inFlight,
      batches: this.#recorder.take(),
      deltas,
      errors,
      goodput,
      kept,
      generator: this.#monitor?.take(this.#plan.worker) ?? idleSecond(this.#plan.worker),
      state: {
        ledgers: this.#account.ledgers,
        anomalies: this.#account.anomalies,
        checks: Object.fromEntries([...this.#observer.checks].map(([name, check]) => [name, check.part()])),
        unrecognised: this.#observer.shapes(),
        clock: {
          lowUs: interval.lowUs,
          highUs: interval.highUs,
          stamped: interval.stamped,
          driftUs: this.#monitor?.driftUs() ?? 0,
          future: this.#observer.future,
        },
      },
    };
  }

  #spanAt(us: number): PhaseSpan | undefined {
    for (const span of this.#spans) if (us < span.endUs) return span;
    return this.#spans.at(-1);
  }

  #samples(key: string): PhaseSamples {
    const samples = this.#recorder.phase(key);
    if (!this.#phaseKeys.has(samples)) this.#phaseKeys.set(samples, key);
    return samples;
  }
}

function idleSecond(worker: number) {
  return { worker, cpu: 0, loopDelayP99Us: 0, sendLagP99Us: 0, gcUs: 0, rssBytes: 0 };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
