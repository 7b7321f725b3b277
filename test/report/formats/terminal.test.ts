// Promises of the result on the terminal.
import { describe, expect, it } from "vitest";
import { renderMarkdown } from "../../../src/report/formats/markdown.js";
import { renderTerminal } from "../../../src/report/formats/terminal.js";
import { displayWidth, wrapText } from "../../../src/support/terminal-text.js";
import { emptySample, failSample, longSample, passSample } from "../samples.js";

const plain = { colour: false };

describe("the result on the terminal", () => {
  it("ends with the verdict", () => {
    expect(renderTerminal(failSample().report, plain).trimEnd().split("\n").at(-1)).toBe(
      "✗ FAIL  enterprise-100",
    );
    expect(renderTerminal(emptySample().report, plain).trimEnd().split("\n").at(-1)).toBe(
      "? INVALID  enterprise-100",
    );
    const brief = renderTerminal(passSample().report, { ...plain, brief: true });
    expect(brief.match(/PASS/g)).toHaveLength(1);
  });

  it.each([60, 80])("breaks no word and no row of a table on a terminal of %i columns", (columns) => {
    const text = renderTerminal(failSample().report, { ...plain, columns });
    const wrapped = wrapText(text, columns);
    const words = (of: string): string[] => of.split(/\s+/);
    expect(words(wrapped)).toEqual(words(text));
    const tooWide = wrapped
      .split("\n")
      .filter((line) => displayWidth(line) > columns && / \S+ \S/.test(line.trim()));
    expect(tooWide).toEqual([]);
    const rules = wrapped.split("\n").filter((line) => /^[✗✓] (agent\.response|turns\.success) /.test(line));
    expect(rules.map((line) => /(> 60s|98\.1 %)/.test(line))).toEqual([true, true]);
  });

  it("says the verdict and the summary on its first line", () => {
    const [first] = renderTerminal(failSample().report, plain).split("\n");
    expect(first).toMatch(/^✗ FAIL {2}enterprise-100 {2}3 of 10 rules fail/);
  });

  it("names the groups of users if there are some, and so does the summary", () => {
    const groups = [
      { name: "listener", users: 1, note: "sends nothing" },
      { name: "sender", users: 99 },
    ];
    for (const text of [
      renderTerminal({ ...passSample().report, groups }, plain),
      renderMarkdown({ ...passSample().report, groups }),
    ])
      expect(text).toMatch(/100 users: 1 listener, 99 sender/);
    expect(renderTerminal(passSample().report, plain)).not.toContain("users:");
  });

  it("shows each rule with what was observed, its limit and its n", () => {
    const text = renderTerminal(failSample().report, plain);
    expect(text).toMatch(/✗ history\.query +p99 < 100ms +212ms +1,020 +61 +0/);
    expect(text).toMatch(/✗ agent\.response +p99 < 60s +> 60s +1,020 +2 +12/);
    expect(text).toMatch(/– event\.delivery +p50 < 100ms +not-checked/);
  });

  it("says why a check was not made", () => {
    const { report } = passSample();
    const check = "isolation";
    const note = "only 3 of 40 answers quoted their own user's nonce";
    const why = (status: "not-checked" | "clean") =>
      renderTerminal({ ...report, checks: [{ check, status, judged: 40, note }] }, plain);
    expect(why("not-checked")).toContain(`– isolation not-checked\n    isolation: ${note}\n`);
    expect(why("clean")).not.toContain(note);
  });

  it("always prints the whole equation of the ledger", () => {
    const text = renderTerminal(failSample().report, plain);
    expect(text).toContain(
      "✓ ledger: attempted 1,360 = completed 1,329 + failed 9 + rejected 4 + timed out 6 + lost 12 + in flight at the end 0",
    );
    expect(renderTerminal(emptySample().report, plain)).toContain("attempted 0 = completed 0 + failed 0");
  });

  it("says so when the ledger does not balance, or turns are in flight", () => {
    const { report } = passSample();
    const off = { ...report, ledger: { ...report.ledger, completed: 1_359 } };
    expect(renderTerminal(off, plain)).toMatch(/✗ ledger: attempted 1,360 ≠ .*does not balance: off by 1/);
    const open = { ...report, ledger: { ...report.ledger, completed: 1_359, inFlightAtEnd: 1 } };
    expect(renderTerminal(open, plain)).toMatch(/✗ ledger: .*1 turn still in flight at the end/);
  });

  it("names findings with their evidence, the worst first", () => {
    const text = renderTerminal(failSample().report, plain);
    expect(text.indexOf("history/answer-missing")).toBeLessThan(text.indexOf("critical-events/burst"));
    expect(text).toContain("user 5 · turn 2 · thread t-5");
  });

  it("bounds a thousand findings and says how many are left", () => {
    const text = renderTerminal(longSample().report, plain);
    expect(text).toContain("and 988 more findings in the report");
    expect(text.split("\n").length).toBeLessThan(90);
  });

  it("counts what was not checked, describes the generator, and says where the report is", () => {
    const text = renderTerminal(passSample().report, { colour: false, directory: "reports/x" });
    expect(text).toContain("not checked: 1 (stores)");
    expect(text).toContain("✓ generator healthy: 2 workers, send lag p99 1.42ms");
    expect(text).toContain("report: reports/x/report.html");
  });

  it("says what to do next when the run is INVALID", () => {
    const text = renderTerminal(emptySample().report, plain);
    expect(text).toMatch(/^\? INVALID/);
    expect(text).toContain("what to do: Start the backend, or check the target's url.");
  });

  it("passes over thresholds and generator if nothing was started", () => {
    const text = renderTerminal(emptySample().report, plain);
    expect(text).not.toContain("message.processing");
    expect(text).not.toContain("generator");
  });

  it("holds no escape byte without colour, even when the target sent some", () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape byte is what must be absent
    expect(renderTerminal(failSample().report, plain)).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  });

  it("differs with colour by styles only", () => {
    const coloured = renderTerminal(passSample().report, { colour: true });
    expect(coloured).toContain("\x1b[");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: styles are taken out to compare
    expect(coloured.replace(/\x1b\[[0-9;]*m/g, "")).toBe(renderTerminal(passSample().report, plain));
  });
});
