// The coordinator's side of a run on many machines: finds agents, gives orders, starts workers, releases all.
import { randomBytes } from "node:crypto";
import type { StartWorker } from "../../run/process/worker-link.js";
import type { Scenario } from "../../scenarios/scenario.js";
import { nowUs, sleep, wallMinusMonoUs, within } from "../../support/clock.js";
import { UserError } from "../../support/errors.js";
import { formatUs } from "../../support/units.js";
import { type FleetRedis, openFleetRedis } from "../messaging/connection.js";
import { packed } from "../messaging/envelope.js";
import type { FleetKey } from "../messaging/fleet-key.js";
import { giveJob } from "../messaging/jobs.js";
import { ownPlace } from "../messaging/machine.js";
import type { Order, UserIds } from "../messaging/messages.js";
import { findAgents } from "../messaging/offers.js";
import { type ClockReading, readClock } from "../messaging/redis-clock.js";
import { keyOfRun, orderAbout, SILENCE_US, toAgent, toCoordinator } from "../messaging/run-keys.js";
import { readStream, type StreamReader } from "../messaging/stream.js";
import { type Choice, chooseAgents, type FleetDemand } from "./choose.js";
import { RemoteAgent } from "./remote-agent.js";

/** Readings of the common clock before the run, and seconds between later ones. */
const READINGS = 15;
const CLOCK_EVERY = 10;
/** How long agents with an order may take to greet. */
const GREET_US = 15_000_000;
const LOOK_EVERY_US = 500_000;
/** How long to wait for busy agents if no number was requested. */
const PATIENCE_MS = 8000;
const DISMISS_MS = 3000;
/** Time between the order to start and the start, plus more for each agent and for each user, whose ids all agents get. */
const BARRIER_US = 2_500_000;
const BARRIER_PER_USER_US = 50;
const BARRIER_PER_AGENT_US = 50_000;

export interface FleetWish {
  readonly secretUrl: string;
  readonly key: FleetKey;
  /** Number of agents; `undefined` for all that are free. */
  readonly agents: number | undefined;
  /** How long to wait for them. */
  readonly waitMs: number;
  readonly version: string;
}

export interface Fleet {
  /** Slices: worker processes on all machines together. */
  readonly workers: number;
  /** Agent that serves each slice, by number. */
  readonly servedBy: readonly string[];
  /** Names of agents on other machines than the coordinator, with different clocks. */
  readonly elsewhere: readonly string[];
  /** Names of agents that do not share its loopback: those, and containers on its machine. */
  readonly apart: readonly string[];
  readonly startWorker: StartWorker;
  /** See `RunOptions`. */
  readonly barrierUs: number;
  readonly silenceUs: number;
  /** Releases all agents and leaves nothing in Redis. */
  close(): Promise<void>;
}

/**
 * Finds agents, gives each its slices, and waits until all have greeted. Rejects (UserError) without Redis, enough
 * agents, or an agent's consent, or if they cannot reach what the scenario needs.
 */
export async function gatherFleet(
  scenario: Scenario,
  run: { readonly runId: string; readonly users: number; readonly signal: AbortSignal },
  wish: FleetWish,
  note: (text: string) => void,
): Promise<Fleet> {
  const redis = await openFleetRedis(wish.secretUrl);
  const coordinator = new FleetCoordinator(redis, run.runId);
  try {
    const needs = { users: run.users, target: scenario.target };
    const choices = await awaitAgents(needs, wish, redis, note, run.signal);
    await coordinator.order(choices, wish);
    for (const line of coordinator.lines()) note(line);
    const fleet = coordinator.fleet(run.users);
    refuseApart(scenario, fleet);
    return fleet;
  } catch (error) {
    await coordinator.close();
    throw error;
  }
}

async function awaitAgents(
  needs: Pick<FleetDemand, "users" | "target">,
  { key, agents, version, waitMs }: FleetWish,
  redis: FleetRedis,
  note: (text: string) => void,
  signal: AbortSignal,
): Promise<readonly Choice[]> {
  const demand = { ...needs, agents, version, key: key.name };
  const sinceUs = nowUs();
  const untilUs = sinceUs + waitMs * 1000;
  let noted = "";
  for (;;) {
    const patient = nowUs() - sinceUs < Math.min(waitMs, PATIENCE_MS) * 1000;
    const choice = chooseAgents(await findAgents(redis.commands, key), { ...demand, patient });
    if (typeof choice !== "string") return choice;
    const hint = "start more with `gp-load worker`, with the same Redis and key; --fleet-wait waits longer";
    if (signal.aborted) throw new UserError(`interrupted before the run: ${choice}`);
    if (nowUs() > untilUs) throw new UserError(`the fleet is too small: ${choice}`, hint);
    if (choice !== noted) note(`waiting for the fleet: ${choice}`);
    noted = choice;
    await sleep(LOOK_EVERY_US);
  }
}

class FleetCoordinator {
  readonly #redis: FleetRedis;
  readonly #runId: string;
  readonly #members = new Map<string, RemoteAgent>();
  readonly #bySlice: RemoteAgent[] = [];
  #clock: ClockReading = { offsetUs: 0, uncertaintyUs: Number.POSITIVE_INFINITY };
  #reader: StreamReader | undefined;
  #beat: NodeJS.Timeout | undefined;
  #beats = 0;

  constructor(redis: FleetRedis, runId: string) {
    this.#redis = redis;
    this.#runId = runId;
  }

  async order(choices: readonly Choice[], { key, version }: FleetWish): Promise<void> {
    const { commands } = this.#redis;
    const runId = this.#runId;
    this.#clock = await readClock(() => commands.time(), READINGS);
    const salt = randomBytes(16);
    const runKey = keyOfRun(key, salt);
    this.#reader = await readStream(this.#redis, toCoordinator(runId), (entry) =>
      this.#members.get(entry.from)?.hear(entry),
    );
    const shared = await this.#redis.waiting();
    const wallUs = wallMinusMonoUs();
    const packedIds = onceEach((ids: UserIds) => packed(ids));
    const begin = async ({ offer, slices }: Choice): Promise<void> => {
      const givenUs = nowUs() + this.#clock.offsetUs;
      const order: Order = { runId, agent: offer.id, version, slices, givenUs };
      const sealed = runKey.seal(Buffer.from(JSON.stringify(order)), orderAbout(runId, offer.id));
      const data = { runId, salt: salt.toString("base64"), sealed: sealed.toString("base64") };
      const member = new RemoteAgent({
        ...{ redis: this.#redis, key: runKey, runId, offer },
        place: ownPlace(),
        clock: () => this.#clock,
        wallMinusMonoUs: wallUs,
        packedIds,
        doubtUs: () => Math.max(0, ...[...this.#members.values()].map((one) => one.doubtUs)),
      });
      this.#members.set(offer.id, member);
      for (const slice of slices) this.#bySlice[slice] = member;
      // Its greeting may arrive before the job is known here.
      member.job = await giveJob(this.#redis, shared, offer.id, data);
    };
    await Promise.all(choices.map(begin));
    this.#beat = setInterval(() => this.#tick(), 1000);
    await this.#greetings();
  }

  lines(): readonly string[] {
    return [...this.#members.values()].map((member) => {
      const { name, labels } = member.offer;
      const slices = this.#bySlice.flatMap((one, slice) => (one === member ? [slice] : []));
      const marks = labels.length > 0 ? ` (${labels.join(", ")})` : "";
      const here = member.apart ? "on this machine, with its own network" : "on this machine";
      const clock = member.elsewhere ? `its clock known to ±${formatUs(member.doubtUs)}` : here;
      return `fleet: ${name}${marks} serves ${slices.length === 1 ? "worker" : "workers"} ${slices.join(", ")}, ${clock}`;
    });
  }

  fleet(users: number): Fleet {
    const names = (which: (one: RemoteAgent) => boolean): readonly string[] =>
      [...this.#members.values()].filter(which).map(({ offer }) => offer.name);
    return {
      workers: this.#bySlice.length,
      servedBy: this.#bySlice.map(({ offer }) => offer.name),
      elsewhere: names((one) => one.elsewhere),
      apart: names((one) => one.apart),
      startWorker: (number, share, handlers) => {
        const member = this.#bySlice[number];
        if (!member) throw new Error(`no agent serves slice ${number}`);
        return member.startWorker(number, share, handlers);
      },
      barrierUs: BARRIER_US + users * BARRIER_PER_USER_US + this.#members.size * BARRIER_PER_AGENT_US,
      silenceUs: SILENCE_US,
      close: () => this.close(),
    };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#members.values()].map((member) => member.dismiss(DISMISS_MS)));
    clearInterval(this.#beat);
    this.#reader?.stop();
    const { commands } = this.#redis;
    const runId = this.#runId;
    const streams = [toCoordinator(runId), ...[...this.#members.keys()].map((id) => toAgent(runId, id))];
    if (commands.status === "ready") await commands.del(streams).catch(() => {});
    this.#redis.close();
  }

  async #greetings(): Promise<void> {
    const members = [...this.#members.values()];
    const greeted = new Set<RemoteAgent>();
    await within(
      GREET_US,
      Promise.all(members.map((member) => member.greeted.then(() => greeted.add(member)))),
    );
    for (const member of members) {
      const why = member.lost ?? (greeted.has(member) ? undefined : `no greeting within ${GREET_US / 1e6} s`);
      if (why !== undefined)
        throw new UserError(
          `the worker ${member.offer.name} does not take part: ${why}`,
          "see its own output; another run may have taken it",
        );
    }
  }

  #tick(): void {
    for (const member of this.#members.values()) void member.tick();
    if (++this.#beats % CLOCK_EVERY === 0) void this.#readClock();
  }

  async #readClock(): Promise<void> {
    const { commands } = this.#redis;
    this.#clock = await readClock(() => commands.time(), 5).catch(() => this.#clock);
  }
}

/** Rejects anything that listens on this machine's loopback if some users have a different one. Throws UserError. */
export function refuseApart(
  { target, via, name }: Pick<Scenario, "target" | "via" | "name">,
  { elsewhere, apart }: Pick<Fleet, "elsewhere" | "apart">,
): void {
  const [first] = apart;
  if (first === undefined) return;
  const where = elsewhere.includes(first)
    ? "runs on another machine"
    : "has its own network (another container)";
  if (target.embedded) {
    throw new UserError(
      `${name}: the embedded backend listens on this machine's loopback only, and the worker ${first} ${where}`,
      "name a target that all workers can reach",
    );
  }
  if (via === "proxy") {
    throw new UserError(
      `${name}: the fault proxy listens on this machine's loopback only, and the worker ${first} ${where}`,
      "leave out `via: proxy`, or run without --fleet",
    );
  }
}

/** Remembers the last result, since it is the same for all agents. */
function onceEach<In extends object, Out>(make: (of: In) => Out): (of: In) => Out {
  let last: { readonly of: In; readonly made: Out } | undefined;
  return (of) => {
    if (last?.of !== of) last = { of, made: make(of) };
    return last.made;
  };
}
