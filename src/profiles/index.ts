// The table of profiles: to plug one in, add its file and its line here.
import { goldenPath } from "./golden-path/index.js";
import type { Profile } from "./profile.js";

export const PROFILES = {
  "golden-path": goldenPath,
} as const satisfies Record<string, Profile>;

/** The profile of that name; `undefined` when there is none (the scenario file was checked for it). */
export function profileNamed(name: string): Profile | undefined {
  return Object.hasOwn(PROFILES, name) ? PROFILES[name as keyof typeof PROFILES] : undefined;
}
