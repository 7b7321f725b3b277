// Promises of histograms.hlog.
import { HistogramLogReader } from "hdr-histogram-js";
import { describe, expect, it } from "vitest";
import { renderHlog } from "../../../src/report/formats/hlog.js";
import { emptySample, passSample } from "../samples.js";

describe("histograms.hlog", () => {
  it("is read back by HdrHistogram's own reader, every interval with its samples", () => {
    const { report, details } = passSample();
    const reader = new HistogramLogReader(renderHlog(report, details));
    let intervals = 0;
    let samples = 0;
    for (let one = reader.nextIntervalHistogram(); one; one = reader.nextIntervalHistogram()) {
      intervals += 1;
      samples += "totalCount" in one ? Number(one.totalCount) : 0;
    }
    expect(intervals).toBe(details.histograms.length);
    expect(samples).toBe(details.histograms.length * 50);
  });

  it("names version, start, units and tags", () => {
    const { report, details } = passSample();
    const lines = renderHlog(report, details).split("\n");
    expect(lines).toContain("#[Histogram log format version 1.3]");
    expect(lines.some((line) => line.startsWith("#[StartTime: 1772600767.890 (seconds since epoch)"))).toBe(
      true,
    );
    expect(lines.some((line) => line.includes("microseconds"))).toBe(true);
    expect(lines.filter((line) => line.startsWith("Tag=agent.response,")).length).toBe(6);
  });

  it("keeps commas, spaces and line breaks out of tags", () => {
    const { report, details } = passSample();
    const [first] = details.histograms;
    const odd = { ...details, histograms: first ? [{ ...first, tag: "a, b\nc" }] : [] };
    expect(renderHlog(report, odd)).toContain("Tag=a-b-c,0.000,");
  });

  it("is a valid log without intervals too", () => {
    const { report, details } = emptySample();
    expect(new HistogramLogReader(renderHlog(report, details)).nextIntervalHistogram()).toBeNull();
  });
});
