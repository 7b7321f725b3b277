// The files that the user's own reporters write to a run's folder, after all others.
import { join } from "node:path";
import type { LoadedExtension } from "../../extensions/load.js";
import type { RunReport } from "../../model/report/report.js";
import { writeWhole } from "../../report/write-whole.js";
import { secretsOf } from "../../scenarios/redacted.js";
import type { Scenario } from "../../scenarios/scenario.js";
import { lineIn } from "../../scenarios/user-module.js";
import { messageOf } from "../../support/errors.js";
import { createRedactor } from "../../support/redaction.js";
import { shorten } from "../../support/text.js";

/** For one reporter. */
const TIMEOUT_MS = 30_000;

/** Never rejects: a failing reporter causes a warning and costs only its own file. */
export async function writeOwnReports(
  { extensions: modules = [], reporters = [], ...scenario }: Scenario,
  { report, folder }: { readonly report: RunReport; readonly folder: string },
  warn: (text: string) => void,
): Promise<void> {
  if (reporters.length === 0) return;
  const { loadExtensions } = await import("../../extensions/load.js");
  const loaded = (await Promise.all(modules.map(loadExtensions))).flat();
  const { redact } = createRedactor(secretsOf({ ...scenario, modules }));
  for (const { name, options } of reporters) {
    const found = loaded.find(({ extension }) => extension.definition.name === name);
    if (found?.extension.kind !== "reporter") continue;
    const { definition } = found.extension;
    const values = modules.find(({ path }) => path === found.module.path)?.secrets ?? {};
    const secrets = Object.fromEntries((definition.secrets ?? []).map((one) => [one, values[one] ?? ""]));
    const context = { options: options as Parameters<typeof definition.render>[1]["options"], secrets };
    try {
      const text = await inTime(definition.render(structuredClone(report), context));
      await writeWhole(join(folder, definition.file), redact(String(text)));
    } catch (error) {
      const why = redact(shorten(messageOf(error), 200));
      warn(`warning: the reporter ${name} wrote no ${definition.file}: ${why} (${placeOf(error, found)})`);
    }
  }
}

function placeOf(error: unknown, { module, place }: LoadedExtension): string {
  const line = lineIn(error, module.path);
  return line === undefined ? place : `${module.shown}:${line}`;
}

async function inTime(text: Promise<string> | string): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no end within ${TIMEOUT_MS / 1000} s`)), TIMEOUT_MS);
  });
  try {
    return await Promise.race([text, late]);
  } finally {
    clearTimeout(timer);
  }
}
