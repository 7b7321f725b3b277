// Check `search`: every search shows what exists, only what was asked for, and nothing of other users.
import { z } from "zod";
import { defineCheck } from "./check.js";
import { judgeLookups, startLookups } from "./lookups.js";

export const search = defineCheck({
  summary: "searches show every message that is there, within their filters, and nothing of others",
  schema: z.strictObject({}).prefault({}),
  unavailable: (capabilities) => (capabilities.search ? undefined : "the profile knows no search"),
  start: (_options, startUs) => startLookups("search", startUs),
  judge: (merged) => judgeLookups("search", merged, "search"),
});
