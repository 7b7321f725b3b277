// Calls that break or repair a target: plain data, so that the hook runner's process can undo them when the run is gone.
import { z } from "zod";

/** A request to a hook; any answer other than 2xx is a failure. */
const httpCall = z.object({
  kind: z.literal("http"),
  method: z.enum(["GET", "POST", "PUT", "DELETE"]),
  url: z.string(),
  headers: z.record(z.string(), z.string()).readonly(),
  /** Sent as JSON; `undefined` for none. */
  body: z.unknown().optional(),
  timeoutMs: z.number(),
});

/** A shell command; any exit code other than 0 is a failure. */
const execCall = z.object({ kind: z.literal("exec"), command: z.string(), timeoutMs: z.number() });

/** Calls to outside hooks, made by the hook runner's process for the run. */
export const hookCall = z.discriminatedUnion("kind", [httpCall, execCall]);
export type HookCall = Readonly<z.infer<typeof hookCall>>;

/** What the run does to its own reference backend. */
export type HostCall =
  | { readonly kind: "defect"; readonly on: boolean; readonly order: DefectOrder }
  | { readonly kind: "process"; readonly up: boolean }
  | { readonly kind: "database"; readonly locked: boolean };

/** A defect of the reference backend, as its control API expects it. */
export interface DefectOrder {
  readonly name: string;
  readonly count?: number | undefined;
  readonly rate?: number | undefined;
  readonly params?: Readonly<Record<string, unknown>> | undefined;
}

export type TargetCall = HookCall | HostCall;

export function isHook(call: TargetCall): call is HookCall {
  return call.kind === "http" || call.kind === "exec";
}
