// How much memory this process holds, also where the system does not tell it as Node asks.

/** Resident bytes; where the system hides them (Linux without /proc), the most that they ever were. */
export function residentBytes(read: () => number = process.memoryUsage.rss): number {
  try {
    return read();
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
}
