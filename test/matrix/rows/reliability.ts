// Defects that come with time, with load, or with one trouble after the other.
import type { Row } from "../row.js";

const SLOW = ["message.processing", "agent.response", "turns.success", "recovery"];
const IN_PROOF = { onlyInProof: true } as const;

export const RELIABILITY: readonly Row[] = [
  {
    scenario: "sustained-load",
    wrong: "turns become slower and slower",
    defect: "degrade-after",
    params: { turns: 100, ms: 0, growMs: 3, sticky: true },
    count: "always",
    finds: ["rule degradation.over-time"],
    mayFail: SLOW,
    short: IN_PROOF,
  },
  {
    scenario: "stress-recovery",
    wrong: "the service stays slow after the stress",
    defect: "degrade-after",
    params: { users: 25, ms: 6000, sticky: true },
    count: "always",
    finds: ["rule recovery"],
    mayFail: SLOW,
    short: IN_PROOF,
  },
  {
    scenario: "value-preservation",
    wrong: "good turns become rare during the trouble",
    defect: "degrade-after",
    params: { turns: 400, ms: 6000, sticky: true },
    count: "always",
    finds: ["rule goodput.kept"],
    mayFail: SLOW,
    short: IN_PROOF,
  },
];
