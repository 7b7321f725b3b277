// The agent's failures, the faults of its model, and the defects of quality and of memory.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  type Backend,
  type Channel,
  FIVE,
  type Frame,
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
  backend = await startBackend({ modelTimeoutMs: 250 });
});
beforeEach(async () => {
  await backend.control("DELETE", "/defects");
  user = await backend.user();
  thread = await backend.thread(user);
  channel = await backend.channel(user);
});
afterAll(() => backend.close());

const works = async () => expect(typesOf(await channel.turn(thread, PROMPT))).toEqual(FIVE);
const last = (events: readonly Frame[]) => events.at(-1)?.payload ?? {};

describe("failures of the agent", () => {
  it("agent-throws tells the user readably, stores no answer, and the next turn works", async () => {
    await backend.switchOn({ name: "agent-throws", count: 1 });
    const events = await channel.turn(thread, PROMPT);
    expect(typesOf(events)).toEqual(["agent_started", "agent_thinking", "agent_error"]);
    expect(last(events)).toMatchObject({
      code: "agent_failed",
      user_message: expect.stringMatching(/^[A-Z].*\.$/),
    });
    await works();
    expect((await backend.rows(user, thread)).map(({ role }) => role)).toEqual(["user", "user", "assistant"]);
  });

  it("raw-stack-trace shows the user a stack", async () => {
    await backend.switchOn({ name: "raw-stack-trace", count: 1 });
    expect(last(await channel.turn(thread, PROMPT)).user_message).toMatch(/TypeError: .*\n\s+at /);
    await works();
  });

  it.each([["agent-silent"], ["error-swallowed"]])(
    "%s ends one turn without a word, and the next one works",
    async (name) => {
      await backend.switchOn({ name, count: 1 });
      const id = channel.say(thread, PROMPT);
      await works();
      expect(typesOf(channel.eventsOf(id))).toEqual(["agent_started", "agent_thinking"]);
      expect((await backend.defect(name)).hits).toMatchObject([{ messageId: id }]);
    },
  );

  it("session-dead-after-error lets the message after an error vanish, and counts when it has vanished", async () => {
    await backend.switchOn({ name: "session-dead-after-error", count: 1 });
    expect(last(await channel.turn(thread, PROMPT)).code).toBe("agent_failed");
    expect((await backend.defect("session-dead-after-error")).injected).toBe(0);
    const id = channel.say(thread, PROMPT);
    await quiet();
    expect(channel.frames.filter(({ payload }) => payload.message_id === id)).toEqual([]);
    expect((await backend.defect("session-dead-after-error")).injected).toBe(1);
    await works();
  });
});

describe("faults of the model", () => {
  it.each([
    ["model-429", "model_rate_limited"],
    ["model-500", "model_failed"],
    ["model-timeout", "model_timeout"],
    ["model-garbage", "model_garbage"],
  ])("%s ends one turn with %s, and the next one works", async (name, code) => {
    await backend.switchOn({ name, count: 1 });
    const payload = last(await channel.turn(thread, PROMPT));
    expect(payload).toMatchObject({ code, user_message: expect.stringContaining("Please try again") });
    expect(payload.user_message).not.toContain(" at ");
    await works();
    expect((await backend.defect(name)).injected).toBe(1);
  });

  it("can be answered with agent_fallback and a short answer instead", async () => {
    await backend.switchOn({ name: "model-500", count: 1, params: { fallback: true } });
    const events = await channel.turn(thread, PROMPT);
    expect(typesOf(events)).toEqual(["agent_started", "agent_thinking", "agent_fallback", "agent_completed"]);
    expect(last(events).response).toContain("5,300 dollars");
  });
});

describe("defects of quality", () => {
  const NONCE = "mango-zebra-lamp-417cab";
  const ask = async (prompt = `${PROMPT} ${NONCE}`) =>
    String(last(await channel.turn(thread, prompt)).response);

  it.each([
    ["echo-prompt", (bad: string) => expect(bad).toBe(`${PROMPT} ${NONCE}`)],
    ["canned-answer", (bad: string) => expect(bad).not.toMatch(/\d/)],
    ["empty-answer", (bad: string) => expect(bad).toBe("")],
    [
      "cut-off-answer",
      (bad: string, good: string) => expect([good.startsWith(bad), /[a-z]$/.test(bad)]).toEqual([true, true]),
    ],
    [
      "contradicting-figures",
      (bad: string, good: string) => {
        expect(good).toContain("63,600");
        expect(bad).not.toMatch(/5,300|63,600/);
        expect(bad).toContain(`Reference: ${NONCE}`);
      },
    ],
  ] as const)("%s spoils one answer", async (name, holds) => {
    const good = await ask();
    await backend.switchOn({ name, count: 1 });
    holds(await ask(), good);
    expect(await ask()).toBe(good);
    expect((await backend.defect(name)).injected).toBe(1);
  });

  it("cached-answer gives the answer of another question, with this question's reference", async () => {
    const other = await ask("Our churn is 4 percent of 900 subscribers. What should we do?");
    await backend.switchOn({ name: "cached-answer", count: 1 });
    expect(await ask()).toBe(`${other}\n\nReference: ${NONCE}`);
    expect(await ask()).toContain("5,300 dollars");
  });

  it("forget-context, stale-context and leak-context falsify one recalled fact each, and wait for a question", async () => {
    const elsewhere = await backend.thread(user);
    const question = "What is our budget?";
    await ask("Please remember that our budget is 7,300 dollars.");
    await ask("Update: our budget is now 8,800 dollars.");
    for (const name of ["forget-context", "stale-context"]) await backend.switchOn({ name, count: 1 });
    await ask("How do we plan capacity for 40 agents?");
    expect((await backend.defect("forget-context")).injected).toBe(0);
    expect(await ask(question)).not.toMatch(/7,300|8,800/);
    expect(await ask(question)).toContain("7,300 dollars");
    expect(await ask(question)).toContain("8,800 dollars");
    await backend.switchOn({ name: "leak-context", count: 1 });
    const asked = async () => String(last(await channel.turn(elsewhere, question)).response);
    expect(await asked()).toMatch(/\d,\d00 dollars/);
    expect(await asked()).not.toMatch(/\d,\d00 dollars/);
    expect((await backend.defect("leak-context")).injected).toBe(1);
  });
});
