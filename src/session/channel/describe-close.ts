// How a channel ended, in a few words.
import type { CloseInfo } from "../../wire/channel.js";

/** `ECONNREFUSED`, `HTTP 401 on the upgrade`, `code 1011: reason`: short, for counting and for people. */
export function describeClose(info: CloseInfo): string {
  if (info.errorCode !== undefined) return info.errorCode;
  if (info.status > 0) return `HTTP ${info.status} on the upgrade`;
  return info.reason ? `code ${info.code}: ${info.reason.slice(0, 80)}` : `code ${info.code}`;
}
