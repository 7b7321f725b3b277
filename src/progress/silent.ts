// The view that shows nothing, for quiet runs and for machines.
import type { ProgressView } from "./state.js";

export function silentView(): ProgressView {
  return { update: () => undefined, note: () => undefined, end: () => undefined };
}
