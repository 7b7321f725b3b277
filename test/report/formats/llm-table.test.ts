// Promises of the table of `--llm`: the standard rows and columns, each with its definition, and no percentile of survivors.
import { describe, expect, it } from "vitest";
import { llmTable } from "../../../src/report/formats/llm-table.js";
import { renderTerminal } from "../../../src/report/formats/terminal.js";
import { passSample } from "../samples.js";

const figures = {
  min: 100,
  mean: 250.5,
  std: 40,
  p50: 240,
  p90: 300,
  p95: 320,
  p99: 400,
  p999: 500,
  max: 501,
};
const all = { count: 300, censored: 0, ...figures };
const { report } = passSample();
const measured = {
  ...report,
  metrics: {
    ttft: { unit: "ms" as const, ...all, p99: 9999, service: { ...all, p99: 1234.5 } },
    tpot: { unit: "ms" as const, ...all, mean: 20 },
    "agent.response": { unit: "ms" as const, ...all, service: { ...all, censored: 9, p99: null, max: null } },
  },
  counts: { "tokens.output": all },
  rates: { seconds: 30, turns: 12, completed: 10, goodput: 8.25, outputTokens: 2505 },
};

const rowOf = (lines: readonly string[], name: string): readonly string[] =>
  (lines.find((line) => line.startsWith(name)) ?? "").slice(name.length).trim().split(/\s+/);

describe("the table of --llm", () => {
  it("has the standard rows and columns, in times from the send", () => {
    const lines = llmTable(measured);
    expect(lines[0]?.split(/\s+/).slice(-9).join(" ")).toBe("avg min p50 p90 p95 p99 max std n");
    expect(rowOf(lines, "Time to First Token (ms)")).toEqual([
      ...["250.50", "100.00", "240.00", "300.00", "320.00", "1,234.50", "501.00", "40.00", "300"],
    ]);
    expect(rowOf(lines, "Inter Token Latency (ms)")[0]).toBe("20.00");
    expect(rowOf(lines, "Output Token Throughput (tokens/s)")).toEqual(["2,505.00"]);
    expect(rowOf(lines, "Request Throughput (requests/s)")).toEqual(["10.00"]);
    expect(rowOf(lines, "Goodput (requests/s)")).toEqual(["8.25"]);
  });

  it("marks a rank among turns without an end, and unknown values", () => {
    const lines = llmTable(measured);
    expect(rowOf(lines, "Request Latency (ms)")).toEqual([
      ...["250.50", "100.00", "240.00", "300.00", "320.00", "∞", "∞", "40.00", "309"],
    ]);
    expect(rowOf(lines, "Input Sequence Length (tokens)")).toEqual(Array.from({ length: 9 }, () => "–"));
    expect(lines.join("\n")).toContain("∞: too many turns never got there");
    expect(llmTable({ ...measured, metrics: {} }).join("\n")).not.toContain("∞");
  });

  it("defines each row where it is shown", () => {
    const lines = llmTable(measured);
    const names = lines.slice(1, lines.indexOf("")).map((line) => line.split(/ {2,}/)[0]);
    expect(names).toHaveLength(10);
    for (const name of names) expect(lines.some((line) => line.startsWith(`  ${name}  `))).toBe(true);
  });

  it("is in the terminal's result on request, even for a run that passed among many", () => {
    const shown = renderTerminal(measured, { colour: false, llm: true, brief: true });
    expect(shown).toContain("Time to First Token (ms)");
    expect(renderTerminal(measured, { colour: false })).not.toContain("Time to First Token");
  });
});
