// The schema of a scenario's `turn`: the limits of one turn, with their defaults.
import { z } from "zod";
import { duration } from "./fields.js";

const MINUTE_US = 60_000_000;

export const turnSchema = z
  .strictObject({
    timeout: duration("Deadline of a turn; longer than every SLA limit on a turn; default 70s", "70s", {
      min: 1000,
      max: 24 * 60 * MINUTE_US,
    }).optional(),
    grace: duration("How long after its end a turn still takes late events; default 250ms", "250ms", {
      max: MINUTE_US,
    }).optional(),
  })
  .describe("Limits of one turn")
  .transform(({ timeout, grace }) => ({
    /** Counted from its intended start. Exceeds every SLA limit on a turn. */
    timeoutUs: timeout ?? 70_000_000,
    graceUs: grace ?? 250_000,
  }));
export type TurnSpec = Readonly<z.output<typeof turnSchema>>;
export const DEFAULT_TURN: TurnSpec = turnSchema.parse({});
