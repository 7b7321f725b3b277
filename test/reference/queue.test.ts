// Order within a thread, parallel threads, and the bounded queue with the defects that break them.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type Backend,
  type Channel,
  isEndOf,
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
beforeEach(async () => {
  backend = await startBackend({ limits: { turnsPerThread: 5 } });
  user = await backend.user();
  thread = await backend.thread(user);
  channel = await backend.channel(user);
});
afterEach(() => backend.close());

const completions = () =>
  channel.frames.filter(({ type }) => type === "agent_completed").map(({ payload }) => payload.message_id);

/** Sends so many messages without waiting, then waits for the end of those that are answered. */
async function burst(count: number, answered = count): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, n) => channel.say(thread, `${PROMPT} Round ${n}.`));
  await channel.frame(
    () => completions().length + channel.frames.filter(({ type }) => type === "error").length >= answered,
  );
  return ids;
}

describe("a thread", () => {
  it("answers a burst in order, one turn after the other", async () => {
    const ids = await burst(5);
    expect(completions()).toEqual(ids);
    const runs = channel.frames
      .filter(({ payload }) => payload.seq !== undefined)
      .map(({ payload }) => payload.message_id);
    expect(runs).toEqual(ids.flatMap((id) => Array(5).fill(id)));
    const roles = (await backend.rows(user, thread)).filter(({ role }) => role === "user");
    expect(roles.map(({ metadata }) => metadata.message_id)).toEqual(ids);
  });

  it("does not wait for another thread", async () => {
    const other = await backend.thread(user);
    const slow = channel.say(thread, PROMPT, { metadata: { weight: "heavy" } });
    await channel.turn(other, PROMPT, { metadata: { weight: "light" } });
    expect(completions()).not.toContain(slow);
    await channel.frame(isEndOf(slow));
  });

  it("rejects as busy what goes beyond its queue, clearly and by id", async () => {
    const ids = await burst(7);
    const errors = channel.frames.filter(({ type }) => type === "error");
    expect(errors.map(({ payload }) => [payload.code, payload.message_id])).toEqual(
      ids.slice(5).map((id) => ["busy", id]),
    );
    expect(completions()).toEqual(ids.slice(0, 5));
  });
});

describe("defects of the queue", () => {
  it("drop-while-busy forgets exactly so many messages, without a trace", async () => {
    await backend.switchOn({ name: "drop-while-busy", count: 2 });
    const ids = await burst(5, 3);
    await quiet();
    const [first, , , fourth, fifth] = ids;
    expect(completions()).toEqual([first, fourth, fifth]);
    expect(await backend.rows(user, thread)).toHaveLength(6);
    const account = await backend.defect("drop-while-busy");
    expect(account).toMatchObject({ injected: 2, active: false });
    expect(account.hits.map(({ messageId }) => messageId)).toEqual(ids.slice(1, 3));
  });

  it("drop-while-busy can acknowledge and store what it forgets", async () => {
    await backend.switchOn({ name: "drop-while-busy", count: 1, params: { ack: true } });
    const ids = await burst(3, 2);
    await quiet();
    expect(completions()).toEqual([ids[0], ids[2]]);
    expect(channel.frames.filter(({ type }) => type === "message_ack")).toHaveLength(3);
    expect(await backend.rows(user, thread)).toHaveLength(5);
  });

  it("answer-out-of-order lets one waiting message pass another, and loses none", async () => {
    await backend.switchOn({ name: "answer-out-of-order", count: 1 });
    const [first, second, third, fourth] = await burst(4);
    expect(completions()).toEqual([first, third, second, fourth]);
    expect((await backend.defect("answer-out-of-order")).injected).toBe(1);
  });

  it("answer-twice sends one answer again with a further seq", async () => {
    await backend.switchOn({ name: "answer-twice", count: 1 });
    await burst(2, 3);
    await quiet();
    const answers = channel.frames
      .filter(({ type }) => type === "agent_completed")
      .map(({ payload }) => payload);
    expect(answers.map(({ seq }) => seq)).toEqual([5, 6, 5]);
    expect(answers[0]?.response).toBe(answers[1]?.response);
  });

  it.each(["queue", "loop"])(
    "heavy-blocks-all (%s) lets a heavy turn hold up other users, and off it does not",
    async (mode) => {
      const other = await backend.user();
      const [theirs, theirThread] = [await backend.channel(other), await backend.thread(other)];
      const lightDuringHeavy = async (): Promise<number> => {
        const heavy = channel.say(thread, PROMPT, { metadata: { weight: "heavy" } });
        const started = performance.now();
        await theirs.turn(theirThread, PROMPT, { metadata: { weight: "light" } });
        const took = performance.now() - started;
        await channel.frame(isEndOf(heavy));
        return took;
      };
      const free = await lightDuringHeavy();
      await backend.switchOn({ name: "heavy-blocks-all", count: 1, params: { mode, ms: 400 } });
      const blocked = await lightDuringHeavy();
      expect(blocked).toBeGreaterThan(free + 15);
      expect((await backend.defect("heavy-blocks-all")).injected).toBe(1);
      expect(typesOf(theirs.frames).filter((type) => type === "agent_completed")).toHaveLength(2);
    },
  );
});
