// Promises of text for people on stdout.
import { describe, expect, it } from "vitest";
import { tell } from "../../src/app/stdout.js";

/** What is written on a terminal whose width changes after each text; `undefined` where there is no terminal. */
function told(texts: readonly string[], widths: readonly number[] | undefined): readonly string[] {
  const written: string[] = [];
  const stdout = (text: string): void => {
    written.push(text);
  };
  const context = { stdout, stderr: stdout, env: {}, cwd: "/" };
  for (const [at, text] of texts.entries())
    tell(text, widths ? { ...context, stdoutColumns: () => widths[at] ?? 80 } : context);
  return written;
}

describe("text for people", () => {
  const text = "the generator was so late that it offered 94.9% of the planned load; 98% are needed\n";

  it("wraps between words at the width that the terminal has now", () => {
    const widths = [80, 60, 30, 200];
    const written = told([text, text, text, text], widths);
    for (const [at, one] of written.entries()) {
      const lines = one.trimEnd().split("\n");
      expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(widths[at] ?? 0);
      expect(lines.map((line) => line.trim()).join(" ")).toBe(text.trimEnd());
    }
    expect(written[3]).toBe(text);
  });

  it("stays as it is where nothing has a width", () => {
    expect(told([text], undefined)).toEqual([text]);
  });
});
