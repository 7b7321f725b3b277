// Proof: every row of the defect matrix in the shipped size of its scenario.
import { messageOf } from "../../../src/support/errors.js";
import { countOf, nameOf, type Row } from "../../matrix/row.js";
import { ROWS } from "../../matrix/rows.js";
import { type MatrixRun, runRows } from "../../matrix/run.js";
import { BROKEN, HOLDS } from "../page.js";
import { type ProofContext, type Section, wanted } from "../section.js";

/** A machine can spoil a measurement; a wrong count is wrong every time. */
const MAX_TRIES = 3;

export const matrix: Section = {
  title: "The defect matrix",
  about: [
    "Each row runs a shipped scenario at its shipped size, changed only where the row requires it, against a reference backend that misbehaves in one way, an exact number of times.",
    "A row holds if the run ends with FAIL and exit code 1, counts exactly what the backend counted, gives evidence (who, when, what was expected and what was seen), and finds nothing else.",
    `A row is tried up to ${MAX_TRIES} times; the note says what the earlier tries found.`,
  ].join(" "),
  named: true,
  rowNames: 3,
  summaryOf: (held, rows) => `${held} of ${rows} rows hold.`,
  async run(context) {
    const chosen = ROWS.filter((row) => wanted(nameOf(row), context));
    const rows: string[][] = [];
    let held = 0;
    for (const [index, row] of chosen.entries()) {
      context.say(`[${index + 1}/${chosen.length}] ${nameOf(row)}`);
      const { run, before } = await tried(row, context);
      const ok = run?.complaints.length === 0;
      if (ok) held++;
      const cells = [...cellsOf(row, run, before), ok ? HOLDS : BROKEN];
      rows.push(cells);
      context.say(`    ${ok ? "holds" : "DOES NOT HOLD"}: ${cells.slice(2, -1).join(" · ")}`);
    }
    return {
      holds: held === chosen.length,
      summary: `${held} of ${chosen.length} rows hold.`,
      columns: [
        "scenario",
        "what is wrong",
        "defect",
        ">injected",
        ">reported",
        "verdict",
        ">seconds",
        "note",
        "holds",
      ],
      rows,
    };
  },
};

interface Tried {
  /** The last run; `undefined` where it left no report. */
  readonly run: MatrixRun | undefined;
  /** What the tries before it said, or all of them where there is no run. */
  readonly before: readonly string[];
}

async function tried(row: Row, { cli, say }: ProofContext): Promise<Tried> {
  const before: string[] = [];
  for (let attempt = 1; ; attempt++) {
    const run = await runRows([row], "shipped", cli).catch(messageOf);
    const trouble = typeof run === "string" ? run : run.complaints.join("; ");
    if (typeof run !== "string" && (trouble === "" || attempt === MAX_TRIES)) return { run, before };
    before.push(trouble);
    say(`    try ${attempt}: ${trouble}`);
    if (attempt === MAX_TRIES) return { run: undefined, before };
  }
}

function cellsOf(row: Row, run: MatrixRun | undefined, before: readonly string[]): string[] {
  const seeded = run?.rows[0];
  // What is a state rather than an event is not counted by looking.
  const counted = countOf(row, "shipped") !== "always";
  const notes = [
    ...(run?.complaints ?? []).map((complaint) => `does not hold: ${complaint}`),
    ...before.map((complaint, at) => `try ${at + 1}: ${complaint}`),
  ];
  return [
    row.scenario,
    row.wrong,
    [row.defect, ...Object.values(row.params ?? {})].join(" "),
    counted ? String(seeded?.injected ?? 0) : "all the time",
    counted ? String(seeded?.reported ?? 0) : row.finds[0].replace(/^(rule|some) /, ""),
    run?.report.verdict ?? "–",
    run?.seconds.toFixed(0) ?? "–",
    notes.join("; "),
  ];
}
