// The lines of turns.jsonl: what is in them, which turns have one, and how many.
import { describe, expect, it } from "vitest";
import { SampleRecorder } from "../../../../src/metrics/samples.js";
import type { TurnLine } from "../../../../src/model/log/turn-line.js";
import { emptyAnomalies } from "../../../../src/model/turn/ledger.js";
import { traceIds } from "../../../../src/model/turn/trace.js";
import { TurnUsage } from "../../../../src/model/turn/usage.js";
import { TurnLines, type TurnLinesOptions } from "../../../../src/run/worker/kept/turn-lines.js";
import { recordFrame, recordTurn } from "../../../../src/session/turn/ending/measures.js";
import { event, settled, turn } from "../../../support/turns.js";

const recorder = new SampleRecorder();
const labelled = recorder.phase("hold", 3, recorder.labels.of(["sales", "report", "2", "0", "send", ""]));

/** A writer of lines, and what it wrote. */
function lines(given: Partial<TurnLinesOptions> = {}) {
  const writer = new TurnLines({
    choice: "all",
    workers: 1,
    labelsOf: ({ labels }) => recorder.labels.valuesOf(labels),
    tools: true,
    redact: (text) => text,
    ...given,
  });
  writer.begin({ startUs: 1_000_000, startWallUs: Date.UTC(2026, 0, 1) * 1000 });
  return {
    add: (...turn: Parameters<TurnLines["add"]>) => writer.add(...turn),
    take: () => {
      const { texts, lost } = writer.take();
      return { text: texts.join(""), lines: texts.flatMap(linesIn), lost };
    },
  };
}

function linesIn(text: string): readonly TurnLine[] {
  expect(text.endsWith("\n")).toBe(true);
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as TurnLine);
}

describe("the line of a turn", () => {
  it("has its labels, its instants since the start barrier, its outcome and what it used", () => {
    const seen = turn({ user: 3, samples: labelled, intendedUs: 1_500_000, sentUs: 1_500_250 });
    const watching = { stamped: () => undefined, keepsToolRuns: true };
    const take = (kind: Parameters<typeof event>[0], receivedAtUs: number, more = {}): void => {
      const one = event(kind, { receivedAtUs, ...more });
      recordFrame(seen, one, seen.apply(one, `${kind} ${receivedAtUs}`), watching);
    };
    take("agent_started", 1_600_000);
    take("tool_executing", 1_700_000, { toolId: "t1", toolName: "sql" });
    take("tool_completed", 1_750_000, { toolId: "t1" });
    take("tool_executing", 1_760_000, { toolName: "search" });
    take("answer_delta", 1_800_000, { text: "Hello" });
    seen.end = "deadline";
    recordTurn(seen);
    seen.usage = Object.assign(new TurnUsage(), { input: 120, output: 40, model: "m-1", calls: 2 });
    seen.compact();
    const made = lines({
      traces: traceIds("run"),
      prices: { currency: "EUR", models: { "m-1": { input: 1, output: 2 } } },
    });
    const timedOut = settled({
      ...{ intendedUs: 1_500_000, sentUs: 1_500_250, startedUs: 1_600_000, terminalUs: Number.NaN },
      ...{ outcome: "timedOut", reason: "late_terminal", delivery: undefined },
      anomalies: { ...emptyAnomalies(), late: 2 },
    });
    made.add(timedOut, seen);
    expect(made.take()).toMatchObject({
      lines: [
        {
          at: "2026-01-01T00:00:00.500000Z",
          ...{ user: 3, turn: 0, thread: "thread-a", run: "run-1", phase: "hold" },
          trace: traceIds("run").turn(3, 0).traceId,
          labels: { group: "sales", prompt: "report", weight: "2", thread: "0", step: "send" },
          ...{ intendedUs: 500_000, sentUs: 500_250, firstEventUs: 600_000, startedUs: 600_000 },
          ...{ firstTextUs: 800_000, endUs: null, outcome: "timedOut", reason: "late_terminal" },
          ...{ anomalies: { late: 2 }, tokens: { input: 120, output: 40 }, model: "m-1", modelCalls: 2 },
          cost: 0.0002,
          toolCalls: 2,
          tools: [
            { tool: "sql", us: 50_000 },
            { tool: "search", us: null },
          ],
          oneIn: 1,
        },
      ],
      lost: 0,
    });
    expect(made.take().lines).toEqual([]);
  });

  it("leaves out what was not reported, and never writes 0 for it", () => {
    const made = lines({ tools: false });
    const unsent = { sentUs: Number.NaN, startedUs: Number.NaN, terminalUs: Number.NaN, runId: undefined };
    made.add(settled({ ...unsent, outcome: "failed", reason: "not_connected" }), turn());
    const [line] = made.take().lines;
    expect(line).toMatchObject({ sentUs: null, firstEventUs: null, firstTextUs: null, endUs: null });
    expect(Object.keys(line ?? {})).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/tokens|cost|model|tool|run|trace|anomalies/)]),
    );
  });

  it("says when each turn was intended, to the microsecond, whichever settles first", () => {
    const after = [0, 1_000_000, 1_999_999, 500_000, 61_000_000];
    const made = lines();
    for (const us of after) made.add(settled({ intendedUs: 1_000_000 + us }), turn());
    expect(made.take().lines.map(({ at }) => at.slice(14))).toEqual([
      ...["00:00.000000Z", "00:01.000000Z", "00:01.999999Z", "00:00.500000Z", "01:01.000000Z"],
    ]);
  });

  it("hides no character, and no secret is in any text of the target", () => {
    const seen = turn({ samples: labelled });
    seen.toolRuns = [{ tool: "the secret tool", us: 1 }];
    seen.usage = Object.assign(new TurnUsage(), { model: "secret-1" });
    const made = lines({ redact: (text) => text.replaceAll("secret", "***") });
    made.add(settled({ threadId: "a\u202ebsecret", runId: "secret-run" }), seen);
    const {
      text,
      lines: [line],
    } = made.take();
    expect(text).toContain("a\\u202eb***");
    expect(text).not.toContain("secret");
    expect(line).toMatchObject({ run: "***-run", model: "***-1", tools: [{ tool: "the *** tool" }] });
  });

  it("is bounded, whatever the target names its threads, runs and tools", () => {
    const seen = turn();
    const long = "x".repeat(100_000);
    seen.toolRuns = Array.from({ length: 1000 }, () => ({ tool: long, us: 1 }));
    const made = lines();
    made.add(settled({ threadId: long, runId: long }), seen);
    expect(made.take().text.length).toBeLessThan(6000);
  });
});

describe("turns that have a line", () => {
  /** Completed turns of a thousand users, every hundredth of which failed. */
  function told(made: ReturnType<typeof lines>, turns: number) {
    for (let at = 0; at < turns; at++) {
      const outcome = at % 100 === 0 ? "lost" : "completed";
      made.add(settled({ user: at % 1000, turn: Math.floor(at / 1000), outcome }), turn());
    }
    return made.take();
  }

  it("are all of them up to 5,000 in a sample, and with `all` as many as there are", () => {
    expect(told(lines({ choice: "sample" }), 5000).lines).toHaveLength(5000);
    const all = told(lines(), 60_000);
    expect([all.lines.length, all.lost]).toEqual([60_000, 0]);
    expect(all.lines.every(({ oneIn }) => oneIn === 1)).toBe(true);
  });

  it("thin out in a sample as the run goes on, separately for failures, and each line says how many turns it represents", () => {
    const { lines: sample } = told(lines({ choice: "sample" }), 160_000);
    expect(sample.length).toBeGreaterThan(20_000);
    expect(sample.length).toBeLessThan(32_000);
    const failed = sample.filter(({ outcome }) => outcome === "lost");
    expect(failed).toHaveLength(1600);
    const stoodFor = sample.reduce((sum, { oneIn }) => sum + oneIn, 0);
    expect(Math.abs(stoodFor - 160_000)).toBeLessThan(4000);
    expect(new Set(sample.map(({ oneIn }) => oneIn))).toEqual(new Set([1, 2, 4, 8, 16, 32]));
  });

  it("share a sample's bound among the workers", () => {
    const { lines: sample } = told(lines({ choice: "sample", workers: 10 }), 5000);
    expect(sample.length).toBeLessThan(2500);
  });

  it("are bounded while nobody takes them, and dropped ones are counted", () => {
    const { lines: kept, lost } = told(lines(), 200_500);
    expect([kept.length, lost]).toEqual([200_000, 500]);
  });
});
