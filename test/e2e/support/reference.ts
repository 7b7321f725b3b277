// The reference backend as a target that is not embedded, with its control server at hand.
import { onTestFinished } from "vitest";
import { type Reference, startReference } from "../../../src/reference/launch.js";
import type { ReferenceOptions } from "../../../src/reference/options.js";
import { type Control, controlOf } from "../../support/control.js";

export interface ControlledReference extends Reference, Control {}

/** Stopped at the end of the test. */
export async function reference(options: ReferenceOptions = {}): Promise<ControlledReference> {
  const backend = await startReference(options);
  onTestFinished(async () => void (await backend.stop()));
  return { ...backend, ...controlOf(backend) };
}
