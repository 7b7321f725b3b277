// Proof: stops and approvals with 100 users: each defect found as often as it was seeded, and nothing where none was.
import { messageOf } from "../../../src/support/errors.js";
import { nameOf, type Row } from "../../matrix/row.js";
import { CONTROL } from "../../matrix/rows/control.js";
import { runClean, runRows } from "../../matrix/run.js";
import { shippedScenarios } from "../../matrix/scenario-file.js";
import { BROKEN, HOLDS } from "../page.js";
import { type ProofContext, type Section, wanted } from "../section.js";

const USERS = 100;
const CLEAN_RUNS = 20;
/** So many clean runs are one row: a part that takes a few minutes. */
const AT_ONCE = 5;
const SCENARIOS = ["stop-mid-answer", "approval-flow", "approval-restart"];
/** A hundred users do not all begin in half a second, and are more than one worker's share of a small machine. */
const RAMP = "5s";

type Cells = readonly [...string[]];

export const control: Section = {
  title: "Stops and approvals",
  about: `The three scenarios of stops and approvals. Each of their defects is seeded once more, with ${USERS} users: the run says FAIL, counts exactly what the backend says that it did, and finds nothing else. And each scenario runs ${CLEAN_RUNS} times, as it is shipped, on a backend that is sound: every run says PASS, with no second try.`,
  named: true,
  rowNames: 2,
  summaryOf: (held, rows) => `${held} of ${rows} rows hold.`,
  async run(context) {
    const rows: Cells[] = [];
    const add = (cells: Cells): void => {
      rows.push(cells);
      context.say(`    ${cells.join(" · ")}`);
    };
    for (const row of CONTROL) if (wanted(`seeded ${nameOf(row)}`, context)) add(await seeded(row, context));
    for (const name of SCENARIOS) {
      for (let from = 1; from <= CLEAN_RUNS; from += AT_ONCE) {
        const what = `nothing, runs ${from} to ${from + AT_ONCE - 1}`;
        if (wanted(`clean ${name}: ${what}`, context)) add(await clean(name, what, context));
      }
    }
    const held = rows.filter((row) => row.at(-1) === HOLDS).length;
    return {
      holds: held === rows.length,
      summary: `${held} of ${rows.length} rows hold.`,
      columns: [
        "scenario",
        "what is wrong",
        ">users",
        ">turns",
        ">injected",
        ">reported",
        ">seconds",
        "note",
        "holds",
      ],
      rows,
    };
  },
};

async function seeded(row: Row, { cli, say }: ProofContext): Promise<Cells> {
  say(nameOf(row));
  const shipped = shippedScenarios().scenarios[row.scenario]?.load as object;
  const load = { ...shipped, users: USERS, ramp: RAMP };
  const run = await runRows([{ ...row, change: { ...row.change, load } }], "shipped", cli).catch(messageOf);
  if (typeof run === "string") return [row.scenario, row.wrong, "100", "–", "–", "–", "–", run, BROKEN];
  const [told] = run.rows;
  return [
    row.scenario,
    row.wrong,
    String(USERS),
    String(run.report.ledger.attempted),
    String(told?.injected ?? 0),
    String(told?.reported ?? 0),
    run.seconds.toFixed(0),
    run.complaints.join("; "),
    run.complaints.length === 0 ? HOLDS : BROKEN,
  ];
}

async function clean(name: string, what: string, { cli, say }: ProofContext): Promise<Cells> {
  const notes: string[] = [];
  let [passed, turns, seconds] = [0, 0, 0];
  for (let number = 1; number <= AT_ONCE; number++) {
    const run = await runClean(name, "shipped", cli);
    const { verdict, summary, ledger } = run.report;
    say(`${name} [${number}/${AT_ONCE}] ${verdict} · ${ledger.attempted} turns · ${summary}`);
    if (verdict === "PASS") passed++;
    else notes.push(`run ${number} ${verdict}: ${summary}`);
    turns += ledger.attempted;
    seconds += run.seconds;
  }
  return [
    name,
    what,
    String((shippedScenarios().scenarios[name]?.load as { readonly users?: number } | undefined)?.users ?? 0),
    String(turns),
    "–",
    `${passed} of ${AT_ONCE} pass`,
    seconds.toFixed(0),
    notes.join("; "),
    passed === AT_ONCE ? HOLDS : BROKEN,
  ];
}
