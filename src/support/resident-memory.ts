// How much memory this process holds, even if the system does not report it to Node.

/** Resident bytes; if the system hides them (Linux without /proc), the peak so far. */
export function residentBytes(read: () => number = process.memoryUsage.rss): number {
  try {
    return read();
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
}
