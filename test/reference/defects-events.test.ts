// The defects of events: each does what its name says so many times, and nothing when it is off.
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  type Backend,
  type Channel,
  FIVE,
  PROMPT,
  quiet,
  startBackend,
  typesOf,
  type User,
} from "./backend.js";

let backend: Backend;
let user: User;
let thread: string;
let channel: Channel;
beforeAll(async () => {
  backend = await startBackend();
  user = await backend.user();
  thread = await backend.thread(user);
  channel = await backend.channel(user);
});
afterEach(async () => {
  await backend.control("DELETE", "/defects");
  expect(typesOf(await channel.turn(thread, PROMPT))).toEqual(FIVE);
});
afterAll(() => backend.close());

const types = async () => typesOf(await channel.turn(thread, PROMPT));

describe("defects of events", () => {
  it("drop-event leaves one kind out of exactly two turns, and its seq with it", async () => {
    await backend.switchOn({ name: "drop-event", count: 2, params: { kind: "agent_thinking" } });
    const events = await channel.turn(thread, PROMPT);
    expect(events.map(({ payload }) => payload.seq)).toEqual([1, 3, 4, 5]);
    expect(await types()).not.toContain("agent_thinking");
    expect(await types()).toEqual(FIVE);
    const account = await backend.defect("drop-event");
    expect(account).toMatchObject({ injected: 2, active: false, count: 2 });
    expect(account.hits[0]).toMatchObject({
      userId: user.id,
      messageId: events[0]?.payload.message_id,
      detail: "agent_thinking",
    });
  });

  it("duplicate-event sends one event twice with one seq", async () => {
    await backend.switchOn({ name: "duplicate-event", count: 1, params: { kind: "tool_completed" } });
    const events = await channel.turn(thread, PROMPT);
    expect(events.map(({ payload }) => payload.seq)).toEqual([1, 2, 3, 4, 4, 5]);
    expect(await types()).toEqual(FIVE);
  });

  it("swap-events sends two events in the other order, and is not spent on a turn without the second", async () => {
    await backend.switchOn({
      name: "swap-events",
      count: 1,
      params: { first: "agent_thinking", second: "tool_executing" },
    });
    const without = await channel.turn(thread, "How do we plan capacity? No tool needed.");
    expect(typesOf(without)).toEqual(["agent_started", "agent_thinking", "agent_completed"]);
    expect((await backend.defect("swap-events")).injected).toBe(0);
    expect(await types()).toEqual([
      "agent_started",
      "tool_executing",
      "agent_thinking",
      "tool_completed",
      "agent_completed",
    ]);
    expect(await types()).toEqual(FIVE);
    expect((await backend.defect("swap-events")).injected).toBe(1);
  });

  it("tool-never-completed leaves a tool open while the turn still completes", async () => {
    await backend.switchOn({ name: "tool-never-completed", count: 1 });
    expect(await types()).toEqual(FIVE.filter((type) => type !== "tool_completed"));
  });

  it("event-to-wrong-socket also shows one event to another user, and needs one to be there", async () => {
    await backend.switchOn({ name: "event-to-wrong-socket", count: 1 });
    expect(await types()).toEqual(FIVE);
    expect((await backend.defect("event-to-wrong-socket")).injected).toBe(0);
    const other = await backend.user();
    const theirs = await backend.channel(other);
    expect(await types()).toEqual(FIVE);
    expect(await types()).toEqual(FIVE);
    await quiet(30);
    const leaked = theirs.frames.filter(({ payload }) => payload.user_id !== other.id);
    expect(leaked).toHaveLength(1);
    expect(leaked[0]).toMatchObject({ type: "agent_completed", payload: { user_id: user.id } });
    expect((await backend.defect("event-to-wrong-socket")).hits[0]?.detail).toContain(other.id);
    await theirs.close();
  });

  it("no-answer stops one turn without an end and without an answer, and the next one works", async () => {
    await backend.switchOn({ name: "no-answer", count: 1 });
    const before = (await backend.rows(user, thread)).length;
    const id = channel.say(thread, PROMPT);
    expect(await types()).toEqual(FIVE);
    expect(typesOf(channel.eventsOf(id))).toEqual(FIVE.slice(0, 4));
    expect(await backend.rows(user, thread)).toHaveLength(before + 3);
  });

  it("burst-at-end writes all events of one turn together, with the stamps of their emission", async () => {
    await backend.switchOn({ name: "burst-at-end", count: 1 });
    const arrivals: number[] = [];
    const note = () => arrivals.push(performance.now());
    channel.socket.on("message", note);
    const events = await channel.turn(thread, PROMPT, { metadata: { weight: "heavy" } });
    channel.socket.off("message", note);
    expect(typesOf(events)).toEqual(FIVE);
    const spread = (arrivals.at(-1) ?? 0) - (arrivals.at(-5) ?? 0);
    const stamped = ((events[4]?.timestamp ?? 0) - (events[0]?.timestamp ?? 0)) * 1000;
    expect(stamped).toBeGreaterThan(30);
    expect(spread).toBeLessThan(stamped / 2);
  });

  it("unknown-event sends one event of a type that no document names", async () => {
    await backend.switchOn({ name: "unknown-event", count: 1 });
    expect(await types()).toEqual(["agent_started", "agent_mood", ...FIVE.slice(1)]);
  });

  it("slow-delivery delays frames after stamping them and keeps their order, even when it is switched off midway", async () => {
    await backend.switchOn({ name: "slow-delivery", count: 3, params: { ms: 200 } });
    const late: number[] = [];
    const note = (data: unknown) => late.push(Date.now() - JSON.parse(String(data)).timestamp * 1000);
    channel.socket.on("message", note);
    const events = await channel.turn(thread, PROMPT);
    channel.socket.off("message", note);
    expect(typesOf(events)).toEqual(FIVE);
    expect(events.map(({ payload }) => payload.seq)).toEqual([1, 2, 3, 4, 5]);
    expect(late.slice(1, 4).every((ms) => ms > 190)).toBe(true);
    expect((await backend.defect("slow-delivery")).injected).toBe(3);
  });
});

describe("the control server", () => {
  it("requires its token", async () => {
    const answer = await fetch(`${backend.controlUrl}/defects`);
    expect(answer.status).toBe(401);
  });

  it("refuses unknown defects, parameters and counts, and says why", async () => {
    const post = (body: unknown) => backend.control("POST", "/defects", body);
    expect(await post({ name: "nonsense" })).toMatchObject({
      status: 422,
      body: { detail: expect.stringContaining("nonsense") },
    });
    expect((await post({ name: "drop-event", params: { ms: 5 } })).status).toBe(422);
    expect((await post({ name: "slow-history", params: { ms: "long" } })).status).toBe(422);
    expect((await post({ name: "drop-event", count: 0 })).status).toBe(422);
    expect((await post({ name: "drop-event", count: 1, rate: 0.5 })).status).toBe(422);
    expect((await backend.control("DELETE", "/defects/nonsense")).status).toBe(404);
  });

  it("lists the table of defects with their parameters", async () => {
    const { body } = await backend.control("GET", "/defects/table");
    expect(body["slow-history"]).toMatchObject({
      about: expect.any(String),
      params: { ms: { default: 150 } },
    });
  });

  it("injects a share of the opportunities, the same for the same seed", async () => {
    const pattern = async () => {
      await backend.switchOn({ name: "drop-event", rate: 0.5, seed: 7, params: { kind: "agent_thinking" } });
      const lengths: number[] = [];
      for (let n = 0; n < 8; n++) lengths.push((await channel.turn(thread, PROMPT)).length);
      return lengths;
    };
    const first = await pattern();
    expect(new Set(first)).toEqual(new Set([4, 5]));
    expect(await pattern()).toEqual(first);
    expect((await backend.defect("drop-event")).injected).toBe(first.filter((length) => length === 4).length);
  });

  it("keeps an account of what the service did", async () => {
    const before = (await backend.control("GET", "/stats")).body as Record<string, number>;
    const [started] = await channel.turn(thread, PROMPT);
    const { body } = await backend.control("GET", "/stats");
    expect(body.turnsCompleted).toBe((before.turnsCompleted ?? 0) + 1);
    expect(body.messagesAccepted).toBe((before.messagesAccepted ?? 0) + 1);
    const turns = body.recentTurns as {
      run_id: string;
      accepted_to_started_us: number;
      accepted_to_ended_us: number;
    }[];
    const record = turns.find(({ run_id }) => run_id === started?.payload.run_id);
    expect(record?.accepted_to_started_us).toBeGreaterThan(0);
    expect(record?.accepted_to_ended_us).toBeGreaterThan(record?.accepted_to_started_us ?? 0);
    const sent = (stats: unknown): number =>
      (stats as { framesSent: Record<string, number> }).framesSent.agent_completed ?? 0;
    expect(sent(body)).toBe(sent(before) + 1);
  });
});
