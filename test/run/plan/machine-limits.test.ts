import { describe, expect, it } from "vitest";
import {
  descriptorLimit,
  refuseTooManyForEmbedded,
  refuseTooManyUsers,
  SPARE_DESCRIPTORS,
} from "../../../src/run/plan/machine-limits.js";
import { UserError } from "../../../src/support/errors.js";

const LIMITS = `Limit                     Soft Limit           Hard Limit           Units
Max processes             95000                95000                processes
Max open files            1024                 20000                files
`;

describe("the limit of open files", () => {
  it("is the soft one of the process", () => {
    expect(descriptorLimit(LIMITS)).toBe(1024);
    expect(descriptorLimit(LIMITS.replace("1024 ", "unlimited"))).toBe(Number.POSITIVE_INFINITY);
  });

  it("is unknown if the system does not report it", () => {
    expect(descriptorLimit("")).toBeUndefined();
    expect(() => refuseTooManyUsers(1e6, 1, undefined)).not.toThrow();
  });

  it("bounds what the embedded backend can hold, however many workers there are", () => {
    expect(() => refuseTooManyForEmbedded(800, 1000)).not.toThrow();
    expect(() => refuseTooManyForEmbedded(801, 1000)).toThrow(/may open 800 sockets here: 801 users/);
    expect(() => refuseTooManyForEmbedded(1e6, undefined)).not.toThrow();
  });

  it("refuses users that do not fit, and names a number of workers that is enough", () => {
    const limit = 1024;
    const most = limit - SPARE_DESCRIPTORS;
    expect(() => refuseTooManyUsers(most, 1, limit)).not.toThrow();
    expect(() => refuseTooManyUsers(most + 1, 1, limit)).toThrow(UserError);
    expect(() => refuseTooManyUsers(most + 1, 2, limit)).not.toThrow();
    const hint = (): string | undefined => {
      try {
        refuseTooManyUsers(3000, 1, limit);
      } catch (error) {
        return error instanceof UserError ? error.hint : undefined;
      }
      return undefined;
    };
    expect(hint()).toContain(`--workers ${Math.ceil(3000 / most)}`);
  });
});
