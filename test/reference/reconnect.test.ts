// What a user gets who was away: delivery on return, resume, and the defects that break them.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type Backend,
  type Channel,
  FIVE,
  isEndOf,
  PROMPT,
  quiet,
  startBackend,
  typesOf,
  type User,
  until,
} from "./backend.js";

let backend: Backend;
let user: User;
let thread: string;
let channel: Channel;
beforeEach(async () => {
  backend = await startBackend({ pace: { settleMs: 10, thinkMs: 40, toolMs: 10, answerMs: 10 } });
  user = await backend.user();
  thread = await backend.thread(user);
  channel = await backend.channel(user);
});
afterEach(() => backend.close());

const stats = async () => (await backend.control("GET", "/stats")).body;
const ended = (turns: number) =>
  until(async () => {
    const { turnsCompleted, turnsFailed, turnsAbandoned } = (await stats()) as Record<string, number>;
    return (turnsCompleted ?? 0) + (turnsFailed ?? 0) + (turnsAbandoned ?? 0) === turns;
  });

/** Sends messages and is cut off after the `agent_thinking` of the first; returns when all turns have ended. */
async function leaveDuring(count = 1): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, n) => channel.say(thread, `${PROMPT} Round ${n}.`));
  await channel.frame(({ type }) => type === "agent_thinking");
  await channel.close();
  await ended(count);
  return ids;
}

async function comeBack(): Promise<Channel> {
  const back = await backend.channel(user);
  await quiet(80);
  return back;
}

const seqs = (frames: readonly { payload: Readonly<Record<string, unknown>> }[]) =>
  frames.map(({ payload }) => payload.seq);

describe("a user who was away", () => {
  it("gets the rest of the turn once on return, in order and marked, and nothing on a second return", async () => {
    const [id = ""] = await leaveDuring();
    const back = await comeBack();
    const rest = back.eventsOf(id);
    expect(typesOf(rest)).toEqual(FIVE.slice(2));
    expect(seqs(rest)).toEqual([3, 4, 5]);
    expect(rest.every(({ payload }) => payload.replayed === true)).toBe(true);
    await back.close();
    expect((await comeBack()).eventsOf(id)).toEqual([]);
    expect((await stats()).framesReplayed).toBe(3);
  });

  it("gets the whole turn of a message that was sent just before leaving", async () => {
    const ids = [channel.say(thread, `${PROMPT} Once.`), channel.say(thread, `${PROMPT} Twice.`)];
    await channel.close();
    await ended(2);
    const back = await comeBack();
    for (const id of ids)
      expect([...channel.eventsOf(id), ...back.eventsOf(id)].map(({ type }) => type)).toEqual(FIVE);
  });

  it("gets several turns in the order of their messages", async () => {
    const ids = await leaveDuring(3);
    const back = await comeBack();
    expect(back.frames.slice(1).map(({ payload }) => payload.message_id)).toEqual(
      ids.flatMap((id, n) => Array(n === 0 ? 3 : 5).fill(id)),
    );
  });

  it("who returns while the turn runs sees it go on, all five events once over both sockets", async () => {
    const id = channel.say(thread, PROMPT, { metadata: { weight: "heavy" } });
    await channel.frame(({ type }) => type === "agent_thinking");
    await channel.close();
    const back = await backend.channel(user);
    await back.frame(isEndOf(id));
    expect([...channel.eventsOf(id), ...back.eventsOf(id)].map(({ type }) => type)).toEqual(FIVE);
  });

  it("keeps getting events on another socket that is still open", async () => {
    const second = await backend.channel(user);
    await quiet(40);
    const id = channel.say(thread, PROMPT);
    await channel.frame(({ type }) => type === "agent_thinking");
    await channel.close();
    await second.frame(isEndOf(id));
    expect(typesOf([...channel.eventsOf(id), ...second.eventsOf(id)])).toEqual(FIVE);
  });
});

describe("resume", () => {
  it("brings everything after the seq that is named, marked, and continues live", async () => {
    const id = channel.say(thread, PROMPT, { metadata: { weight: "heavy" } });
    const { payload } = await channel.frame(({ type }) => type === "agent_thinking");
    const back = await backend.channel(user);
    back.send("resume", { run_id: payload.run_id, after_seq: 1 });
    await back.frame(isEndOf(id));
    expect(seqs(back.eventsOf(id))).toEqual([2, 3, 4, 5]);
    expect(back.eventsOf(id).map(({ payload }) => payload.replayed ?? false)).toEqual([
      true,
      false,
      false,
      false,
    ]);
    expect(channel.eventsOf(id)).toHaveLength(2);
  });

  it("right after a reconnect is not doubled by the delivery on return", async () => {
    const [id = ""] = await leaveDuring();
    const run = channel.eventsOf(id)[0]?.payload.run_id;
    const back = await backend.channel(user);
    back.send("resume", { run_id: run, after_seq: 1 });
    await quiet(100);
    expect(seqs(back.eventsOf(id))).toEqual([2, 3, 4, 5]);
  });

  it("that comes late brings only what this connection has not got yet", async () => {
    const [id = ""] = await leaveDuring();
    const run = channel.eventsOf(id)[0]?.payload.run_id;
    const back = await comeBack();
    expect(seqs(back.eventsOf(id))).toEqual([3, 4, 5]);
    back.send("resume", { run_id: run, after_seq: 2 });
    back.send("resume", { run_id: run, after_seq: 1 });
    await quiet(60);
    expect(seqs(back.eventsOf(id))).toEqual([3, 4, 5, 2]);
  });

  it("is refused for the run of another user", async () => {
    const [id = ""] = await leaveDuring();
    const other = await backend.channel(await backend.user());
    other.send("resume", { run_id: channel.eventsOf(id)[0]?.payload.run_id, after_seq: 0 });
    const error = await other.frame(({ type }) => type === "error");
    expect(error.payload.code).toBe("unknown_run");
    expect(other.eventsOf(id)).toEqual([]);
  });
});

describe("defects of the return", () => {
  it("lost-while-offline loses what one run had, and only that", async () => {
    await backend.switchOn({ name: "lost-while-offline", count: 1 });
    const ids = await leaveDuring(2);
    const back = await comeBack();
    expect(ids.map((id) => back.eventsOf(id).length)).toEqual([0, 5]);
    expect((await backend.defect("lost-while-offline")).hits).toMatchObject([{ messageId: ids[0] }]);
  });

  it("delivered-twice delivers what one run had twice", async () => {
    await backend.switchOn({ name: "delivered-twice", count: 1 });
    const ids = await leaveDuring(2);
    const back = await comeBack();
    expect(ids.map((id) => seqs(back.eventsOf(id)))).toEqual([
      [3, 4, 5, 3, 4, 5],
      [1, 2, 3, 4, 5],
    ]);
    expect((await backend.defect("delivered-twice")).injected).toBe(1);
  });

  it("offline-wrong-order turns the runs round, or the events of a single run", async () => {
    await backend.switchOn({ name: "offline-wrong-order", count: 2 });
    const [first, second] = await leaveDuring(2);
    const back = await comeBack();
    expect([...new Set(back.frames.slice(1).map(({ payload }) => payload.message_id))]).toEqual([
      second,
      first,
    ]);
    channel = back;
    const id = channel.say(thread, PROMPT);
    await channel.frame(({ type, payload }) => type === "agent_thinking" && payload.message_id === id);
    await channel.close();
    await ended(3);
    expect(seqs((await comeBack()).eventsOf(id))).toEqual([5, 4, 3]);
    expect((await backend.defect("offline-wrong-order")).injected).toBe(2);
  });

  it("resume-gap leaves out the first missed event of one resume", async () => {
    await backend.switchOn({ name: "resume-gap", count: 1 });
    const events = await channel.turn(thread, PROMPT);
    const run = events[0]?.payload.run_id;
    for (const expected of [
      [3, 4, 5],
      [2, 3, 4, 5],
    ]) {
      const back = await backend.channel(user);
      back.send("resume", { run_id: run, after_seq: 1 });
      await back.frame(({ type }) => type === "agent_completed");
      expect(seqs(back.frames.slice(1))).toEqual(expected);
    }
    expect((await backend.defect("resume-gap")).injected).toBe(1);
  });

  it("replay-not-marked leaves the mark out for one replay", async () => {
    await backend.switchOn({ name: "replay-not-marked", count: 1 });
    const [id = ""] = await leaveDuring();
    const back = await comeBack();
    expect(back.eventsOf(id).map(({ payload }) => payload.replayed)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect((await backend.defect("replay-not-marked")).injected).toBe(1);
  });

  it("run-aborted-on-disconnect gives the running turn up: no event, no answer", async () => {
    await backend.switchOn({ name: "run-aborted-on-disconnect", count: 1 });
    const [id = ""] = await leaveDuring();
    expect((await comeBack()).eventsOf(id)).toEqual([]);
    expect((await backend.rows(user, thread)).map(({ role }) => role)).toEqual(["user"]);
    expect((await stats()).turnsAbandoned).toBe(1);
  });
});
