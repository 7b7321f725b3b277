// Faults of the users themselves, on real sockets: what they do, what becomes of every turn, and what the backend saw.
import { afterEach, describe, expect, it } from "vitest";
import { faultNamed } from "../../src/faults/index.js";
import { walkJourney } from "../../src/session/journey.js";
import { StopSignal } from "../../src/session/user/stop-signal.js";
import type { VirtualUser } from "../../src/session/user/virtual-user.js";
import { nowUs, systemClock } from "../../src/support/clock.js";
import { defined } from "../support/defined.js";
import { type LiveUsers, liveUsers, until } from "../support/live-users.js";

let live: LiveUsers | undefined;
afterEach(async () => {
  await live?.close();
  live = undefined;
});

async function start(...args: Parameters<typeof liveUsers>): Promise<LiveUsers> {
  live = await liveUsers(...args);
  return live;
}

interface Strike {
  hits: number;
  undo(): void;
}

/** Strikes users as a worker does. */
function strike(users: readonly VirtualUser[], action: string, written?: unknown, forMs = 1000): Strike {
  const named = faultNamed(action);
  if (named.place !== "users") throw new Error("not a fault of users");
  const options = named.schema.parse(written);
  const atUs = nowUs();
  const untilUs = atUs + forMs * 1000;
  const undos: ((() => void) | undefined)[] = [];
  const strike: Strike = {
    hits: 0,
    undo() {
      for (const undo of undos.splice(0)) undo?.();
    },
  };
  const hit = (): void => {
    strike.hits++;
  };
  for (const user of users) {
    undos.push(named.strike({ user, clock: systemClock, atUs, untilUs, hit }, options));
  }
  return strike;
}

/** Kinds of the events that the users' last turns showed. */
const FIVE = ["agent_started", "agent_thinking", "tool_executing", "tool_completed", "agent_completed"];

describe("disconnect", () => {
  it("cuts in the middle of a turn, which is replayed after the reconnect, nothing lost and nothing twice", async () => {
    const at = await start(2);
    const before = (await at.stats()).connectionsEver ?? 0;
    const cut = strike(at.users, "disconnect", { after: "agent_thinking" });
    const turns = await Promise.all(at.users.map((user) => at.say(user)));
    cut.undo();
    expect(cut.hits).toBe(2);
    for (const turn of turns) {
      expect([turn.end, turn.channelLost, turn.endedByReplay]).toEqual(["completed", true, true]);
      expect(turn.missing(FIVE as never)).toEqual([]);
      expect([turn.anomalies?.duplicate ?? 0, turn.anomalies?.outOfOrder ?? 0]).toEqual([0, 0]);
    }
    expect(((await at.stats()).connectionsEver ?? 0) - before).toBe(cut.hits);
    expect(at.samples("reconnect")).toHaveLength(2);
    // We cut them ourselves: there was nothing to detect.
    expect(at.losses).toEqual([]);
  });

  it("between turns waits until none is under way", async () => {
    const at = await start(1);
    const user = defined(at.users[0]);
    const asked = at.say(user);
    const cut = strike([user], "disconnect", { when: "between" });
    expect(cut.hits).toBe(0);
    const turn = await asked;
    expect([turn.end, turn.channelLost]).toEqual(["completed", false]);
    await until(() => cut.hits === 1);
    expect((await at.say(user)).end).toBe("completed");
    expect(cut.hits).toBe(1);
  });

  it("of whom it does not concern changes nothing", async () => {
    const at = await start(2);
    const cut = strike(at.users.slice(0, 1), "disconnect");
    expect([cut.hits, at.users.map(({ channel }) => channel.ready)]).toEqual([1, [false, true]]);
    await until(() => at.users.every(({ channel }) => channel.ready));
  });
});

describe("half-open", () => {
  it("is found out by silence, and the turn continues over a new connection", async () => {
    const at = await start(1, { silenceUs: 500_000 });
    const user = defined(at.users[0]);
    const hole = strike([user], "half-open", undefined, 60_000);
    const fromUs = nowUs();
    const turn = await at.say(user);
    expect([turn.end, turn.channelLost]).toEqual(["completed", true]);
    const [, lostUs] = defined(at.losses[0]);
    expect(lostUs - fromUs).toBeGreaterThan(300_000);
    expect(hole.hits).toBe(1);
    hole.undo();
    // The message never left: it was sent again, and taken up once.
    expect((await at.stats()).messagesAccepted).toBe(1);
  });

  it("that is over in time continues where it was", async () => {
    const at = await start(1, { silenceUs: 60_000_000 });
    const user = defined(at.users[0]);
    const hole = strike([user], "half-open");
    const asked = at.say(user);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect((await at.stats()).messagesAccepted).toBe(0);
    hole.undo();
    const turn = await asked;
    expect([turn.end, turn.channelLost, at.losses.length]).toEqual(["completed", false, 0]);
  });
});

describe("reconnect-storm", () => {
  it("brings all users back at one instant, without back-off", async () => {
    const at = await start(4);
    const before = (await at.stats()).connectionsEver ?? 0;
    const fromUs = nowUs();
    const storm = strike(at.users, "reconnect-storm", { away: "400ms" });
    expect(at.users.map(({ channel }) => channel.ready)).toEqual([false, false, false, false]);
    await until(() => at.users.every(({ channel }) => channel.ready));
    const started = at.users.map(({ channel }) => channel.startedUs - fromUs);
    expect(Math.min(...started)).toBeGreaterThanOrEqual(400_000);
    expect(Math.max(...started) - Math.min(...started)).toBeLessThan(300_000);
    expect(((await at.stats()).connectionsEver ?? 0) - before).toBe(storm.hits);
  });
});

describe("expire-token", () => {
  it("makes users log in again: a refused token is never tried again", async () => {
    const at = await start(2);
    const before = await at.stats();
    const strange = strike(at.users, "expire-token");
    const spoilt = at.users.map(({ session }) => session.token);
    await until(() => at.users.every(({ channel }) => channel.ready));
    const after = await at.stats();
    expect(strange.hits).toBe(2);
    expect((after.refreshes ?? 0) - (before.refreshes ?? 0)).toBe(2);
    expect((after.connectionsEver ?? 0) - (before.connectionsEver ?? 0)).toBe(2);
    expect(at.users.some(({ session }) => spoilt.includes(session.token))).toBe(false);
    expect((await at.say(defined(at.users[0]))).end).toBe("completed");
  });
});

describe("duplicate-send", () => {
  it("sends every message twice; one turn comes of it", async () => {
    const at = await start(2);
    const twice = strike(at.users, "duplicate-send");
    const turns = await Promise.all(at.users.map((user) => at.say(user)));
    twice.undo();
    const last = await at.say(defined(at.users[0]));
    const stats = await at.stats();
    expect([twice.hits, stats.messagesDuplicate, stats.messagesAccepted]).toEqual([2, 2, 3]);
    for (const turn of [...turns, last]) {
      expect([turn.end, turn.anomalies?.duplicate ?? 0]).toEqual(["completed", 0]);
    }
  });
});

describe("abandon", () => {
  it("leaves right after the next message, once, and finds the answer when it is back", async () => {
    const at = await start(1);
    const user = defined(at.users[0]);
    const gone = strike([user], "abandon", { away: "600ms" });
    const fromUs = nowUs();
    const turn = await at.say(user);
    expect([turn.end, turn.channelLost, turn.endedByReplay]).toEqual(["completed", true, true]);
    expect(nowUs() - fromUs).toBeGreaterThanOrEqual(600_000);
    expect((await at.say(user)).channelLost).toBe(false);
    expect(gone.hits).toBe(1);
  });
});

describe("idle", () => {
  it("keeps users from their next step and from pinging, and then they go on", async () => {
    const at = await start(1);
    const user = defined(at.users[0]);
    const rest = strike([user], "idle", undefined, 2500);
    const heldUntilUs = user.heldUntilUs;
    at.samples("socket.rtt");
    const journey = [{ step: "send", options: { prompt: "mix", thread: 1, expect: "completed" } }];
    const stay = { fromUs: nowUs(), untilUs: () => Number.POSITIVE_INFINITY, stop: new StopSignal() };
    const walked = walkJourney(user, journey, stay, at.parts.services);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(user.turns).toBe(0);
    const pings = at.samples("socket.rtt").length;
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(at.samples("socket.rtt")).toHaveLength(pings);
    rest.undo();
    await walked;
    expect(user.turns).toBe(1);
    expect(user.cursorUs).toBeGreaterThan(heldUntilUs);
    await until(() => at.samples("socket.rtt").length > pings);
  });
});

describe("slow-reader", () => {
  it("takes in no more bytes a second than it says", async () => {
    const at = await start(1);
    const user = defined(at.users[0]);
    const quick = await at.say(user);
    const slow = strike([user], "slow-reader", { bytes: "1KiB" });
    const beganUs = nowUs();
    const turn = await at.say(user);
    expect([quick.end, turn.end, slow.hits]).toEqual(["completed", "completed", 1]);
    expect(nowUs() - beganUs).toBeGreaterThan(400_000);
    slow.undo();
  });
});

describe("a token", () => {
  it("is renewed ahead of its end, so that the closing of its connection is followed by another at once", async () => {
    const at = await start(1, {}, { tokenTtlSeconds: 2 });
    const user = defined(at.users[0]);
    const first = user.session.token;
    await until(() => user.session.token !== first, 5000);
    expect(user.channel.ready).toBe(true);
    // The backend closes what the first token had opened when that ends.
    await until(() => at.losses.length > 0, 8000);
    await until(() => user.channel.ready);
    expect((await at.say(user)).end).toBe("completed");
    expect((await at.stats()).logins).toBe(0);
    expect((await at.stats()).refreshes).toBeGreaterThan(0);
  });
});

describe("a message that waited for its channel", () => {
  it("is no evidence of the generator's own delay", async () => {
    const at = await start(1);
    const user = defined(at.users[0]);
    strike([user], "reconnect-storm", { away: "300ms" });
    const turn = await at.say(user);
    expect([turn.end, turn.waited]).toEqual(["completed", true]);
    expect(turn.sentUs - turn.intendedUs).toBeGreaterThan(200_000);
    expect(at.samples("generator.send-lag")).toEqual([]);
    await at.say(user);
    expect(at.samples("generator.send-lag")).toHaveLength(1);
  });
});
