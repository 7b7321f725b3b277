// One worker: runs a slice of the users from login to the last settled turn, and reports every second.

import type { LoadedExtension } from "../../extensions/load.js";
import { LOOK_MS } from "../../extensions/meter.js";
import { loadDurationUs, peakUsers, userWindows } from "../../load/load.js";
import { pacerOf, passesOfSession } from "../../load/pacer.js";
import { TICK_MS } from "../../metrics/ticks.js";
import { isGone } from "../../profiles/failure.js";
import type { Session } from "../../profiles/profile.js";
import type { WholeRange } from "../../scenarios/schema/fields.js";
import { walkJourney } from "../../session/journey.js";
import { authorised } from "../../session/lookup/authorised.js";
import { StopSignal } from "../../session/user/stop-signal.js";
import { VirtualUser } from "../../session/user/virtual-user.js";
import { type Visits, walkVisits } from "../../session/visits.js";
import { sleep, systemClock } from "../../support/clock.js";
import { randomFrom } from "../../support/random.js";
import type { FromWorker, Stored, ToWorker, WorkerPlan } from "../process/messages.js";
import { type WorkerParts, workerParts } from "./composition.js";
import { Dispatcher } from "./dispatcher.js";
import { PhaseClock } from "./phase-clock.js";
import { createPinger } from "./pinger.js";
import { prepareUsers } from "./prepare.js";
import { type SelfMonitor, STANDSTILL_US, startSelfMonitor } from "./self-monitor.js";
import { takeSnapshot } from "./snapshot.js";
import { storeMessages } from "./store-messages.js";
import { AbsentUser } from "./users/absent-users.js";
import { identitiesOf, sharedIdentities } from "./users/identities.js";
import { UserFaults } from "./users/user-faults.js";
import type { Wiretap } from "./wiretap.js";

const clock = systemClock;
/** After this many unanswered deletions in a row, the target counts as gone, and the rest are not tried. */
const GONE_AFTER = 3;
/** How long a stopped worker may continue settling before it gives up. */
const STOP_GRACE_MS = 5000;
/** If a tick is this late, deadlines wait until the sockets have been read. */
const OVERSLEPT_US = 20_000;

export class Worker {
  readonly #plan: WorkerPlan;
  readonly #send: (message: FromWorker) => void;
  readonly #schedule: PhaseClock;
  readonly #parts: WorkerParts;
  readonly #byNumber = new Map<number, VirtualUser>();
  readonly #users: VirtualUser[] = [];
  /** Users of this slice who could not log in. */
  #absent: readonly AbsentUser[] = [];
  readonly #stop = new StopSignal();
  readonly #dispatcher: Dispatcher | undefined;
  readonly #faults: UserFaults;
  #monitor: SelfMonitor | undefined;
  #usersStarted = 0;
  #second = 0;
  #stopClockwork: () => void = () => {};
  #ended = false;
  #looking: NodeJS.Timeout | undefined;

  /**
   * @param loaded definitions from the scenario's modules
   * @param tap intercepts traffic, for a trial
   */
  constructor(
    plan: WorkerPlan,
    tell: (message: FromWorker) => void,
    loaded: readonly LoadedExtension[] = [],
    tap?: Wiretap,
  ) {
    this.#plan = plan;
    this.#send = (message) => tell(this.#parts.secrets.cleaned(message));
    this.#schedule = new PhaseClock(clock, plan.scenario.load);
    this.#parts = workerParts(plan, this.#schedule, {
      userNumbered: (user) => this.#byNumber.get(user),
      onLost: (user, atUs) => this.#faults.lost(user, atUs, this.#schedule.samplesAt(atUs)),
      loaded,
      note: (text) => this.#tell({ type: "note", worker: plan.worker, text }),
      tap,
    });
    const { own } = this.#parts;
    if (own) this.#looking = setInterval(() => own.meter.look(), LOOK_MS).unref();
    this.#faults = new UserFaults({
      scenario: plan.scenario,
      everybody: this.#parts.people.shardOf(0, 1),
      clock,
      worker: plan.worker,
      userOf: (number) => this.#byNumber.get(number),
      tell: (message) => this.#tell(message),
      closeSecond: () => this.#closeSecond(),
    });
    this.#dispatcher = this.#openLoad();
  }

  /** Hands out starts that come at a rate. */
  #openLoad(): Dispatcher | undefined {
    const { scenario, worker, workers } = this.#plan;
    if (scenario.load.kind !== "arrivals") return undefined;
    return new Dispatcher({
      clock,
      pacer: pacerOf(scenario.load, scenario.seed, worker, workers),
      phaseAt: (us) => this.#schedule.phaseAt(us),
      mayStart: () => this.#parts.turnsLeft() > 0,
    });
  }

  /** A text without the run's secrets, including issued ones. */
  redact(text: string): string {
    return this.#parts.secrets.redact(text);
  }

  /** Attributes an unhandled error to the user's own code. `false`: it is our bug. */
  claims(error: unknown): boolean {
    return this.#parts.own?.host.claims(error) ?? false;
  }

  /** Reports a bug of ours, and leaves the rest to the coordinator. */
  tellBug(stack: string): void {
    this.#tell({ type: "bug", worker: this.#plan.worker, stack });
  }

  /** Sends earlier log lines first, so that nothing is left behind at the end. */
  #tell(message: FromWorker): void {
    this.#tellLog();
    this.#send(message);
  }

  #tellLog(): void {
    const lines = this.#parts.log?.take() ?? [];
    if (lines.length > 0) this.#send({ type: "log", worker: this.#plan.worker, lines });
  }

  #tellTurns(): void {
    const { texts, lost } = this.#parts.lines?.take() ?? { texts: [], lost: 0 };
    const { worker } = this.#plan;
    if (lost > 0) this.#send({ type: "turns", worker, text: "", lost });
    for (const text of texts) this.#send({ type: "turns", worker, text, lost: 0 });
  }

  /** Logs the users in, and reports how that went. */
  async prepare(): Promise<void> {
    const { scenario, worker, workers, runLabel } = this.#plan;
    const { services } = this.#parts;
    await this.#parts.stores?.open();
    const slice = this.#parts.people.shardOf(worker, workers);
    const { sessions, failures, notes } = await prepareUsers({
      users: slice,
      accounts: scenario.target.accounts,
      runLabel,
      connect: scenario.target.connect,
      protocol: services.protocol,
      wire: services.wire,
      clock,
      recorder: this.#schedule.recorder,
      pace: services.connection.pace,
      greeting: services.connection.greeting,
      onFailure: (user, failure) => services.observer.trouble(`login ${failure.message}`, user, failure),
      onProgress: (ready, failed) => this.#tell({ type: "preparing", worker, ready, failed }),
    });
    const userIds: (readonly [string, number])[] = [];
    for (const [number, session] of sessions) {
      const user = new VirtualUser(services, number, randomFrom(scenario.seed, "user", number), session);
      this.#byNumber.set(number, user);
      this.#users.push(user);
      userIds.push(...identitiesOf(user));
    }
    this.#absent = slice.filter((user) => !sessions.has(user)).map((user) => new AbsentUser(user));
    const batches = this.#schedule.recorder.take();
    const stored =
      scenario.stored === undefined ? {} : { stored: await this.#storeMessages(scenario.stored, sessions) };
    const ready = sessions.size;
    this.#tell({ type: "prepared", worker, userIds, ready, failures, notes, batches, ...stored });
  }

  #storeMessages(wanted: number, sessions: ReadonlyMap<number, Session>): Promise<Stored> {
    const { load, target } = this.#plan.scenario;
    const users = peakUsers(load);
    const { concurrency } = target.connect;
    const { services, registry } = this.#parts;
    const onThread = (threadId: string, user: number): void => registry.addThread(threadId, user);
    return storeMessages({ wanted, users, sessions, protocol: services.protocol, concurrency, onThread });
  }

  /** Handles one message of the coordinator. Rejects only for a bug of ours. */
  async handle(message: Exclude<ToWorker, { type: "prepare" }>): Promise<void> {
    switch (message.type) {
      case "start":
        this.#parts.registry.setUsers(message.userIds);
        this.#parts.lines?.begin(message);
        this.#schedule.start(message.startUs, message.rampUs);
        this.#tellShared(message.startUs);
        return this.#run();
      case "ramp":
        this.#schedule.setRamp(message.rampUs);
        return;
      case "directory":
        this.#parts.registry.learn(message.entries);
        return;
      case "stop":
        this.#halt();
        return;
    }
  }

  /** Users that the service treats as one are not separate users: no leak between them can show. */
  #tellShared(atUs: number): void {
    const { observer, registry, services } = this.#parts;
    const { runLabel, scenario } = this.#plan;
    for (const leak of sharedIdentities(this.#users, registry, scenario.target.accounts, runLabel, atUs)) {
      observer.leak(leak);
      if (!leak.suspected) observer.stray("leaked", services.event, "", leak.user);
    }
  }

  async #run(): Promise<void> {
    this.#startClockwork();
    this.#beginStarts();
    void this.#schedule.rampKnown().then(() => this.#faults.begin(this.#schedule.rampUs));
    this.#parts.stores?.startProbes();
    await Promise.all([
      ...this.#users.map((user) => this.#stay(user)),
      ...this.#absent.map((user) => this.#stay(user)),
    ]);
    await this.#windDown();
    await this.#end();
  }

  #beginStarts(): void {
    const { load } = this.#plan.scenario;
    const rampUs = this.#schedule.rampUs ?? this.#schedule.startUs;
    if (load.kind === "arrivals")
      this.#dispatcher?.begin(rampUs + load.joinUs, rampUs + loadDurationUs(load));
  }

  /** One user's part of the run: in the baseline step if it is among the first, then in its windows of the load. */
  async #stay(user: VirtualUser | AbsentUser): Promise<void> {
    const { load } = this.#plan.scenario;
    const journey = this.#parts.people.journeyOf(user.number);
    const { baseline } = this.#parts.people;
    const place = baseline.get(user.number);
    const windows = userWindows(load, user.number);
    const endOf = (index: number): number => {
      const { rampUs } = this.#schedule;
      const window = windows[index];
      return rampUs === undefined || !window ? Number.POSITIVE_INFINITY : rampUs + window.toUs;
    };
    const dispatcher = this.#dispatcher;
    const nextStart = dispatcher && (() => dispatcher.nextStart());
    const walk = async (fromUs: number, untilUs: () => number): Promise<void> => {
      // Users who join with a session wait for one before the first is due, so that every session finds a user.
      if (nextStart && load.kind === "arrivals" && load.turns && user instanceof VirtualUser)
        return this.#visit(user, load.turns, { untilUs, stop: this.#stop, nextStart });
      await this.#stop.sleepUntil(clock, fromUs);
      if (this.#stop.stopped) return;
      this.#usersStarted++;
      const stay = { fromUs, untilUs, stop: this.#stop, nextStart };
      if (user instanceof AbsentUser) await user.stay(journey, stay, this.#parts.services);
      else await walkJourney(user, journey, stay, this.#parts.services);
    };
    let next = 0;
    if (place !== undefined) {
      // Spread over the first second, so that the baseline is not a burst; it continues into the ramp without a break.
      await walk(this.#schedule.startUs + Math.floor((1_000_000 * place) / baseline.size), () => endOf(0));
      next = 1;
    } else await this.#schedule.rampKnown();
    for (; next < windows.length && !this.#stop.stopped; next++) {
      const index = next;
      await walk((this.#schedule.rampUs ?? 0) + (windows[index]?.fromUs ?? 0), () => endOf(index));
    }
  }

  /** The sessions that come to one user. */
  #visit(
    user: VirtualUser,
    turns: WholeRange,
    stay: Pick<Visits, "untilUs" | "stop" | "nextStart">,
  ): Promise<void> {
    const { seed, target, turn } = this.#plan.scenario;
    let visited = false;
    const passesOf = (start: number): number => {
      if (!visited) this.#usersStarted++;
      visited = true;
      return passesOfSession(turns, seed, start);
    };
    const logIn = target.accounts.kind !== "tokens";
    const visits = { ...stay, passesOf, logIn, graceUs: turn.graceUs };
    return walkVisits(user, this.#parts.people.journeyOf(user.number), visits, this.#parts.services);
  }

  /** Drain, then settle: every turn gets its outcome. */
  async #windDown(): Promise<void> {
    const { account, settler, stores } = this.#parts;
    const { turn, cleanup } = this.#plan.scenario;
    const drainEndUs = clock.nowUs() + turn.timeoutUs + 1_000_000;
    this.#tellPhase("drain", account.inFlight);
    stores?.stopProbes();
    while (account.inFlight > 0 && clock.nowUs() < drainEndUs && !this.#stop.stopped)
      await sleep(TICK_MS * 1000);
    account.abort();
    if (!this.#stop.stopped) await sleep(turn.graceUs + TICK_MS * 1000);
    account.releaseAll();
    let threads = this.#users.reduce(
      (sum, { threads: own, formerThreads }) =>
        sum + [...own, ...formerThreads].filter(({ unsettled }) => unsettled.length > 0).length,
      0,
    );
    this.#tellPhase("settle", threads);
    await settler.finish(this.#users, () => {
      threads--;
      if (threads % 20 === 0) this.#tellPhase("settle", threads);
    });
    await stores?.verify((message) => this.#tell(message));
    if (cleanup && !this.#stop.stopped) await this.#deleteThreads();
  }

  async #deleteThreads(): Promise<void> {
    const { protocol } = this.#parts.services;
    let gone = 0;
    for (const user of this.#users) {
      const threads = [...user.threads, ...user.formerThreads].map(({ id }) => id);
      const ids = [...user.settledIds, ...threads, ...(user.decoy === undefined ? [] : [user.decoy])];
      for (const id of ids) {
        const answer = await authorised(user, (session) => protocol.deleteThread(session, id));
        gone = !answer.ok && isGone(answer) ? gone + 1 : 0;
        if (gone >= GONE_AFTER || this.#stop.stopped) return;
      }
    }
  }

  /** Ends early: nothing new starts, open turns are aborted, the rest is settled quickly. */
  #halt(): void {
    const { account, settler, stores } = this.#parts;
    this.#tellLog();
    this.#stop.stop();
    this.#faults.stop();
    this.#dispatcher?.end();
    stores?.hurry();
    this.#schedule.release();
    settler.hurry();
    this.#parts.own?.meter.abort();
    account.abort();
    for (const user of this.#users) user.channel.terminate();
    setTimeout(() => void this.#end(), STOP_GRACE_MS).unref();
  }

  async #end(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    this.#stopClockwork();
    this.#faults.stop();
    for (const user of this.#users) user.channel.close(); // A channel still lost counts in the last snapshot.
    this.#parts.stores?.leave();
    this.#parts.own?.meter.look();
    clearInterval(this.#looking);
    const last = this.#snapshot();
    this.#monitor?.stop();
    await sleep(100_000);
    for (const user of this.#users) user.channel.terminate();
    await this.#parts.stores?.close();
    await this.#parts.http.close();
    this.#tellTurns();
    if (last) this.#tell({ type: "done", worker: this.#plan.worker, last });
  }

  /** The tick for deadlines, pings and the worker's own health, and the snapshot of every second. */
  #startClockwork(): void {
    const monitor = startSelfMonitor();
    this.#monitor = monitor;
    const ping = createPinger(this.#users, this.#plan.scenario.target.connect.pingUs);
    const lookAfter = (): void => {
      const now = clock.nowUs();
      this.#parts.account.tick(now);
      ping(now);
    };
    const tick = setInterval(() => {
      const lateUs = monitor.tick(this.#schedule.samplesAt(clock.nowUs()).of("generator.loop-delay"));
      if (lateUs < OVERSLEPT_US) return lookAfter();
      // What arrived in time may be unread in the sockets: read it before calling anything late or silent.
      if (lateUs >= STANDSTILL_US) for (const user of this.#users) user.socket?.overslept(lateUs);
      setImmediate(lookAfter);
    }, TICK_MS);
    let cancel = (): void => {};
    const nextSecond = (): void => {
      cancel = clock.at(this.#schedule.startUs + (this.#second + 1) * 1_000_000, () => {
        this.#closeSecond();
        nextSecond();
      });
    };
    nextSecond();
    this.#stopClockwork = () => {
      clearInterval(tick);
      cancel();
    };
  }

  /** Reports the second that has just ended, unless already done. */
  #closeSecond(): void {
    if (this.#ended || clock.nowUs() < this.#schedule.startUs + (this.#second + 1) * 1_000_000) return;
    this.#tellTurns();
    const snapshot = this.#snapshot();
    if (snapshot) this.#tell(snapshot);
    this.#second++;
  }

  #snapshot() {
    if (!this.#monitor) return undefined;
    return takeSnapshot({
      worker: this.#plan.worker,
      second: this.#second,
      users: this.#users,
      usersStarted: this.#usersStarted,
      parts: this.#parts,
      dispatcher: this.#dispatcher,
      schedule: this.#schedule,
      monitor: this.#monitor,
    });
  }

  #tellPhase(phase: "drain" | "settle", remaining: number): void {
    this.#tell({ type: "phase", worker: this.#plan.worker, phase, remaining });
  }
}
