// Promises of the trends in a report: told in the units of people, by the JSON and by the page.
import { describe, expect, it } from "vitest";
import { trendReports } from "../../../src/report/build/trends.js";
import { renderHtml } from "../../../src/report/html/page.js";
import { defined } from "../../support/defined.js";
import { folded, second } from "../../support/records.js";
import { passSample } from "../samples.js";

const HOLD_S = 300;

/** A hold in which the target takes 36 GB an hour, and a worker keeps its heap. */
function trends(holdS = HOLD_S) {
  const at = Array.from({ length: holdS }, (_, number) => number);
  const idle = { worker: 0, cpu: 0, loopDelayP99Us: 0, sendLagP99Us: 0, gcUs: 0, rssBytes: 1 };
  return trendReports(
    folded(
      [],
      [
        { type: "phase", span: { key: "hold", phase: "hold", startUs: 0, endUs: holdS * 1_000_000 } },
        ...at.map((number) =>
          second(number, [], {}, { turnsEnded: 0, generator: [{ ...idle, heapBytes: 30_000_000 }] }),
        ),
        ...at.map((number) => ({
          type: "target" as const,
          second: number,
          memoryBytes: 100_000_000 + number * 10_000_000,
        })),
      ],
    ),
  );
}

const sectionOf = (page: string): string => /<section [^>]*id="trends".*?<\/section>/s.exec(page)?.[0] ?? "";

describe("the trends of a report", () => {
  it("are megabytes and megabytes an hour, with their interval", () => {
    const [target, worker, ...others] = trends();
    expect(others).toEqual([]);
    expect(target).toMatchObject({ name: "target.memory", hold: "hold", unit: "MB", grows: true });
    expect(target?.perHour).toBeCloseTo(36_000, 3);
    expect(defined(target).second - defined(target).first).toBeCloseTo(1_560, 3);
    expect(worker).toEqual({
      ...{ name: "generator.memory", hold: "hold", unit: "MB", first: 30, second: 30 },
      ...{ perHour: 0, perHourLow: 0, perHourHigh: 0, grows: false },
    });
  });

  it("have no slope if the hold is too short to bear one, and the page says so, and of nothing that it grows", () => {
    const [target] = trends(299);
    expect(target).toMatchObject({ perHour: null, perHourLow: null, perHourHigh: null, grows: true });
    const { report, details } = passSample();
    const page = renderHtml({ ...report, trends: trends(299) }, details);
    expect(page).toContain("so no slope, and no trend.");
    const section = sectionOf(page);
    expect(section.match(/higher/g)).toHaveLength(1);
    expect(section.match(/no change/g)).toHaveLength(1);
    expect(section).not.toMatch(/grows|steady/);
    expect(page).not.toContain("99 % interval");
    expect(renderHtml({ ...report, trends: trends() }, details)).toContain("99 % interval");
  });

  it("have their own section on the page only with a long enough hold", () => {
    const { report, details } = passSample();
    const page = renderHtml({ ...report, trends: trends() }, details);
    const shown = sectionOf(page);
    expect(shown).toContain("target.<wbr>memory");
    expect(shown.match(/grows/g)).toHaveLength(1);
    expect(shown.match(/steady/g)).toHaveLength(1);
    expect(shown).not.toMatch(/higher|no change/);
    expect(shown).toContain("36000 MB");
    expect(renderHtml({ ...report, trends: [] }, details)).not.toContain('id="trends"');
  });
});
