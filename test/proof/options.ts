// The command line of the proof.
import { parseArgs } from "node:util";

export interface ProofOptions<Name extends string> {
  readonly sections: readonly Name[];
  readonly filter: readonly string[];
  readonly runs: number | undefined;
  readonly minutes: number | undefined;
  readonly help: boolean;
}

/** Throws an Error with one sentence for what cannot be understood. */
export function optionsOf<Name extends string>(
  args: readonly string[],
  known: readonly Name[],
): ProofOptions<Name> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: "string", multiple: true },
      row: { type: "string", multiple: true },
      runs: { type: "string" },
      minutes: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  const only = (values.only ?? []).flatMap((names) => names.split(","));
  const unknown = only.find((name) => !known.some((one) => one === name));
  if (unknown !== undefined) throw new Error(`there is no part ${unknown}; there is: ${known.join(", ")}`);
  const runs = values.runs === undefined ? undefined : Number(values.runs);
  if (runs !== undefined && !(Number.isInteger(runs) && runs > 0))
    throw new Error(`--runs ${values.runs} is not a whole number above 0`);
  const minutes = values.minutes === undefined ? undefined : Number(values.minutes);
  if (minutes !== undefined && !(minutes >= 1 && Number.isFinite(minutes)))
    throw new Error(`--minutes ${values.minutes} is not a number of at least 1`);
  return {
    sections: known.filter((name) => only.length === 0 || only.includes(name)),
    filter: values.row ?? [],
    runs,
    minutes,
    help: values.help ?? false,
  };
}

export function helpText(parts: Readonly<Record<string, string>>): string {
  const lines = Object.entries(parts).map(([name, title]) => `  ${name.padEnd(10)} ${title}`);
  return `npm run proof -- [options]

  --only <part,...>   only these parts of the proof
  --row <text>        only what bears this in its name (repeatable); docs/proof.md keeps its other rows
  --runs <n>          so many repetitions; docs/proof.md is left as it is
  --minutes <n>       so long what goes on for long; docs/proof.md is left as it is

Parts:
${lines.join("\n")}
`;
}
