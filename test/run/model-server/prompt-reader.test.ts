// Whose turn a prompt belongs to, and what in it is another user's: every seeded leak, and none in clean prompts.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ModelMessage, ModelRequest } from "../../../src/llm/conversation.js";
import { nonceCodec } from "../../../src/model/turn/nonce.js";
import { PromptReader } from "../../../src/run/model-server/prompt-reader.js";
import { correctionOf, madeUpValue, tellingOf } from "../../../src/session/turn/text/fact-memory.js";
import { plantedRecord } from "../../../src/session/turn/text/planted-records.js";
import { withNonce } from "../../../src/session/user/message-text.js";
import { randomFrom } from "../../../src/support/random.js";

const RULES = { runSeed: 4711, tellsFacts: true, plantsRecords: true };
const codec = nonceCodec(RULES.runSeed);
const say = (user: number, turn: number, text = "How do we cut our spend of 5,200?"): ModelMessage => ({
  role: "user",
  text: withNonce(text, codec.encode(user, turn)),
});
const system = (text: string): ModelMessage => ({ role: "system", text });
const tool = (text: string): ModelMessage => ({ role: "tool", text });
const answer = (text: string): ModelMessage => ({ role: "assistant", text });

function prompt(...messages: readonly ModelMessage[]): ModelRequest {
  const rest = { stream: false, json: false, streamUsage: false, user: undefined };
  return { model: "m", tools: [], messages, ...rest };
}

describe("a prompt belongs to", () => {
  const reader = new PromptReader(RULES);
  const owner = (...messages: readonly ModelMessage[]) => reader.read(prompt(...messages)).owner;

  it("the newest turn of its own conversation", () => {
    const history = [system("You help."), say(7, 0), answer(`quoted ${codec.encode(7, 0)}`), say(7, 1)];
    expect(owner(...history)).toEqual({ user: 7, turn: 1 });
    expect(owner(...history, answer(""), tool(`rows of ${codec.encode(7, 0)}`))).toEqual({
      user: 7,
      turn: 1,
    });
  });

  it("the user who asks, even if the system prompt or a tool's result contains another's words", () => {
    const others = [1, 2, 3].map((turn) => codec.encode(9, turn)).join(" ");
    expect(owner(system(others), say(7, 4), tool(others))).toEqual({ user: 7, turn: 4 });
  });

  it("the user whose conversation a summary is made of, if no message of theirs is in it", () => {
    const talk = `Summarise: ${codec.encode(7, 2)} then ${codec.encode(7, 3)}, not ${codec.encode(8, 9)}`;
    expect(owner(system(talk))).toEqual({ user: 7, turn: 3 });
  });

  it("nobody, if it contains no nonce of this run", () => {
    expect(owner(system("You help."), { role: "user", text: "hello" })).toBeUndefined();
    expect(owner({ role: "user", text: nonceCodec(RULES.runSeed + 256).encode(7, 1) })).toBeUndefined();
    expect(owner()).toBeUndefined();
  });
});

describe("another user's data in a prompt", () => {
  it("is reported with its exact place: nonce, record, fact and thread", () => {
    const reader = new PromptReader(RULES);
    const value = madeUpValue(randomFrom("facts"));
    reader.learnThreads([["thr-0123456789", 9]]);
    reader.read(prompt(say(9, 0, tellingOf("team mascot", value))));
    const memory = `known: ${value}`;
    const messages = [
      system(`Earlier: ${codec.encode(9, 0)}`),
      say(7, 1),
      tool(memory),
      tool(`see /threads/thr-0123456789/messages`),
      tool(`file: ${plantedRecord(9, undefined)}`),
    ];
    const { owner, leaks } = reader.read(prompt(...messages));
    expect(owner).toEqual({ user: 7, turn: 1 });
    const places = leaks.map(({ by, owner: whose, message, role, at }) => [by, whose, message, role, at]);
    expect(places).toEqual([
      ["nonce", 9, 0, "system", 9],
      ["fact", 9, 2, "tool", 7],
      ["thread", 9, 3, "tool", 13],
      ["record", 9, 4, "tool", expect.any(Number)],
      ["record", 9, 4, "tool", expect.any(Number)],
    ]);
    expect(memory.slice(leaks[1]?.at)).toBe(value);
    expect(leaks[0]?.turn).toBe(0);
  });

  it("is not one if it contains the user's own data, or facts that several users stated", () => {
    const reader = new PromptReader(RULES);
    const value = madeUpValue(randomFrom("shared"));
    reader.learnThreads([["thr-0123456789", 7]]);
    reader.read(prompt(say(7, 0, tellingOf("team mascot", value))));
    reader.read(prompt(say(9, 0, correctionOf("team mascot", value))));
    const own = [
      system(`- mascot: ${value}`),
      say(7, 1),
      tool("thr-0123456789"),
      tool(plantedRecord(7, "o1")),
    ];
    expect(reader.read(prompt(...own)).leaks).toEqual([]);
    expect(reader.read(prompt(system(`- mascot: ${value}`), say(9, 1))).leaks).toEqual([]);
  });

  it("is found 100 times out of 100, wherever it is, and never in 100,000 clean prompts", () => {
    const reader = new PromptReader({ ...RULES, tellsFacts: false });
    const random = randomFrom("leaks");
    const clean = "Reduce the spend of 12,300 a month, and tell what to do first. ".repeat(8);
    let found = 0;
    let false_ = 0;
    for (let call = 0; call < 100_000; call++) {
      const user = call % 500;
      const turn = Math.floor(call / 500);
      const messages = [system(clean), say(user, turn), tool(clean)];
      if (call % 1000 !== 500) {
        if (reader.read(prompt(...messages)).leaks.length > 0) false_++;
        continue;
      }
      const other = (user + 1 + random.below(400)) % 500;
      const place = random.below(3);
      const leaked = messages.map((message, index) => {
        if (index !== place) return message;
        // Between two words: what cuts a user's own nonce leaves none.
        const at = message.text.indexOf(" ", random.below(clean.length)) + 1;
        const { text } = message;
        return { ...message, text: `${text.slice(0, at)}${codec.encode(other, 3)} ${text.slice(at)}` };
      });
      const { leaks } = reader.read(prompt(...leaked));
      if (leaks.some(({ message }) => message === place)) found++;
    }
    expect([found, false_]).toEqual([100, 0]);
  });

  it("is looked for in any text without a throw", () => {
    const reader = new PromptReader(RULES);
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary", maxLength: 200 }), { maxLength: 5 }), (texts) => {
        const messages = texts.map((text) => ({ role: "user" as const, text: text + codec.prefix }));
        expect(reader.read(prompt(...messages)).leaks).toEqual([]);
      }),
    );
  });
});
