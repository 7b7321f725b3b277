// Proof: two runs of the same thing are not called different.
import { simulatedRun } from "../../support/simulated-run.js";
import { type Compared, comparedPair, shortRun } from "../pairs.js";
import type { Section } from "../section.js";

const SIMULATED = 200;
const REAL = 20;

export const alarms: Section = {
  title: "No false alarms",
  about: `${SIMULATED} pairs of simulated runs of the same thing (different users, and slow moments that last), and ${REAL} pairs of runs of 20 users for 20 seconds on two fresh reference backends: the comparison may call at most 5 % of them different beyond chance, and none of them worse by an amount that matters. About 25 minutes; \`--runs n\` takes n pairs of each.`,
  named: false,
  async run(context) {
    const simulated: Compared[] = [];
    const pairs = context.runs ?? SIMULATED;
    for (let pair = 1; pair <= pairs; pair++) {
      simulated.push(comparedPair(simulatedRun(`A ${pair}`), simulatedRun(`B ${pair}`)));
      if (pair % 20 === 0) context.say(`[${pair}/${pairs}] simulated`);
    }
    const real: Compared[] = [];
    const realPairs = context.runs ?? REAL;
    for (let pair = 1; pair <= realPairs; pair++) {
      const baseline = await shortRun(context, 2 * pair - 1);
      const compared = comparedPair(baseline, await shortRun(context, 2 * pair));
      context.say(`[${pair}/${realPairs}] ${compared.report.verdict}: ${compared.report.summary}`);
      real.push(compared);
    }
    const rows = [rowOf("simulated", simulated), rowOf("reference", real)];
    const holds = [simulated, real].every(hasNoAlarm);
    return {
      holds,
      summary: `${simulated.filter(isDifferent).length} of ${simulated.length} simulated and ${real.filter(isDifferent).length} of ${real.length} real pairs are called different; ${[...simulated, ...real].filter(isWorse).length} worse by an amount that matters.`,
      columns: ["runs", ">pairs", ">different", ">worse", ">not known", "which"],
      rows,
    };
  },
};

const isDifferent = ({ significant }: Compared): boolean => significant.length > 0;
const isWorse = ({ report }: Compared): boolean => report.verdict === "FAIL";

function hasNoAlarm(pairs: readonly Compared[]): boolean {
  // Of twenty pairs one may differ by chance; of which nothing can be told proves nothing.
  const told = pairs.filter(({ report }) => report.verdict !== "INVALID");
  return (
    pairs.filter(isDifferent).length <= Math.max(1, pairs.length * 0.05) &&
    !pairs.some(isWorse) &&
    told.length >= pairs.length / 2
  );
}

function rowOf(kind: string, pairs: readonly Compared[]): readonly string[] {
  return [
    kind,
    String(pairs.length),
    String(pairs.filter(isDifferent).length),
    String(pairs.filter(isWorse).length),
    String(pairs.filter(({ report }) => report.verdict === "INVALID").length),
    [...new Set(pairs.flatMap(({ significant }) => significant))].join(", "),
  ];
}
