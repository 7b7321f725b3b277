// What is wrong with a run that shares its machine with others.
import type { RunReport } from "../../../src/model/report/report.js";

/**
 * Failed rules, failed checks and causes of INVALID; empty for a run that would PASS on an idle machine. A generator
 * that says that the machine was too busy for it is no flaw: whoever claims a PASS runs alone, in test/e2e/latency.
 */
export function flaws({ sla, findings, invalidReasons }: RunReport): readonly string[] {
  return [
    ...sla.filter(({ verdict }) => verdict === "fail").map(({ metric }) => `failed: ${metric}`),
    ...findings
      .filter(({ severity }) => severity === "fail")
      .map(({ check, code }) => `found: ${check}/${code}`),
    ...invalidReasons
      .filter(({ code }) => !code.startsWith("generator-"))
      .map(({ code }) => `invalid: ${code}`),
  ];
}
