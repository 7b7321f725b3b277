// How the scenario file writes a path into a frame, an answer or a row, and a choice of several.
import { z } from "zod";
import { parsePath } from "./json-path.js";

/** One path; what is wrong with it is told where it stands. */
export const pathSchema = z
  .string({ error: "expected a path such as `data.type`" })
  .superRefine((path, context) => {
    const parsed = parsePath(path);
    if (typeof parsed === "string") context.addIssue({ code: "custom", message: parsed });
  });

/** One path, or several of which the first counts that leads to something. */
export const pathsSchema = z
  .union([pathSchema, z.array(pathSchema)], {
    error: "expected a path such as `data.type`, or a list of paths",
  })
  .transform((written): readonly string[] => (typeof written === "string" ? [written] : written))
  .meta({ id: "paths" });
