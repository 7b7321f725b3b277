// Fault `lock-database`: another process locks the embedded backend's SQLite file.
import { z } from "zod";
import { defineFault } from "../action.js";

export const lockDatabase = defineFault({
  place: "target",
  summary: "another process holds the embedded backend's database locked, so that nothing can be written",
  schema: z.strictObject({}).prefault({}),
  label: () => "database locked",
  calls: () => ({
    begin: { kind: "database", locked: true },
    undo: { kind: "database", locked: false },
  }),
});
