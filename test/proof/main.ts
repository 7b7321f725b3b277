// `npm run proof`: runs the parts of the proof, tells how they go, and writes docs/proof.md.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { messageOf } from "../../src/support/errors.js";
import { helpText, optionsOf } from "./options.js";
import { type Circumstances, pageWith, partOf, withEarlierRows } from "./page.js";
import type { Section } from "./section.js";
import { SECTIONS, type SectionName } from "./sections.js";

const root = process.env.GP_LOAD_ROOT ?? process.cwd();
const say = (line: string): void => void process.stderr.write(`${line}\n`);

function circumstances(): Circumstances {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    readonly version: string;
  };
  return {
    day: new Date().toISOString().slice(0, 10),
    cores: availableParallelism(),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    version,
  };
}

async function prove(args: readonly string[]): Promise<boolean> {
  const table: Record<SectionName, Section> = SECTIONS;
  const names = Object.keys(table) as SectionName[];
  const { sections, filter, runs, minutes, help } = optionsOf(args, names);
  if (help) {
    process.stdout.write(helpText(Object.fromEntries(names.map((name) => [name, table[name].title]))));
    return true;
  }
  const context = { root, cli: join(root, "dist", "cli.js"), filter, runs, minutes, say };
  const page = join(root, "docs", "proof.md");
  const titles = names.map((name) => table[name].title);
  let holds = true;
  for (const name of sections) {
    const section = table[name];
    if (filter.length > 0 && !section.named) continue;
    say(`\n${section.title}`);
    const result = await section.run(context);
    say(`${result.holds ? "✓" : "✗"} ${section.title}: ${result.summary}`);
    holds &&= result.holds;
    // A run of fewer repetitions, or a shorter one, proves less than the page says.
    if (runs !== undefined || minutes !== undefined) continue;
    // After each part, so that an hour is not lost to the last minute.
    const before = existsSync(page) ? readFileSync(page, "utf8") : "";
    const all = filter.length > 0 ? withEarlierRows(before, section, result) : result;
    const part = partOf(section, all, circumstances());
    writeFileSync(page, pageWith(before, titles, new Map([[section.title, part]])));
  }
  return holds;
}

// What was started is ended with this process.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));

try {
  process.exitCode = (await prove(process.argv.slice(2))) ? 0 : 1;
} catch (error) {
  say(`error: ${messageOf(error)}`);
  process.exitCode = 2;
}
