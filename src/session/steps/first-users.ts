// The option of costly steps that only the first users of a run take.
import { z } from "zod";

export const firstUsers = z
  .number()
  .int()
  .min(1)
  .optional()
  .describe("Only so many users take the step, the first by number; all by default");
