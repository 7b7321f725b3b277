// The one excuse that a test accepts: the machine was too busy to load anything honestly.
import type { RunReport } from "../../../src/model/report/report.js";

const ATTEMPTS = 3;

/**
 * Runs up to three times while gp-load itself says that the generator was the limit, and nothing else is wrong:
 * every reason for INVALID is one of the generator's own, and no threshold and no check failed. That is the
 * machine, not the code; any other outcome is returned at once to be judged by the test.
 */
export async function onAnHonestMachine<T extends { readonly report: RunReport }>(
  run: (attempt: number) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const result = await run(attempt);
    if (attempt === ATTEMPTS || !onlyTheMachine(result.report)) return result;
  }
}

function onlyTheMachine({ verdict, invalidReasons }: RunReport): boolean {
  return (
    verdict === "INVALID" &&
    invalidReasons.length > 0 &&
    invalidReasons.every(({ code }) => code.startsWith("generator-"))
  );
}
