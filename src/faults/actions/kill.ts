// Fault `kill`: the embedded reference backend's process gets SIGKILL, and is restarted at the end.
import { z } from "zod";
import { defineFault } from "../action.js";

export const kill = defineFault({
  place: "target",
  summary: "the embedded backend's process is killed, and restarted on the same port and database",
  schema: z.strictObject({}).prefault({}),
  label: () => "kill",
  calls: () => ({ begin: { kind: "process", up: false }, undo: { kind: "process", up: true } }),
});
