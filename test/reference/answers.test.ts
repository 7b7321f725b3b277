// What the embedded model writes and remembers.
import { describe, expect, it } from "vitest";
import { composeAnswer } from "../../src/reference/agent/answer.js";
import { askedSubject, factMemory, sameSubject } from "../../src/reference/agent/facts.js";
import { figuresIn } from "../../src/reference/agent/figures.js";
import { topicOf } from "../../src/reference/agent/topics.js";
import { type Channel, startBackend } from "./backend.js";

const PROMPTS = [
  "Our monthly model spend is 5,300 dollars across 40 agents. How do we cut it by 20 percent?",
  "The p95 latency of our chat is 2,400 ms at 120 requests per second. What would you change first?",
  "Nightly reports run 45 slow queries against a table of 12,000,000 rows. Which steps help?",
  "Our cloud bill grew to $18,250 a month with 64 servers. Where should we look?",
  "We lose 4.5% of 2,100 subscribers a month. How can we lower churn?",
  "We hold 90,000 euros in cash and burn 14,500 euros a month. How do we keep the runway?",
];

describe("an answer", () => {
  it.each(PROMPTS)("to %j is substantive, uses the prompt's figures and is no echo", (prompt) => {
    const answer = composeAnswer({ prompt, facts: [], results: [] });
    expect(answer.length).toBeGreaterThan(300);
    expect(answer.match(/^\d\. [A-Z]/gm)?.length).toBeGreaterThanOrEqual(3);
    for (const { text } of figuresIn(prompt)) expect(answer).toContain(text.replace(/ (?:per|a) \w+$/, ""));
    expect(answer).not.toContain(prompt);
    expect(answer).toMatch(/[.]$/);
    expect(topicOf(prompt).name).not.toBe("operations");
  });

  it("differs between different questions and agrees for the same one", () => {
    const answers = [...PROMPTS, ...PROMPTS].map((prompt) =>
      composeAnswer({ prompt, facts: [], results: [] }),
    );
    expect(new Set(answers).size).toBe(PROMPTS.length);
  });

  it("quotes each nonce once as its reference, and takes no figure from it", () => {
    const answer = composeAnswer({ prompt: `${PROMPTS[0]} mango-zebra-lamp-417cab`, facts: [], results: [] });
    expect(answer.match(/mango-zebra-lamp-417cab/g)).toHaveLength(1);
    expect(answer).toContain("Reference: mango-zebra-lamp-417cab");
    expect(figuresIn("see mango-zebra-lamp-417 or v2 or 2024-01-01x")).toEqual([]);
  });

  it("is not led astray by a request to quote a reference, or by a hyphenated word", () => {
    const suffix = "\n\nPlease quote our reference mango-zebra-lamp-oak-3a417c in your answer.";
    const prompt = `How do we hire people face-to-face?${suffix}`;
    expect(askedSubject(prompt)).toBeUndefined();
    expect(composeAnswer({ prompt, facts: [], results: [] })).toMatch(
      /Reference: mango-zebra-lamp-oak-3a417c$/,
    );
    expect(askedSubject(`What is our budget?${suffix}`)).toBe("budget");
    expect(factMemory(`Remember that our budget is 7,300 dollars.${suffix}`)).toEqual([
      { subject: "budget", value: "7,300 dollars" },
    ]);
  });

  it("says so when a fact was never told", () => {
    const answer = composeAnswer({ prompt: "What is our budget?", facts: [], results: [] });
    expect(answer).toContain("No budget has been recorded");
    expect(answer).not.toMatch(/\d{3}/);
  });
});

describe("figures", () => {
  it("carry their unit and what they count", () => {
    expect(figuresIn("our monthly spend is 5,300 dollars, churn of 4.5% and a p95 of 250 ms")).toEqual([
      { value: 5300, text: "5,300 dollars", label: "monthly spend" },
      { value: 4.5, text: "4.5%", label: "churn" },
      { value: 250, text: "250 ms", label: "p95" },
    ]);
  });
});

describe("facts", () => {
  it.each([
    ["Please remember that our budget is 7,300 dollars.", "budget", "7,300 dollars"],
    ["Remember: our renewal date is 14 March.", "renewal date", "14 March"],
    ["For the record, our project name is Bluebird, and we start soon.", "project name", "Bluebird"],
    ["Correction: our monthly budget is now 9,100.50 dollars.", "monthly budget", "9,100.50 dollars"],
    ["Our budget has changed to 8,800 dollars.", "budget", "8,800 dollars"],
    ["Please change our budget from 7,300 dollars to 8,800 dollars.", "budget", "8,800 dollars"],
    ["Note that the agreed budget is 5,000 dollars; thanks.", "budget", "5,000 dollars"],
  ])("are told by %j", (message, subject, value) => {
    expect(factMemory(message)).toEqual([{ subject, value }]);
  });

  it("are not told by a plain question or statement", () => {
    for (const prompt of PROMPTS) expect(factMemory(prompt)).toEqual([]);
  });

  it.each([
    ["What is our budget?", "budget"],
    ["what's our current monthly budget again?", "monthly budget"],
    ["How much is our budget?", "budget"],
    ["Remind me of our renewal date, please.", "renewal date"],
    ["Tell me what our budget is.", "budget"],
    ["Which budget did I tell you?", "budget"],
  ])("are asked for by %j", (question, subject) => {
    expect(askedSubject(question)).toBe(subject);
  });

  it("are the same if the words of one are among the other's", () => {
    expect(sameSubject("budget", "monthly budget")).toBe(true);
    expect(sameSubject("budget", "renewal date")).toBe(false);
  });
});

describe("the memory of a thread", () => {
  it("recalls and updates facts, and keeps them from other threads and users", async () => {
    const backend = await startBackend();
    const [user, other] = [await backend.user(), await backend.user()];
    const [channel, theirs] = [await backend.channel(user), await backend.channel(other)];
    const threads = [
      await backend.thread(user),
      await backend.thread(user),
      await backend.thread(other),
    ] as const;
    const ask = async (who: Channel, thread: string, text: string) =>
      String((await who.turn(thread, text)).at(-1)?.payload.response);
    await ask(channel, threads[0], "Please remember that our budget is 7,300 dollars.");
    for (let n = 0; n < 8; n++) await ask(channel, threads[0], `${PROMPTS[n % PROMPTS.length]} Round ${n}.`);
    expect(await ask(channel, threads[0], "What is our budget?")).toContain("7,300 dollars");
    await ask(channel, threads[0], "Our budget is now 8,800 dollars.");
    const updated = await ask(channel, threads[0], "What is our budget?");
    expect(updated).toContain("8,800 dollars");
    expect(updated).not.toContain("7,300");
    expect(await ask(channel, threads[1], "What is our budget?")).not.toMatch(/7,300|8,800/);
    expect(await ask(theirs, threads[2], "What is our budget?")).not.toMatch(/7,300|8,800/);
    await backend.close();
  });

  it("lets a prompt search the user's own records as a tool", async () => {
    const backend = await startBackend();
    const user = await backend.user();
    const channel = await backend.channel(user);
    const thread = await backend.thread(user);
    await channel.turn(thread, "Our churn is 4 percent. No tool needed.");
    const events = await channel.turn(thread, "Please search my earlier messages about churn.");
    expect(events[2]?.payload).toMatchObject({
      tool_name: "search_records",
      parameters: { query: "churn" },
    });
    await backend.close();
  });
});
