// Fault `blackhole`: nothing gets through in either direction, and no connection notices.
import { z } from "zod";
import { defineFault } from "../action.js";

export const blackhole = defineFault({
  place: "proxy",
  summary: "nothing gets through in either direction, new connections hang, and neither side gets an error",
  schema: z.strictObject({}).prefault({}),
  label: () => "blackhole",
  order: () => ({ kind: "set", conditions: { blackhole: true } }),
});
