// The faults of a run for its report: when each actually happened, whom it struck, and how the target recovered.
import type { RunFold } from "../../metrics/run-fold.js";
import type { FaultReport } from "../../model/report/report.js";
import { aftermathsOf } from "../../sla/recovery.js";
import { defined } from "../../support/defined.js";

export function faultReports(fold: RunFold): readonly FaultReport[] {
  return aftermathsOf(fold).map(({ span, recoveryMs, goodputLost }) => ({
    fault: span.fault,
    occurrence: span.occurrence,
    action: span.action,
    label: span.label,
    beginMs: span.beginMs,
    endMs: span.endMs ?? null,
    ...defined({ users: span.users, hits: span.hits }),
    recovered: recoveryMs === undefined ? "unknown" : Number.isFinite(recoveryMs) ? "yes" : "never",
    recoveryMs: recoveryMs !== undefined && Number.isFinite(recoveryMs) ? recoveryMs : null,
    goodputLost,
  }));
}
