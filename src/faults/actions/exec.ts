// Fault `exec`: a command breaks the target, another repairs it.
import { z } from "zod";
import { duration, text } from "../../scenarios/schema/fields.js";
import { defineFault } from "../action.js";

export const exec = defineFault({
  place: "target",
  summary: "a command breaks the target, and the command `undo` repairs it; only with --allow-exec",
  schema: z.strictObject({
    run: text("Command for the shell that breaks it", "pg_ctl stop -m immediate -D data"),
    undo: text("Command that repairs it; also run after Ctrl-C and a crash", "pg_ctl start -D data"),
    label: text("What it is called in the report; the command itself is not shown", "database").optional(),
    timeout: duration("Timeout of each command; default 30s", "30s", {
      min: 100_000,
      max: 600_000_000,
    }).default(30_000_000),
  }),
  claim: ({ undo }) => `exec ${undo}`,
  label: ({ label }) => (label === undefined ? "exec" : `exec: ${label.slice(0, 60)}`),
  calls: ({ run, undo, timeout }) => ({
    begin: { kind: "exec", command: run, timeoutMs: timeout / 1000 },
    undo: { kind: "exec", command: undo, timeoutMs: timeout / 1000 },
  }),
});
