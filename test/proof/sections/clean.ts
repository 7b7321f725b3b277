// Proof: every shipped scenario passes where nothing was seeded.
import { runClean } from "../../matrix/run.js";
import { shippedScenarios } from "../../matrix/scenario-file.js";
import { BROKEN, HOLDS } from "../page.js";
import { type Section, wanted } from "../section.js";

const MAX_TRIES = 3;

export const clean: Section = {
  title: "Clean runs",
  about: `Every shipped scenario, unchanged, against a correct reference backend: nothing is found, and the verdict is PASS. A scenario is tried up to ${MAX_TRIES} times while the run says INVALID, since the machine is the cause; the earlier tries are in the note.`,
  named: true,
  rowNames: 1,
  summaryOf: (held, rows) => `${held} of ${rows} scenarios pass.`,
  async run(context) {
    const names = Object.keys(shippedScenarios().scenarios).filter((name) => wanted(name, context));
    const rows: string[][] = [];
    let passed = 0;
    for (const [index, name] of names.entries()) {
      context.say(`[${index + 1}/${names.length}] ${name}`);
      const before: string[] = [];
      let run = await runClean(name, "shipped", context.cli);
      while (run.report.verdict === "INVALID" && before.length + 1 < MAX_TRIES) {
        before.push(run.report.summary);
        run = await runClean(name, "shipped", context.cli);
      }
      const { verdict, summary, ledger, notChecked } = run.report;
      if (verdict === "PASS") passed++;
      context.say(`    ${verdict} · ${ledger.attempted} turns · ${run.seconds.toFixed(0)} s · ${summary}`);
      const notes = [
        ...(verdict === "PASS" ? [] : [summary]),
        ...before.map((text, at) => `try ${at + 1}: ${text}`),
      ];
      rows.push([
        name,
        verdict,
        String(ledger.attempted),
        String(notChecked.length),
        run.seconds.toFixed(0),
        notes.join("; "),
        verdict === "PASS" ? HOLDS : BROKEN,
      ]);
    }
    return {
      holds: passed === names.length,
      summary: `${passed} of ${names.length} scenarios pass.`,
      columns: ["scenario", "verdict", ">turns", ">not checked", ">seconds", "note", "holds"],
      rows,
    };
  },
};
