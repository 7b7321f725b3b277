// What the default reporter leaves out: why tests were skipped, each reason once, and which tests were tried again.

import type { Reporter, TestCase, TestModule } from "vitest/node";
import { FULL_ONLY } from "./tags.js";

/** Lines for the end of a run. */
function remarks(modules: readonly TestModule[]): readonly string[] {
  const skipped = new Map<string, number>();
  const retried: string[] = [];
  let elsewhere = 0;
  for (const test of modules.flatMap((module) => [...module.children.allTests()])) {
    const retries = test.diagnostic()?.retryCount ?? 0;
    if (retries > 0) retried.push(`tried ${retries + 1} times: ${nameOf(test)}`);
    const result = test.result();
    if (result.state !== "skipped") continue;
    const why = reasonOf(test) ?? result.note;
    if (why !== undefined) skipped.set(why, (skipped.get(why) ?? 0) + 1);
    else if (test.tags.includes(FULL_ONLY)) elsewhere++;
  }
  return [
    ...[...skipped].map(([why, count]) => `skipped ${counted(count)}: ${why}`),
    ...(elsewhere > 0 ? [`left out ${counted(elsewhere)} that only \`npm run test:full\` runs`] : []),
    ...retried,
  ];
}

export class RemarksReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const lines = remarks(modules);
    if (lines.length > 0) process.stdout.write(`\n${lines.map((line) => ` ${line}\n`).join("")}`);
  }
}

/** What the test, or a suite around it, lacks. */
function reasonOf(test: TestCase): string | undefined {
  for (let at: TestCase["parent"] | TestCase = test; "parent" in at; at = at.parent) {
    const { missing } = at.meta();
    if (missing !== undefined) return missing;
  }
  return undefined;
}

function nameOf(test: TestCase): string {
  return `${test.module.relativeModuleId} > ${test.fullName}`;
}

function counted(count: number): string {
  return count === 1 ? "1 test" : `${count} tests`;
}
