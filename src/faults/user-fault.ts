// Faults that strike users: their share of the users present, and the label with it, are defined once here.
import { z } from "zod";
import { share } from "../scenarios/schema/fields.js";
import { defineFault, type FaultAction, type Struck } from "./action.js";

type Shape = z.core.$ZodLooseShape;
type Options<More extends Shape> = z.output<z.ZodObject<More>> & { readonly share: number };

interface UserFault<More extends Shape> {
  readonly summary: string;
  /** Options other than `share`. */
  readonly options?: More;
  readonly lasts?: FaultAction<Options<More>>["lasts"];
  /** Follows name and share in the label. */
  readonly detail?: (options: Options<More>) => string;
  readonly strike: (struck: Struck, options: Options<More>) => (() => void) | undefined;
}

const part = share("Share of the users that are there", "50%");

/** Written as a bare share, a map with `share` (default: all), or nothing, unless another option is required. */
export function defineUserFault<More extends Shape = Record<never, never>>(
  name: string,
  { summary, options, lasts, detail, strike }: UserFault<More>,
): FaultAction {
  const full = z.strictObject({ share: part.default(1), ...options });
  const bare = z.union([part.transform((one) => full.parse({ share: one })), full]).prefault({});
  const schema = full.safeParse({}).success ? bare : full;
  return defineFault<Options<More>>({
    place: "users",
    summary,
    schema: schema as unknown as z.ZodType<Options<More>>,
    ...(lasts ? { lasts } : {}),
    label: (chosen) =>
      `${name} ${Math.round(chosen.share * 1000) / 10}%${detail ? ` ${detail(chosen)}` : ""}`.trimEnd(),
    share: (chosen) => chosen.share,
    strike,
  });
}
