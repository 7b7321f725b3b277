// The check `clear-errors`: what users without an answer were told, and when.
import { describe, expect, it } from "vitest";
import { clearErrors, unreadable } from "../../src/checks/clear-errors.js";
import type { SettledTurn } from "../../src/model/turn/turn.js";
import { settled } from "../support/turns.js";

const SORRY = "The assistant is handling too many requests. Please try again in a minute.";
const failed = (turn: number, fields: Partial<SettledTurn> = {}): SettledTurn =>
  settled({ turn, outcome: "failed", reason: "error_event", delivery: undefined, told: SORRY, ...fields });
const wordless = (turn: number, fields: Partial<SettledTurn> = {}): SettledTurn => {
  const { told: _, ...rest } = failed(turn, fields);
  return rest;
};

function run(turns: readonly SettledTurn[], options: unknown = {}) {
  const state = clearErrors.start(clearErrors.schema.parse(options), () => 0);
  for (const one of turns) state.turn(one);
  const part = state.part();
  return {
    result: clearErrors.judge(part),
    found: part.findings.map(({ code, severity, count }) => [code, severity, count]),
    evidence: part.findings.flatMap(({ evidence }) => evidence),
  };
}

describe("clear-errors", () => {
  it("is clean if each failure and refusal was told in time, in words", () => {
    const refused = failed(1, { outcome: "rejected", reason: "busy" });
    expect(run([failed(0), refused, settled({ turn: 2 })])).toMatchObject({
      result: { status: "clean", judged: 2 },
      found: [],
    });
  });

  it("is not checked if nothing failed, and passes over what was never sent or came too late", () => {
    const others = [
      settled(),
      settled({ turn: 1, outcome: "failed", reason: "not_connected", delivery: undefined }),
      settled({ turn: 2, outcome: "timedOut", reason: "stored_answer", delivery: undefined }),
    ];
    expect(run(others).result).toMatchObject({ status: "not-checked", judged: 0 });
    expect(run([]).result.status).toBe("no-data");
  });

  it("finds each kind of bad news, once a turn, with who and what", () => {
    const { result, found, evidence } = run([
      failed(0, { told: "TypeError: Cannot read properties of undefined (reading 'choices')" }),
      wordless(1),
      failed(2, { told: '{"status":500}' }),
      failed(3, { terminalUs: 12_000_000 }),
      wordless(4, { outcome: "lost", reason: "no_terminal", terminalUs: Number.NaN }),
      failed(5, { told: "E_MODEL", terminalUs: 99_000_000 }),
      failed(6),
    ]);
    expect(result).toMatchObject({ status: "found", judged: 7 });
    expect(found).toEqual([
      ["stack-trace", "fail", 1],
      ["unreadable", "fail", 2],
      ["raw-data", "fail", 1],
      ["late-error", "fail", 1],
      ["silence", "fail", 1],
    ]);
    expect(evidence[0]).toMatchObject({ user: 3, turn: 0 });
    expect(evidence[0]?.seen).toMatch(/^TypeError: Cannot read/);
    expect(evidence.every(({ expected, seen }) => expected && seen)).toBe(true);
    expect(evidence.find(({ turn }) => turn === 3)).toMatchObject({
      expected: "within 10.0s",
      seen: "after 11.0s",
    });
  });

  it("takes another limit for the time", () => {
    expect(run([failed(0)], { within: "500ms" }).found).toEqual([["late-error", "fail", 1]]);
    expect(clearErrors.schema.safeParse({ within: 5 }).success).toBe(false);
  });
});

describe("words of an error", () => {
  it.each([
    SORRY,
    "Error: the assistant is away. We will be back\nat 10:30:00.",
    "Please select another model from the menu.",
    "Der Dienst ist gerade nicht erreichbar.",
    "現在サービスを利用できません。しばらくしてから再試行してください。",
    "Your message was not accepted: too many messages are waiting; send this one again later.",
  ])("can be read: %s", (text) => {
    expect(unreadable(text)).toBeUndefined();
  });

  it.each([
    ["unreadable", undefined],
    ["unreadable", "  "],
    ["unreadable", "Oops!"],
    ["unreadable", "model_rate_limited"],
    ["unreadable", "errors.agent.failed"],
    ["stack-trace", "Something broke\n    at run (/srv/app/agent.js:10:4)"],
    ["stack-trace", "Traceback (most recent call last):"],
    ["stack-trace", 'File "/srv/agent.py", line 7, in run'],
    ["stack-trace", "java.lang.NullPointerException: null"],
    ["stack-trace", "The call failed: connect ECONNREFUSED 127.0.0.1:5432"],
    ["stack-trace", "runtime error: goroutine 12 [running]"],
    ["raw-data", '{"error":{"message":"too many requests"}}'],
    ["raw-data", "<html><body>502 Bad Gateway</body></html>"],
    ["raw-data", "The statement SELECT id FROM messages failed badly"],
    ["raw-data", "It went wrong: [object Object]"],
  ])("are %s: %s", (kind, text) => {
    expect(unreadable(text)).toBe(kind);
  });
});
