// Virtual users with all that a worker gives them, on a reference backend in this very process.
import { profileNamed } from "../../src/profiles/index.js";
import type { ReferenceOptions } from "../../src/reference/options.js";
import { createReferenceServer, type ReferenceServer } from "../../src/reference/server.js";
import { type WorkerParts, workerParts } from "../../src/run/worker/composition.js";
import { PhaseClock } from "../../src/run/worker/phase-clock.js";
import type { Scenario } from "../../src/scenarios/scenario.js";
import type { ConnectSpec } from "../../src/scenarios/schema/connect.js";
import type { Turn } from "../../src/session/turn/turn.js";
import { VirtualUser } from "../../src/session/user/virtual-user.js";
import { nowUs, systemClock } from "../../src/support/clock.js";
import { randomFrom } from "../../src/support/random.js";
import { defined } from "./defined.js";
import { scenario, TARGET } from "./scenario.js";

/** Counters of the backend's own account. */
type Stats = Readonly<Record<string, number>>;

export interface LiveUsers {
  readonly users: readonly VirtualUser[];
  readonly parts: WorkerParts;
  readonly server: ReferenceServer;
  /** Losses that were told, as [user, instant]. */
  readonly losses: (readonly [number, number])[];
  stats(): Promise<Stats>;
  /** Samples of a metric so far, microseconds. */
  samples(metric: string): readonly number[];
  say(user: VirtualUser, text?: string): Promise<Turn>;
  close(): Promise<void>;
}

/** Logged in, connected, each with one thread. Pings and deadlines are looked at every 20 ms. */
export async function liveUsers(
  count: number,
  connect: Partial<ConnectSpec> = {},
  backend: ReferenceOptions = {},
): Promise<LiveUsers> {
  const server = await createReferenceServer({ logLevel: "silent", ...backend });
  const target = {
    ...TARGET,
    url: server.url,
    connect: { ...TARGET.connect, pingUs: 100_000, reconnects: 20, ...connect },
    options: profileOptions(),
  };
  const plan = planOf(scenario({ target }));
  const schedule = new PhaseClock(systemClock, plan.scenario.load);
  schedule.start(nowUs(), nowUs());
  const byNumber = new Map<number, VirtualUser>();
  const losses: (readonly [number, number])[] = [];
  const parts = workerParts(plan, schedule, {
    userNumbered: (user) => byNumber.get(user),
    onLost: (user, atUs) => losses.push([user, atUs]),
    loaded: [],
    note: () => undefined,
  });
  const { services } = parts;
  for (let number = 0; number < count; number++) {
    const account = { email: `u${number}@example.com`, password: "pw" };
    const login = await services.protocol.login(account, true);
    if (!login.ok) throw new Error(login.message);
    const user = new VirtualUser(services, number, randomFrom("live", number), login.session);
    byNumber.set(number, user);
    if (await user.channel.connect(nowUs())) throw new Error("no channel");
    const thread = await services.protocol.createThread(user.session, "t");
    if (!thread.ok) throw new Error(thread.message);
    user.addThread(thread.threadId);
  }
  const users = [...byNumber.values()];
  const tick = setInterval(() => {
    parts.account.tick(nowUs());
    for (const user of users) user.channel.tick(nowUs(), true);
  }, 20);
  const taken: Record<string, number[]> = {};
  return {
    users,
    parts,
    server,
    losses,
    async stats() {
      const headers = { authorization: `Bearer ${server.controlToken}` };
      return (await (await fetch(`${server.controlUrl}/stats`, { headers })).json()) as Stats;
    },
    samples(metric) {
      for (const metrics of Object.values(schedule.recorder.take())) {
        for (const [name, batch] of Object.entries(metrics)) {
          taken[name] = [...(taken[name] ?? []), ...batch.samples];
        }
      }
      return taken[metric] ?? [];
    },
    say: (user, text = "What does the cache cost?") =>
      user.send({
        text: (nonce) => `${text} ${nonce}`,
        thread: defined(user.threads[0]),
        intendedUs: nowUs(),
        expect: "completed",
        metadata: { weight: "light" },
      }),
    async close() {
      clearInterval(tick);
      for (const user of users) user.channel.terminate();
      await parts.http.close();
      await server.close();
    },
  };
}

function profileOptions(): unknown {
  return defined(profileNamed("golden-path")).schema.parse({});
}

function planOf(whole: Scenario) {
  const goodLimits = {};
  return {
    runSeed: 7,
    runLabel: "live",
    scenario: whole,
    worker: 0,
    workers: 1,
    goodLimits,
    slowQueryUs: Number.POSITIVE_INFINITY,
    turnBudget: undefined,
    sources: [],
    recalls: false,
  };
}

export async function until(holds: () => boolean, ms = 10_000): Promise<void> {
  const endUs = nowUs() + ms * 1000;
  while (!holds()) {
    if (nowUs() > endUs) throw new Error("it did not come about");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
