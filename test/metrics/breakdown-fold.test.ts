// What turns measured by their labels: every sample of the hold in each of its values, and no more values than can be shown.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BreakdownFold, MAX_SHOWN } from "../../src/metrics/breakdown-fold.js";
import { LabelSets } from "../../src/metrics/labels.js";
import { SampleRecorder } from "../../src/metrics/samples.js";
import { type LabelValues, OTHER } from "../../src/model/labels.js";

/** A worker as the coordinator knows it: what it records, and the combinations that it has told. */
function worker(fold: BreakdownFold) {
  const recorder = new SampleRecorder();
  const known: LabelValues[] = [];
  return {
    record(user: number, prompt: string, us: number, lost = false, phase = "hold") {
      const labels = recorder.labels.of(["", prompt, "light", "1", "send", ""]);
      const samples = recorder.phase(phase, user, labels).of("agent.response");
      if (lost) samples.censor();
      else samples.push(us);
    },
    tool(user: number, prompt: string, tool: string, us: number) {
      const labels = recorder.labels.of(["", prompt, "light", "1", "send", ""]);
      recorder.phase("hold", user, labels).ofTool(tool).of("tool.duration").push(us);
    },
    second() {
      const batches = recorder.take();
      for (const [number, values] of recorder.labels.takeNews()) known[number] = values;
      fold.add(batches, known);
    },
  };
}

describe("the breakdown of a hold", () => {
  it("has every sample and every censored attempt once for each label, over all workers", () => {
    const turn = fc.record({
      worker: fc.nat(2),
      user: fc.nat(60),
      prompt: fc.constantFrom("a", "b", "c"),
      us: fc.nat(5000),
      lost: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(fc.array(turn, { maxLength: 25 }), { maxLength: 4 }), (seconds) => {
        const fold = new BreakdownFold();
        const workers = [worker(fold), worker(fold), worker(fold)];
        for (const second of seconds) {
          for (const { worker: at, user, prompt, us, lost } of second)
            workers[at]?.record(user, prompt, us, lost);
          for (const one of workers) one.second();
        }
        const all = seconds.flat();
        const records = fold.records();
        for (const prompt of ["a", "b", "c"]) {
          const own = all.filter((one) => one.prompt === prompt);
          const record = records.find(({ label, value }) => label === "prompt" && value === prompt);
          expect(record === undefined).toBe(own.length === 0);
          if (!record) continue;
          const kept = own.filter(({ lost }) => !lost);
          expect(record.metrics["agent.response"]).toMatchObject({
            count: kept.length,
            censored: own.length - kept.length,
            sum: kept.reduce((sum, { us }) => sum + us, 0),
          });
        }
        const light = records.find(({ label }) => label === "weight")?.metrics["agent.response"];
        expect((light?.count ?? 0) + (light?.censored ?? 0)).toBe(all.length);
        expect(records.some(({ label }) => label === "group")).toBe(false);
      }),
    );
  });

  it("shows the most frequent values first, and the others as one that has all the rest", () => {
    const fold = new BreakdownFold();
    const one = worker(fold);
    for (let prompt = 0; prompt < 1000; prompt++)
      for (let turn = 0; turn <= (prompt < 60 ? prompt : 0); turn++) one.record(turn, `p${prompt}`, 10);
    one.second();
    const prompts = fold.records().filter(({ label }) => label === "prompt");
    expect(prompts).toHaveLength(MAX_SHOWN + 1);
    expect(prompts[0]?.value).toBe("p59");
    expect(prompts.at(-1)?.value).toBe(OTHER);
    const counted = prompts.reduce((sum, { metrics }) => sum + (metrics["agent.response"]?.count ?? 0), 0);
    expect(counted).toBe((60 * 61) / 2 + 940);
  });

  it("distinguishes tools, and leaves out other phases", () => {
    const fold = new BreakdownFold();
    const one = worker(fold);
    one.tool(1, "a", "sql", 100);
    one.tool(1, "a", "web", 300);
    one.tool(2, "b", "sql", 200);
    one.record(1, "a", 10, false, "ramp");
    one.second();
    const records = fold.records();
    const tools = records.filter(({ label }) => label === "tool");
    expect(tools.map(({ value, metrics }) => [value, metrics["tool.duration"]?.sum])).toEqual([
      ["sql", 300],
      ["web", 300],
    ]);
    expect(records.find(({ label, value }) => label === "prompt" && value === "a")?.metrics).toMatchObject({
      "tool.duration": { count: 2, sum: 400 },
    });
    expect(records.every(({ metrics }) => metrics["agent.response"] === undefined)).toBe(true);
  });
});

describe("the labels of a worker", () => {
  it("have one number for each combination, reported once", () => {
    const labels = new LabelSets();
    const first = labels.of(["g", "p", "light", "1", "send", ""]);
    expect(labels.of(["g", "p", "light", "1", "send", ""])).toBe(first);
    const withTool = labels.withTool(first, "sql");
    expect(labels.withTool(first, "sql")).toBe(withTool);
    expect(labels.takeNews()).toEqual([
      [first, ["g", "p", "light", "1", "send", ""]],
      [withTool, ["g", "p", "light", "1", "send", "sql"]],
    ]);
    expect(labels.takeNews()).toEqual([]);
  });

  it("stay few, however many names of tools a target makes up", () => {
    const labels = new LabelSets();
    const turn = labels.of(["", "p", "", "1", "send", ""]);
    const numbers = new Set<number>();
    for (let tool = 0; tool < 100_000; tool++) numbers.add(labels.withTool(turn, `t${tool}`.padEnd(90, "x")));
    expect(numbers.size).toBeLessThanOrEqual(201);
    const news = labels.takeNews();
    expect(news.length).toBeLessThanOrEqual(202);
    expect(Math.max(...news.map(([, values]) => values.join("").length))).toBeLessThan(100);
    expect(labels.withTool(turn, "one more")).toBe(labels.withTool(turn, "and another"));
  });
});
