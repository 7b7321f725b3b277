// Conversations from a file, in both of their forms.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { promptSet } from "../../../src/scenarios/prompts/library.js";
import { readConversations } from "../../../src/scenarios/replay/conversations.js";
import { promptFaults } from "../../../src/scenarios/rules/crosscheck.js";
import { axes } from "../axes.fixture.js";
import { fileWith, load, loadOne, problemsOf } from "../load.fixture.js";

const read = (content: string) => readConversations(content, "chats.jsonl");
const problems = (content: string) =>
  read(content).problems.map(({ place, message }) => `${"line" in place ? place.line : "?"}: ${message}`);
const shared = (...turns: readonly (readonly [string, string])[]) => ({
  id: "QWJhYvA_0",
  conversations: turns.map(([from, value]) => ({ from, value })),
});

describe("conversations of our own form", () => {
  it("are one list of messages a line", () => {
    const { conversations, unused } = read('["Hello!", "And\\nthen?"]\n\n["Bye."]\r\n');
    expect(conversations).toEqual([["Hello!", "And\nthen?"], ["Bye."]]);
    expect(unused).toBe("");
    expect(read('\uFEFF["Hello!"]').conversations).toEqual([["Hello!"]]);
  });

  it("come back as they were written", () => {
    const message = fc.string({ minLength: 1, unit: "binary" }).filter((text) => text.trim() !== "");
    fc.assert(
      fc.property(fc.array(fc.array(message, { minLength: 1 }), { minLength: 1 }), (conversations) => {
        const content = conversations.map((one) => JSON.stringify(one)).join("\n");
        expect(read(content)).toEqual({ conversations, problems: [], unused: "" });
      }),
    );
  });

  it("are told with their lines if they are wrong, all at once", () => {
    expect(problems('["Hello!"]\n["Hello!"\n[]\n["", "x"]\n["x", 7]\n"Hello!"\n{"messages": []}')).toEqual([
      "2: is not valid JSON",
      "3: has no message",
      "4: message 1 is empty",
      "5: message 2 is not a text but 7",
      "6: expected a list of a user's messages, or ShareGPT's `conversations`, got `Hello!`",
      "7: expected a list of a user's messages, or ShareGPT's `conversations`, got a map",
    ]);
    expect(problems("\n")).toEqual(["1: holds no conversation"]);
    expect(problems('"x"\n'.repeat(100))).toHaveLength(10);
  });

  it("are bounded in number and length, and what is not used is said", () => {
    const many = read('["Hello!"]\n'.repeat(10_050));
    expect(many.conversations).toHaveLength(10_000);
    expect(many.unused).toBe("only the first 10000 conversations are used");
    const long = JSON.stringify(["Hello!", "x".repeat(32_769), "Bye."]);
    const chatty = JSON.stringify(Array.from({ length: 201 }, () => "x"));
    const cut = read(`${long}\n${chatty}`);
    expect(cut.conversations.map(({ length }) => length)).toEqual([1, 200]);
    expect(cut.unused).toMatch(/32 Ki characters, and after 200 messages: 2$/);
    const heavy = read(
      `${JSON.stringify(Array.from({ length: 100 }, () => "x".repeat(32_768)))}\n`.repeat(12),
    );
    expect(heavy.conversations).toHaveLength(11);
    expect(heavy.unused).toMatch(/only the first 11/);
  });
});

describe("conversations of ShareGPT", () => {
  const TWO = [
    shared(["human", "Hi."], ["gpt", "Hello."], ["human", "Why?"], ["gpt", "Because."]),
    shared(["system", "Be kind."], ["user", "Hi."], ["assistant", "Hello."]),
  ];

  it("are read as they are, as a list or one a line: what the user says", () => {
    const messages = [["Hi.", "Why?"], ["Hi."]];
    expect(read(JSON.stringify(TWO)).conversations).toEqual(messages);
    expect(read(JSON.stringify(TWO, null, 2)).conversations).toEqual(messages);
    expect(read(TWO.map((one) => JSON.stringify(one)).join("\n")).conversations).toEqual(messages);
  });

  it("in which no user says anything are left out, and that is said", () => {
    const {
      conversations,
      unused,
      problems: none,
    } = read(JSON.stringify([shared(["gpt", "Hello."]), shared(), ...TWO]));
    expect([conversations.length, none]).toEqual([2, []]);
    expect(unused).toBe("conversations in which no user says anything are left out: 2");
  });

  it("are told with their number if they are wrong", () => {
    expect(problems(JSON.stringify([...TWO, { conversations: [{ from: "human" }] }]))).toEqual([
      "1: conversation 3 turn 1 lacks `from` or `value` as a text",
    ]);
    expect(problems(`[\n${JSON.stringify(TWO[0])},\n{"conversations": ]\n]`)).toEqual([
      "3: is not valid JSON",
    ]);
  });
});

describe("a scenario with conversations", () => {
  const WITH = "conversations: chats.jsonl";
  const LOAD = "load: { users: 2, hold: 5s }";
  const files = { "chats.jsonl": '["Hello!", "Bye."]\n["Hi."]' };
  const text = (journey: string) => fileWith(`${LOAD}\n    ${WITH}`, { journey });
  const SOUND = "[connect, loop: [send: { prompt: mix }]]";

  it("holds them", () => {
    expect(loadOne(text(SOUND), { files }).conversations).toEqual([["Hello!", "Bye."], ["Hi."]]);
    expect(load(text(SOUND), { files }).warnings).toEqual([]);
  });

  it("is told of a missing file, of wrong lines in it, and of what is not used", () => {
    expect(problemsOf(text(SOUND))[0]).toMatch(
      /s\.conversations: cannot read chats\.jsonl: ENOENT: no such file/,
    );
    expect(problemsOf(text(SOUND), { files: { "chats.jsonl": '["Hello!"]\nno' } })).toEqual([
      "chats.jsonl:2:1: is not valid JSON",
    ]);
    const many = { "chats.jsonl": '["Hello!"]\n'.repeat(10_001) };
    expect(load(text(SOUND), { files: many }).warnings).toMatchObject([
      { message: expect.stringMatching(/conversations: only the first 10000/) },
    ]);
  });

  it("cannot draw by weight from them, or ask the same of all; other prompts stay as they are", () => {
    expect(problemsOf(text("[connect, loop: [send: { prompt: mix, weight: light }]]"), { files })[0]).toMatch(
      /weight: chooses among prompts, and the mix is the scenario's `conversations`/,
    );
    const faults = (options: object, held: boolean) => {
      const journey = [{ step: "send", options }];
      return promptFaults({ journey, path: ["journey"] }, axes.steps, promptSet(), held);
    };
    expect(faults({ prompt: "mix", same: true }, true)).toMatchObject([
      { path: ["journey", 0, "send", "same"] },
    ]);
    expect(faults({ prompt: "mix", same: true }, false)).toEqual([]);
    expect(faults({ prompt: "latency", same: true }, true)).toEqual([]);
  });
});
