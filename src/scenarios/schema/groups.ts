// The schema of groups: kinds of users, each with its part of the load and its own journey.
import { z } from "zod";
import { WHOLE_SHARE } from "../rules/groups.js";
import type { GroupSpec } from "../scenario.js";
import { flag, refuse, shown, text, whole } from "./fields.js";

const MAX_GROUPS = 50;
/** Starts with a letter: objects do not keep the order of numeric keys. */
const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,39}$/;
const WRONG_SHARE = "expected a share such as 60%";

const share = z
  .string({ error: WRONG_SHARE })
  .meta({ pattern: "^\\d+(\\.\\d{1,3})?\\s*%$|\\$\\{" })
  .transform((written, context) => {
    const digits = /^(\d+(?:\.\d{1,3})?)\s*%$/.exec(written)?.[1];
    const parsed = digits === undefined ? 0 : Math.round((Number(digits) * WHOLE_SHARE) / 100);
    if (parsed > 0 && parsed <= WHOLE_SHARE) return parsed;
    return refuse(context, `${WRONG_SHARE}, got ${shown(written)}`);
  })
  .meta({ description: "Part of the users that are left after the exact numbers", examples: ["60%"] });

/** Parses a map of groups to a list in the order of the file. `journey` is the schema of a list of steps. */
export function groupsSchema(journey: z.ZodType): z.ZodType<readonly GroupSpec[]> {
  const group = z
    .strictObject({
      share: share.optional(),
      users: whole("An exact number of users, instead of a share", 1, { min: 1 }).optional(),
      journey: journey.describe("What each of them does"),
      note: text("What they are, for people").optional(),
      baseline: flag(
        "false: they stay out of the baseline step, which all users of the other groups then walk; default true",
      ).optional(),
    })
    .superRefine((written, context) => {
      if ((written.share === undefined) !== (written.users === undefined)) return;
      refuse(context, "needs either `share: 60%` or `users: 1`");
    });
  return z
    .record(
      z.string().regex(NAME, { error: "is not a group name: a letter, then letters, digits, - or _" }),
      group,
    )
    .superRefine((groups, context) => {
      const count = Object.keys(groups).length;
      if (count === 0) refuse(context, "needs at least one group");
      if (count > MAX_GROUPS) refuse(context, `are more than ${MAX_GROUPS}`);
    })
    .transform((groups): readonly GroupSpec[] =>
      Object.entries(groups).map(([name, written]) => ({
        name,
        users: written.users,
        share: written.share,
        note: written.note,
        baseline: written.baseline ?? true,
        journey: written.journey as GroupSpec["journey"],
      })),
    )
    .meta({ description: "Kinds of users, each with its own journey, instead of one journey for all" });
}
