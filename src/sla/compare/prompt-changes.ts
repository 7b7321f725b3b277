// Where the prompts of two sides diverge: from that byte on, a provider's cache of the baseline cannot be reused.
import { HEAD_BLOCK, type PromptHead } from "../../model/log/model-call.js";
import type { PromptChange } from "../../model/report/comparison.js";

/** With fewer calls, a common start of all prompts may be chance. */
const LEAST_CALLS = 20;
/** Prompts that differ among themselves may agree by chance for a few more bytes. */
const CHANCE_BLOCKS = 4;

/** One item for each kind of prompt that changed. Each side has the heads of each of its runs. */
export function promptChanges(
  baseline: readonly (readonly PromptHead[])[],
  candidate: readonly (readonly PromptHead[])[],
): readonly PromptChange[] {
  const before = sideHeads(baseline);
  const after = sideHeads(candidate);
  return [...after.values()].flatMap((head) => {
    const old = before.get(head.kind);
    if (!old || old.calls < LEAST_CALLS || head.calls < LEAST_CALLS) return [];
    const common = commonBlocks(old.blocks, head.blocks);
    const other = common < Math.min(old.blocks.length, head.blocks.length);
    const shorter = common === head.blocks.length && old.blocks.length - common >= CHANCE_BLOCKS;
    if (!other && !shorter) return [];
    return [
      {
        kind: head.kind,
        fromByte: common * HEAD_BLOCK,
        toByte: (common + 1) * HEAD_BLOCK - 1,
        why: other ? "other" : "varies",
        baseline: { calls: old.calls, sameBytes: old.blocks.length * HEAD_BLOCK },
        candidate: { calls: head.calls, sameBytes: head.blocks.length * HEAD_BLOCK },
      },
    ];
  });
}

/** The common start of the prompts of all runs of a side, by kind. */
function sideHeads(runs: readonly (readonly PromptHead[])[]): ReadonlyMap<string, PromptHead> {
  const heads = new Map<string, PromptHead>();
  for (const { kind, calls, blocks } of runs.flat()) {
    const known = heads.get(kind);
    heads.set(
      kind,
      known
        ? { kind, calls: known.calls + calls, blocks: blocks.slice(0, commonBlocks(known.blocks, blocks)) }
        : { kind, calls, blocks },
    );
  }
  return heads;
}

function commonBlocks(one: readonly number[], other: readonly number[]): number {
  let common = 0;
  while (common < one.length && common < other.length && one[common] === other[common]) common++;
  return common;
}
