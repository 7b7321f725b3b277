// Promises of reading Prometheus text: chosen series and nothing else, whatever stands on the page.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SeriesChoice } from "../../../src/scenarios/scenario.js";
import { readSeries } from "../../../src/wire/reading/prometheus-text.js";

const choice = (name: string, more: Partial<SeriesChoice> = {}): SeriesChoice => ({
  ...{ name, labels: {}, combine: "sum" },
  ...more,
});
const one = (text: string, more: Partial<SeriesChoice> = {}) => readSeries(text, [choice("up", more)])[0];

describe("Prometheus text", () => {
  it("is read whatever stands around a series, and several of one name are summed, or the greatest is taken", () => {
    expect(one("# TYPE up gauge\nup 1.5e+08\n")).toBe(1.5e8);
    expect(one('x 1\nup{pid="1"} 10\r\nup{pid="2",} 5 1700\nupper 7\n')).toBe(15);
    expect(one('up{a="1"} 10\nup{a="2"} 5', { combine: "max" })).toBe(10);
    expect(one("up -3\n")).toBe(-3);
    expect(one("up 4 # {} 1 2\n")).toBe(4);
  });

  it("has a series by its labels, whatever is in them", () => {
    const page = 'up{job="a,b}",path="c:\\\\x\\"y\\nz"} 1\nup{job="b"} 2\nup 4\n';
    expect(one(page, { labels: { job: "a,b}" } })).toBe(1);
    expect(one(page, { labels: { path: 'c:\\x"y\nz' } })).toBe(1);
    expect(one(page, { labels: { job: "b" } })).toBe(2);
    expect(one(page, { labels: { job: "c" } })).toBeUndefined();
    expect(one(page)).toBe(7);
  });

  it("is no value if it is not finite, a comment, another name, or no line of the format", () => {
    const none = [
      ...["", "up_total 3", "# up 3", "up NaN", "up +Inf", "up -Inf", "<html>up 3</html>", " up 3"],
      ...["up", "up{", 'up{a="1" 3', "up{a=1} 3", 'up{a="1"}', "up 3x", "up 1e999", 'up{a="1"b="2"} 1'],
      `up{a="${"x".repeat(20_000)}"} 1`,
    ];
    for (const text of none) expect([text.slice(0, 20), one(text)]).toEqual([text.slice(0, 20), undefined]);
  });

  it("takes histogram lines for series of their own names", () => {
    const page = 'up_bucket{le="0.1"} 5\nup_bucket{le="+Inf"} 9\nup_sum 3.5\nup_count 9\nup 2\n';
    expect(one(page)).toBe(2);
    expect(readSeries(page, [choice("up_bucket", { labels: { le: "+Inf" } })])).toEqual([9]);
  });

  it("gives back what was written, whatever the labels hold", () => {
    const escaped = (text: string) =>
      text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
    const series = fc.record({
      label: fc.string({ maxLength: 40 }),
      value: fc.integer({ min: -1e9, max: 1e9 }),
    });
    fc.assert(
      fc.property(fc.array(series, { minLength: 1, maxLength: 20 }), (all) => {
        const page = all.map(({ label, value }) => `up{l="${escaped(label)}"} ${value}`).join("\n");
        for (const { label } of all) {
          const sum = all.reduce((total, each) => total + (each.label === label ? each.value : 0), 0);
          expect(one(page, { labels: { l: label } })).toBe(sum);
        }
      }),
    );
  });

  it("never throws, and works through a page of ten megabytes at once", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => typeof one(`up${text}`) !== "bigint"));
    const page = `up{a="${"\\".repeat(8000)}\n`.repeat(1200);
    expect(one(page)).toBeUndefined();
    expect(one(`${'x{a="1"} 1\n'.repeat(900_000)}up 3\n`)).toBe(3);
  });
});
