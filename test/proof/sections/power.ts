// Proof: a stage that became a fifth slower is found, and nothing else.
import type { RunSamples } from "../../../src/report/comparison/samples.js";
import { simulatedRun } from "../../support/simulated-run.js";
import { type Compared, comparedPair, shortRun } from "../pairs.js";
import type { Section } from "../section.js";

const SIMULATED = 100;
const REAL = 10;
const SLOWER = 0.2;
const FOUND = 0.9;
/** The comparison's own level over all stages together. */
const ELSEWHERE = 0.05;
const STAGE = "agent.response";

export const power: Section = {
  title: "A stage that is a fifth slower",
  about: `${SIMULATED} pairs of simulated runs, and ${REAL} pairs on the reference backend, whose second run takes ${SLOWER * 100} % longer in one stage (${STAGE}): at least ${FOUND * 100} % are called worse, and in at most ${ELSEWHERE * 100} % another stage is. About 11 minutes; \`--runs n\` takes n pairs of each.`,
  named: false,
  async run(context) {
    const simulated: Compared[] = [];
    const pairs = context.runs ?? SIMULATED;
    for (let pair = 1; pair <= pairs; pair++) {
      const slower = simulatedRun(`slow ${pair}`, { [STAGE]: 1 + SLOWER });
      simulated.push(comparedPair(simulatedRun(`base ${pair}`), slower));
      if (pair % 20 === 0) context.say(`[${pair}/${pairs}] simulated`);
    }
    const real: Compared[] = [];
    const realPairs = context.runs ?? REAL;
    for (let pair = 1; pair <= realPairs; pair++) {
      const baseline = await shortRun(context, 2 * pair - 1);
      const ms = Math.round(medianMs(baseline) * SLOWER);
      const slow = { defects: [{ name: "slow-response", rate: 1, params: { ms } }] } as const;
      const compared = comparedPair(baseline, await shortRun(context, 2 * pair, slow));
      context.say(`[${pair}/${realPairs}] ${ms} ms: ${compared.report.verdict}: ${compared.report.summary}`);
      real.push(compared);
    }
    const both = [simulated, real];
    return {
      holds: both.every(isSharp),
      summary: `${simulated.filter(isFound).length} of ${simulated.length} simulated and ${real.filter(isFound).length} of ${real.length} real pairs are found.`,
      columns: ["runs", ">pairs", ">found", ">another stage called worse", "percentiles called worse"],
      rows: [rowOf("simulated", simulated), rowOf("reference", real)],
    };
  },
};

/** Of the attempts in all blocks. */
function medianMs({ byTime }: RunSamples): number {
  const counts = new Map<number, number>();
  for (const block of byTime.get(STAGE) ?? []) {
    for (const [us, n] of block) counts.set(us, (counts.get(us) ?? 0) + n);
  }
  const all = [...counts].sort(([a], [b]) => a - b);
  const half = all.reduce((sum, [, n]) => sum + n, 0) / 2;
  let seen = 0;
  for (const [us, n] of all) {
    seen += n;
    if (seen >= half) return us / 1000;
  }
  throw new Error(`nothing was measured of ${STAGE}`);
}

function isSharp(pairs: readonly Compared[]): boolean {
  const share = (of: (pair: Compared) => boolean): number => pairs.filter(of).length / pairs.length;
  return share(isFound) >= FOUND && share(isElsewhere) <= ELSEWHERE;
}

const isFound = ({ worse }: Compared): boolean => worse.some((name) => name.startsWith(STAGE));
const isElsewhere = ({ worse }: Compared): boolean => worse.some((name) => !name.startsWith(STAGE));

function rowOf(kind: string, pairs: readonly Compared[]): readonly string[] {
  const named = new Map<string, number>();
  for (const name of pairs.flatMap(({ worse }) => worse)) named.set(name, (named.get(name) ?? 0) + 1);
  return [
    kind,
    String(pairs.length),
    String(pairs.filter(isFound).length),
    String(pairs.filter(isElsewhere).length),
    [...named].map(([name, times]) => `${name} × ${times}`).join(", "),
  ];
}
