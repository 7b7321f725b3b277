// Watches over a test's servers: when its parent is gone, even by SIGKILL, it ends them and removes their folders.
//
// Lines on stdin: `+<pid>` and `-<pid>` for processes, `/<path>` for folders. The end of stdin is the parent's end.
import { rmSync } from "node:fs";
import { createInterface } from "node:readline";

const pids = new Set();
const folders = [];

createInterface({ input: process.stdin })
  .on("line", (line) => {
    if (line.startsWith("+")) pids.add(Number(line.slice(1)));
    else if (line.startsWith("-")) pids.delete(Number(line.slice(1)));
    else folders.push(line);
  })
  .on("close", () => {
    // QUIT: PostgreSQL ends its children at once; KILL for whoever does not listen.
    for (const pid of pids) signal(pid, "SIGQUIT");
    setTimeout(
      () => {
        for (const pid of pids) signal(pid, "SIGKILL");
        for (const folder of folders) rmSync(folder, { recursive: true, force: true });
      },
      pids.size > 0 ? 1000 : 0,
    );
  });

function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch {
    // Gone already.
  }
}
