// Check `paging`: a thread read page by page shows every message once, in order.
import { z } from "zod";
import { defineCheck } from "./check.js";
import { judgeLookups, startLookups } from "./lookups.js";

export const paging = defineCheck({
  summary: "a thread read page by page shows every message once, in order, and no row twice",
  schema: z.strictObject({}).prefault({}),
  unavailable: (capabilities) => (capabilities.history ? undefined : "the profile knows no history"),
  start: (_options, startUs) => startLookups("paging", startUs),
  judge: (merged) => judgeLookups("paging", merged, "page"),
});
