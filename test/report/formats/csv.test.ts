// Promises of metrics.csv: every figure once, read back by a CSV reader, and nothing that a spreadsheet would run.
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import type { RunReport } from "../../../src/model/report/report.js";
import { renderCsv } from "../../../src/report/formats/csv.js";
import { passSample } from "../samples.js";

type Row = Readonly<Record<string, string>>;

const rowsOf = (report: RunReport): readonly Row[] => parse(renderCsv(report), { columns: true });
const summary = { count: 2, censored: 1, min: 1, mean: 1.5, std: 0.5, p50: 2 } as const;
const whole = { ...summary, p90: null, p95: null, p99: null, p999: null, max: null };

describe("metrics.csv", () => {
  it("has each figure of the hold and of the other phases, from the due time and from the send", () => {
    const { report } = passSample();
    const rows = rowsOf(report);
    const found = rows.filter(({ metric, statistic }) => metric === "agent.response" && statistic === "p99");
    const { service, ...due } = report.metrics["agent.response"] ?? { p99: null };
    expect(found.filter(({ phase }) => phase === "hold")).toEqual([
      expect.objectContaining({
        from: "due",
        value: String(due.p99),
        unit: "ms",
        label: "",
        label_value: "",
      }),
      expect.objectContaining({ from: "sent", value: String(service?.p99), unit: "ms" }),
    ]);
    expect(new Set(rows.map(({ phase }) => phase))).toEqual(new Set(["hold", "ramp", "drain"]));
    expect(rows.filter(({ metric }) => metric === "login").every(({ from }) => from === "")).toBe(true);
    expect(renderCsv(report)).toMatch(/^metric,from,phase,label,label_value,statistic,value,unit\r\n/);
  });

  it("leaves empty what is censored or not known, and writes no 0 for it", () => {
    const { report } = passSample();
    const rows = rowsOf({ ...report, metrics: { login: { unit: "ms", ...whole } }, phaseMetrics: {} });
    const values = Object.fromEntries(rows.map(({ statistic = "", value }) => [statistic, value]));
    expect(values).toMatchObject({ count: "2", censored: "1", std: "0.5", p50: "2", p99: "", max: "" });
  });

  it("has counts, rates and every value of a label, whatever characters it is made of", () => {
    const { report } = passSample();
    const values = ['a "b", c', "two\r\nlines", "=HYPERLINK(1)", "@x", "plain", "(other)"];
    const rows = rowsOf({
      ...report,
      counts: { "tokens.output": whole, "cost.turn": whole },
      rates: { seconds: 30, turns: 34, completed: 33.5, goodput: 33, outputTokens: null },
      breakdown: values.map((value) => ({ label: "tool", value, metrics: { "tool.duration": whole } })),
    });
    const labels = rows.filter(({ label, statistic }) => label === "tool" && statistic === "p50");
    expect(labels.map(({ label_value }) => label_value)).toEqual([
      ...['a "b", c', "two\r\nlines", "'=HYPERLINK(1)", "'@x", "plain", "(other)"],
    ]);
    const one = (metric: string, statistic: string) =>
      rows.filter((row) => row.metric === metric && row.statistic === statistic);
    expect(one("tokens.output", "mean")).toEqual([expect.objectContaining({ value: "1.5", unit: "" })]);
    expect(one("cost.turn", "mean")).toEqual([expect.objectContaining({ unit: "currency" })]);
    expect(one("goodput", "value")).toEqual([expect.objectContaining({ value: "33", unit: "per second" })]);
    expect(one("tokens.rate", "value")).toEqual([]);
  });
});
