// Promises of the words for turns: people read words where the data has names of code.
import { expect, it } from "vitest";
import { renderMarkdown } from "../../../src/report/formats/markdown.js";
import { renderTerminal } from "../../../src/report/formats/terminal.js";
import { renderHtml } from "../../../src/report/html/page.js";
import { outcomeText } from "../../../src/report/text/turn-words.js";
import { failSample } from "../samples.js";

/** A report with tools that never ended, and events out of order. */
function strange() {
  const { report, details } = failSample();
  const anomalies = { ...report.anomalies, outOfOrder: 3, unpairedTool: 2 };
  const finding = (code: string) => ({
    ...{ check: "critical-events", code, severity: "fail" as const, count: 3 },
    ...{ message: "events came against their legal order", evidence: [{ user: 1, turn: 2, seen: "1" }] },
  });
  return {
    details,
    report: { ...report, anomalies, findings: [finding("out-of-order"), finding("second-run")] },
  };
}

it("anomalies are written as words, on the page, in the summary and in the terminal", () => {
  const { report, details } = strange();
  const page = renderHtml(report, details).replace(/<script.*?<\/script>/gs, "");
  expect(page).toContain("<span>tool without its pair</span>");
  expect(page).toContain("critical-events / out-of-order</b>");
  expect(page).toContain("critical-events / second-run</b>");
  const rest = [
    renderMarkdown({ ...report, findings: [] }),
    renderTerminal({ ...report, findings: [] }, { colour: false }),
  ];
  for (const text of rest) expect(text).toMatch(/anomalies: .*out of order 3.*tool without its pair 2/);
  for (const text of [page, ...rest]) expect(text).not.toMatch(/outOfOrder|unpairedTool/);
});

it("an outcome is written as words, with its reason if it has one", () => {
  expect(outcomeText({ outcome: "timedOut", reason: "late_terminal" })).toBe("timed out: late_terminal");
  expect(outcomeText({ outcome: "completed" })).toBe("completed");
});
