// The option of expensive steps that limits them to the first users of a run.
import { z } from "zod";

export const firstUsers = z
  .number()
  .int()
  .min(1)
  .optional()
  .describe("How many users take the step, the first by number; default: all");
