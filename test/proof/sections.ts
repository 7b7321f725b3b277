// The table of the parts of the proof, in the order of the page: a new one is one file and one line here.
import type { Section } from "./section.js";
import { alarms } from "./sections/alarms.js";
import { capacity } from "./sections/capacity.js";
import { clean } from "./sections/clean.js";
import { control } from "./sections/control.js";
import { foreign } from "./sections/foreign.js";
import { matrix } from "./sections/matrix.js";
import { power } from "./sections/power.js";
import { seam } from "./sections/seam.js";
import { smoke } from "./sections/smoke.js";
import { soak } from "./sections/soak.js";

export const SECTIONS = {
  matrix,
  clean,
  control,
  seam,
  foreign,
  smoke,
  soak,
  alarms,
  power,
  capacity,
} as const satisfies Record<string, Section>;
export type SectionName = keyof typeof SECTIONS;
