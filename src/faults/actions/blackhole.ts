// Fault `blackhole`: nothing passes either way, and no connection notices.
import { z } from "zod";
import { defineFault } from "../action.js";

export const blackhole = defineFault({
  place: "proxy",
  summary: "nothing passes either way, new connections hang, and no side gets an error",
  schema: z.strictObject({}).prefault({}),
  label: () => "blackhole",
  order: () => ({ kind: "set", conditions: { blackhole: true } }),
});
