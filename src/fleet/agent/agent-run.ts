// An agent's part in one run: runs its slices as processes, and relays their messages until the end.

import { sourceAddresses } from "../../run/plan/machine-ports.js";
import type { ToWorker } from "../../run/process/messages.js";
import type { StartWorker, WorkerLink } from "../../run/process/worker-link.js";
import { nowUs, sleep, wallMinusMonoUs } from "../../support/clock.js";
import { messageOf } from "../../support/errors.js";
import { redactUrl } from "../../support/redaction.js";
import { refusedHosts } from "../messaging/allowed-hosts.js";
import type { FleetRedis } from "../messaging/connection.js";
import { unpacked } from "../messaging/envelope.js";
import type { SealKey } from "../messaging/fleet-key.js";
import type { Place } from "../messaging/machine.js";
import {
  type FromAgent,
  type Order,
  type ToAgent,
  toAgentSchema,
  type UserIds,
  userIdsSchema,
} from "../messaging/messages.js";
import { Peer } from "../messaging/peer.js";
import { type ClockReading, readClock } from "../messaging/redis-clock.js";
import { COORDINATOR, OUTAGE_US, SILENCE_US, toAgent, toCoordinator } from "../messaging/run-keys.js";
import { readStream } from "../messaging/stream.js";

/** Beats between readings of the clock. */
const CLOCK_EVERY = 10;
/** How long the last messages may take to arrive. */
const LAST_WORDS_MS = 3000;

export interface AgentRunOptions {
  readonly redis: FleetRedis;
  readonly key: SealKey;
  readonly order: Order;
  readonly clock: ClockReading;
  readonly place: Place;
  /** Hosts off loopback that this agent may load. */
  readonly allowedHosts: readonly string[];
  /** Starts processes on this machine, unless a bench simulates them. */
  readonly startWorker: StartWorker;
  readonly note: (text: string) => void;
  /** Aborted by Ctrl-C on this machine. */
  readonly signal: AbortSignal;
}

/** Resolves at the end of its part, with how it ended. */
export async function serveRun(options: AgentRunOptions): Promise<string> {
  const run = new AgentRun(options);
  return run.serve();
}

class AgentRun {
  readonly #options: AgentRunOptions;
  readonly #peer: Peer;
  readonly #slices = new Map<number, WorkerLink>();
  #clock: ClockReading;
  #beats = 0;
  #userIds: UserIds = [];
  #over: (how: string) => void = () => {};

  constructor(options: AgentRunOptions) {
    const { redis, key, order } = options;
    this.#options = options;
    this.#clock = options.clock;
    this.#peer = new Peer({
      ...{ redis, key, own: order.agent, other: COORDINATOR, stream: toCoordinator(order.runId) },
      clock: () => this.#clock,
      onMessage: (message) => this.#receive(toAgentSchema.parse(message)),
      onBroken: (cause) => this.#leave(cause),
    });
  }

  async serve(): Promise<string> {
    const { redis, order, signal } = this.#options;
    const ended = new Promise<string>((resolve) => {
      this.#over = resolve;
    });
    const interrupted = (): void => this.#leave("it was interrupted");
    signal.addEventListener("abort", interrupted, { once: true });
    const reader = await readStream(redis, toAgent(order.runId, order.agent), (entry) => {
      if (entry.from === COORDINATOR) this.#peer.hear(entry);
    });
    const beat = setInterval(() => this.#tick(), 1000);
    const wallUs = wallMinusMonoUs();
    const { place } = this.#options;
    this.#tell({ type: "hello", ...place, clock: this.#clock, wallMinusMonoUs: wallUs });
    if (signal.aborted) interrupted();
    const how = await ended;
    await Promise.all([...this.#slices.values()].map((slice) => slice.end()));
    await this.#lastWords();
    clearInterval(beat);
    reader.stop();
    signal.removeEventListener("abort", interrupted);
    return how;
  }

  #receive(message: ToAgent): void {
    switch (message.type) {
      case "ids":
        this.#userIds = userIdsSchema.parse(unpacked(message.parts));
        return;
      case "to":
        this.#toSlice(message.slice, message.users, message.message);
        return;
      case "end":
        void this.#slices.get(message.slice)?.end();
        return;
      case "bye":
        // Acknowledges the message before it leaves.
        this.#peer.tick();
        this.#over("the run is over");
    }
  }

  #toSlice(slice: number, users: number, message: ToWorker): void {
    const lateUs = message.type === "start" ? nowUs() - message.startUs : 0;
    if (message.type === "prepare") this.#begin(slice, users, message);
    else if (lateUs > 0) this.#leave(`it learned of the start ${Math.ceil(lateUs / 1000)} ms too late`);
    else this.#slices.get(slice)?.tell(this.#whole(message));
  }

  /** A start arrives without the ids of all users, which are sent once for all slices. */
  #whole(message: ToWorker): ToWorker {
    return message.type === "start" ? { ...message, userIds: this.#userIds } : message;
  }

  #begin(slice: number, users: number, message: Extract<ToWorker, { type: "prepare" }>): void {
    const { allowedHosts, order, note, startWorker } = this.#options;
    const { scenario } = message.plan;
    const { url, proxy } = scenario.target;
    const refused = refusedHosts(scenario.target, allowedHosts);
    if (refused.length > 0) {
      const cause = `it may not load ${refused.join(", ")}: its owner can allow that with --allow-host`;
      note(`refused: ${cause}`);
      this.#leave(cause);
      return;
    }
    try {
      const workers = order.slices.length;
      const sources = sourceAddresses({ users: Math.ceil(users) * workers, workers, url, proxy });
      if (this.#slices.size === 0) note(`run ${order.runId}: ${scenario.name} on ${redactUrl(url)}`);
      const link = startWorker(slice, users, {
        onMessage: (answer) => this.#tell({ type: "from", slice, message: answer }),
        onExit: (cause) => this.#tell({ type: "exit", slice, cause }),
      });
      this.#slices.set(slice, link);
      link.tell({ type: "prepare", plan: { ...message.plan, sources } });
    } catch (error) {
      this.#leave(messageOf(error));
    }
  }

  #tick(): void {
    this.#peer.tick();
    if (++this.#beats % CLOCK_EVERY === 0) void this.#readClock();
    const { awaySinceUs, backSinceUs } = this.#options.redis;
    const now = nowUs();
    if (awaySinceUs !== undefined) {
      if (now - awaySinceUs > OUTAGE_US) this.#over(`Redis was away for ${OUTAGE_US / 1e6} s`);
      return;
    }
    // Without its coordinator, the load is of no use.
    const silentUs = now - Math.max(this.#peer.heardUs, backSinceUs ?? 0);
    if (silentUs > SILENCE_US) this.#over(`its coordinator was silent for ${SILENCE_US / 1e6} s`);
  }

  async #readClock(): Promise<void> {
    const { commands } = this.#options.redis;
    this.#clock = await readClock(() => commands.time(), 5).catch(() => this.#clock);
  }

  #tell(message: FromAgent): void {
    this.#peer.send(message);
  }

  #leave(cause: string): void {
    this.#tell({ type: "leave", cause });
    this.#over(cause);
  }

  async #lastWords(): Promise<void> {
    const untilUs = nowUs() + LAST_WORDS_MS * 1000;
    while (!this.#peer.delivered && nowUs() < untilUs) await sleep(50_000);
  }
}
